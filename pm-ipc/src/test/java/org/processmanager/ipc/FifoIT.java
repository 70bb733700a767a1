package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildFailure;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;

/** FIFOs between processes. */
class FifoIT extends PeerContract {
    @BeforeAll
    static void needsTheNativeLayer() {
        Assumptions.assumeTrue(NativeLayer.available(), "FIFOs need the native layer");
    }

    @Override
    protected String scheme() {
        return "fifo";
    }

    @Test
    @Scenario("ipc/9")
    void senderKilledMidway_leavesNoPartialMessage() throws Exception {
        try (ChildJvm child = CrashPoints.start(ChannelPeer.class, "fifo.frame.written", 3);
                MessageReceiver receiver = receiver();
                MessageSender other = sender()) {
            child.call("sender", endpoint);
            assertEquals("SENT", child.call("send", "before"));
            child.send("send", "x".repeat(100_000));
            CrashPoints.assertCrashed(child);
            other.send(bytes("of a living one"));
            assertEquals("before", textOf(receiver.receive()));
            assertEquals("of a living one", textOf(receiver.receive()));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
        }
    }

    @Test
    void fifoOfAKilledReceiver_isReused() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            child.kill9();
        }
        assertTrue(Files.exists(tmp.sharedFile("channel")), "the process that would remove it is dead");
        try (MessageSender sender = sender()) {
            assertEquals(SendStatus.NOT_CONNECTED, sender.offer(bytes("x")), "a file alone is no receiver");
            try (MessageReceiver receiver = receiver()) {
                assertEquals(SendStatus.SENT, sender.offer(bytes("x")));
                assertEquals("x", textOf(receiver.receive()));
            }
        }
    }

    @Test
    void openingOrder_doesNotMatter() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            child.call("sender", endpoint);
            ChildReply sending = child.send("send", "was there first");
            Eventually.assertStays(Duration.ofMillis(200), "waits for a receiver", () -> !sending.isDone());
            assertFalse(Files.exists(tmp.sharedFile("channel")));
            try (MessageReceiver receiver = receiver()) {
                assertEquals("was there first", textOf(receiver.receive()));
                assertEquals("SENT", sending.await());
            }
        }
    }

    /** The kernel reports nothing to it: the FIFO had a reader before, and has one afterwards. */
    @Test
    @Scenario("research-ipc/44")
    void suspendedSender_noticesAnotherReceiver() throws Exception {
        org.processmanager.core.internal.posix.Files.makeFifo(
                tmp.sharedFile("channel").toString(), 0600);
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            MessageReceiver first = receiver();
            child.call("sender", endpoint);
            assertAnotherReceiverIsNoticed(child, first);
        }
    }

    @Test
    void withoutNativeLayer_isUnsupported() {
        try (ChildJvm child = ChildJvm.of(ChannelPeer.class)
                .property(NativeLayer.PROPERTY, "off")
                .start()) {
            ChildFailure asReceiver =
                    assertThrows(ChildFailure.class, () -> child.call("receiver", endpoint, Delivery.AT_MOST_ONCE));
            assertEquals(UnsupportedOperationException.class.getName(), asReceiver.type());
            assertTrue(asReceiver.getMessage().contains(endpoint), asReceiver.getMessage());
            ChildFailure asSender = assertThrows(ChildFailure.class, () -> child.call("sender", endpoint));
            assertEquals(UnsupportedOperationException.class.getName(), asSender.type());
            assertFalse(Files.exists(tmp.sharedFile("channel")));
        }
    }
}
