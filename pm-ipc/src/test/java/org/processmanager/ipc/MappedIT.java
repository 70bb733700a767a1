package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.OpenMode.OPEN_OR_CREATE;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** Channels in shared memory between processes. */
class MappedIT extends PeerContract {
    @Override
    protected String scheme() {
        return "mapped";
    }

    @Test
    @Scenario("ipc/24")
    void secondSender_isRejectedWithTheFirstOnesPid() {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            child.call("sender", endpoint);
            ChannelBusyException busy = assertThrows(ChannelBusyException.class, this::sender);
            assertEquals(child.pid(), busy.pid());
            assertTrue(busy.getMessage().contains("sender is pid " + child.pid()), busy.getMessage());
        }
        sender().close();
    }

    @Test
    @Scenario("ipc/15")
    @Scenario("research-ipc/23")
    @Scenario("research-ipc/47")
    void suspendedSender_keepsItsClaimAndItsSlot() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageReceiver receiver = receiver()) {
            child.call("sender", endpoint);
            child.call("claim", "slow but sure");
            child.signal("STOP");
            Duration stopped = Soak.scaled(Duration.ofMinutes(1), Duration.ofMillis(500));
            long start = System.nanoTime();
            while (System.nanoTime() - start < stopped.toNanos()) {
                assertEquals(ReceiveResult.EMPTY, receiver.receive(ByteBuffer.allocate(99), Duration.ofMillis(100)));
            }
            ChannelBusyException busy = assertThrows(ChannelBusyException.class, this::sender);
            assertEquals(child.pid(), busy.pid());
            assertTrue(receiver.snapshot().connected());
            assertTrue(receiver.snapshot().toString().contains("pid " + child.pid()), receiver.snapshot() + "");
            receiver.close();
            try (MessageReceiver next = receiver()) {
                child.signal("CONT");
                child.call("commit");
                assertEquals("slow but sure", textOf(next.receive()), "the receiver has changed meanwhile");
                assertAnotherReceiverIsNoticed(child, next);
            }
        }
    }

    @Test
    void nativeAndPortableProcesses_wakeEachOther() throws Exception {
        String other = NativeLayer.available() ? "off" : "on";
        try (ChildJvm child = ChildJvm.of(ChannelPeer.class)
                        .property(NativeLayer.PROPERTY, other)
                        .start();
                MessageReceiver back = Ipc.receiver(endpoint + "-back", OPEN_OR_CREATE)) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            child.call("sender", endpoint + "-back");
            ChildReply echoing = child.send("echo");
            try (MessageSender sender = sender()) {
                for (int i = 0; i < 100; i++) {
                    // both ends sleep
                    Eventually.assertStays(Duration.ofMillis(2), "quiet", () -> !echoing.isDone());
                    long start = System.nanoTime();
                    sender.send(bytes("ping " + i), Duration.ofSeconds(10));
                    assertEquals("ping " + i, textOf(back.receive()));
                    long passed = System.nanoTime() - start;
                    assertTrue(passed < 2_000_000_000L, "round trip " + i + " took " + passed + " ns");
                }
            }
            assertEquals("CLOSED", echoing.await());
        }
    }

    @Test
    @Scenario("ipc/14")
    void fullSender_waitsForTheFirstReceiver() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageSender sender = sender()) {
            int sent = 0;
            while (sender.offer(bytes("" + sent)) == SendStatus.SENT) {
                sent++;
            }
            int last = sent;
            Background<Void> sending = Background.runAndBlock(() -> sender.send(bytes("" + last)));
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            for (int i = 0; i <= last && i < 100; i++) {
                assertEquals("" + i, child.call("receive"));
            }
            sending.get();
        }
    }
}
