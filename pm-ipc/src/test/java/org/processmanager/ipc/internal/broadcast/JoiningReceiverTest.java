package org.processmanager.ipc.internal.broadcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.internal.channel.ChannelRegion;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;

/** A receiver that has taken its slot and is suspended before it has joined. */
@Timeout(180)
class JoiningReceiverTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void joiningReceiver_isListedWhenItHasJoined() {
        try (MessageSender sender = Ipc.sender("mapped:" + tmp.name("channel") + "?mode=broadcast");
                Region region = Region.open(tmp.sharedFile("channel"), OpenMode.OPEN_EXISTING, 0)) {
            int channel = region.objects()
                    .find(ChannelRegion.OBJECT, BroadcastLayout.TYPE)
                    .offset();
            int word = ReceiverLayout.word(BroadcastLayout.receiver(channel, 0));
            int self = region.participants().self();
            Words.putLongVolatile(region.memory(), word, ReceiverLayout.word(self, ReceiverLayout.JOINING));
            assertEquals(1, sender.snapshot().peers().size(), "the sender alone");
            assertFalse(sender.snapshot().connected());
            Words.putLongVolatile(region.memory(), word, ReceiverLayout.word(self, ReceiverLayout.BLOCK));
            assertEquals(2, sender.snapshot().peers().size());
            assertTrue(sender.snapshot().connected());
        }
    }
}
