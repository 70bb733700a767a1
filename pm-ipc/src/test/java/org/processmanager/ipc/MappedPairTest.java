package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

/** Mapped channels without a name, where they differ from those with one. */
@Timeout(180)
class MappedPairTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static int descriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }

    @Test
    void withoutNativeLayer_isRefusedByName() {
        assumeTrue(!NativeLayer.available(), "needs the portable path");
        String text = assertThrows(UnsupportedOperationException.class, () -> Ipc.pair("mapped:?capacity=4k"))
                .getMessage();
        assertTrue(text.contains("mapped:?capacity=4k") && text.contains("Ipc.forChild"), text);
    }

    @Test
    void options_areChecked() {
        assertThrows(IllegalArgumentException.class, () -> Ipc.pair("mapped:jobs"));
        assertThrows(IllegalArgumentException.class, () -> Ipc.pair("mapped:?capacity=1"));
        String text = assertThrows(UnsupportedOperationException.class, () -> Ipc.pair("mapped:?mode=queue"))
                .getMessage();
        assertTrue(text.contains("mode") && text.contains("Ipc.forChild"), text);
    }

    @Test
    @Scenario("pipe/4")
    void ends_workLikeThoseOfAName() throws Exception {
        assumeTrue(NativeLayer.available(), "needs the native layer");
        try (ChannelPair pair = Ipc.pair("mapped:?capacity=4k&senders=2")) {
            try (MessageSender early = pair.sender()) {
                early.send(bytes("early"));
                assertEquals(4096, early.snapshot().capacityBytes());
                assertEquals(
                        "mapped:?capacity=4k&senders=2",
                        early.snapshot().endpoint().toString());
            }
            try (MessageReceiver receiver = pair.receiver()) {
                assertThrows(ChannelBusyException.class, pair::receiver);
                assertArrayEquals(bytes("early"), receiver.receive(LONG));
                assertNull(receiver.receive(LONG));
                assertTrue(receiver.isChannelClosed());
                try (MessageSender sender = pair.sender();
                        MessageSender second = pair.sender()) {
                    assertThrows(ChannelBusyException.class, pair::sender);
                    try (Claim claim = second.claim(2)) {
                        claim.buffer().put(bytes("in"));
                        claim.commit();
                    }
                    assertArrayEquals(bytes("in"), receiver.receive(LONG));
                    while (sender.offer(bytes("more")) == SendStatus.SENT) {
                        // until it is full
                    }
                    Background<Void> blocked = Background.runAndBlock(() -> sender.send(bytes("x")));
                    receiver.close();
                    assertThrows(NotConnectedException.class, blocked::get);
                }
            }
        }
    }

    @Test
    @Scenario("pipe/4")
    void closedPair_leavesItsOpenEndsAndNothingElse() throws Exception {
        assumeTrue(NativeLayer.available(), "needs the native layer");
        int before = 0;
        for (int i = 0; i < 20; i++) {
            ChannelPair pair = Ipc.pair("mapped:");
            try (MessageReceiver receiver = pair.receiver();
                    MessageSender sender = pair.sender()) {
                pair.close();
                pair.close();
                sender.send(bytes("x"));
                assertArrayEquals(bytes("x"), receiver.receive(LONG));
            }
            assertThrows(IllegalStateException.class, pair::sender);
            assertThrows(
                    IllegalStateException.class, () -> pair.senderForChild().openForChild());
            before = i == 0 ? descriptors() : before;
        }
        int first = before;
        Eventually.assertThat(LONG, "no descriptor more than before", () -> descriptors() <= first);
    }
}
