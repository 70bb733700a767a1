package org.processmanager.ipc.internal.broadcast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.internal.channel.ChannelRegion;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;

/** A sender that joins while a receiver looks whether all senders have left. */
@Timeout(180)
class JoiningSenderTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void joiningSender_doesNotLookLikeOneThatLeft() throws Exception {
        int joins = Soak.scaled(20_000, 500);
        try (MessageReceiver receiver = Ipc.receiver("mapped:" + tmp.name("channel") + "?mode=broadcast");
                Region region = Region.open(tmp.sharedFile("channel"), OpenMode.OPEN_EXISTING, 0)) {
            ByteBuffer memory = region.memory();
            int channel = region.objects()
                    .find(ChannelRegion.OBJECT, BroadcastLayout.TYPE)
                    .offset();
            AtomicInteger round = new AtomicInteger(); // odd while the receiver polls
            AtomicInteger seen = new AtomicInteger();
            Thread joining = new Thread(() -> {
                for (int i = 0; i < joins && seen.get() >= 0; i++) {
                    next(round, seen);
                    for (int pause = i & 31; pause > 0; pause--) {
                        Thread.onSpinWait();
                    }
                    int self = region.participants().self();
                    Words.putIntVolatile(memory, BroadcastLayout.senderOwner(channel), self);
                    Words.addLong(memory, BroadcastLayout.sendersSoFar(channel), 1);
                    next(round, seen);
                    Words.putIntVolatile(memory, BroadcastLayout.senderOwner(channel), 0);
                    Words.putLongVolatile(memory, BroadcastLayout.sendersSoFar(channel), 0);
                }
            });
            joining.start();
            try {
                while (joining.isAlive()) {
                    int now = round.get();
                    if ((now & 1) == 1) {
                        assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
                    }
                    seen.set(now);
                }
            } finally {
                seen.set(-1);
                joining.join();
            }
        }
    }

    /** Begins the next round and returns when the receiver has seen it, or has failed. */
    private static void next(AtomicInteger round, AtomicInteger seen) {
        int now = round.incrementAndGet();
        while (seen.get() != now && seen.get() >= 0) {
            Thread.yield();
        }
    }
}
