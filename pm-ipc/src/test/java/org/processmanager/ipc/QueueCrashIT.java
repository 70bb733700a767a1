package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** Processes at queues that are killed. */
@Timeout(180)
class QueueCrashIT {
    @RegisterExtension
    static final LeakCheck LEAKS =
            new LeakCheck().allowing("descriptor of /tmp/ffi.*").allowing("descriptor of anon_inode:.event(poll|fd).");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String channel(String name) {
        return "mapped:" + tmp.name(name) + "?mode=queue&capacity=4k&max=1k";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String textOf(byte[] message) {
        return new String(message, UTF_8);
    }

    @Test
    @Scenario("forms/4")
    @Scenario("forms/5")
    @Scenario("research-ipc/26")
    @Scenario("ipc/10")
    @Scenario("ipc/14")
    void killedParty_losesAndHoldsNothing() throws Exception {
        String again = channel("again");
        String once = channel("once");
        String sent = channel("sent");
        String full = channel("full");
        try (ChildJvm child = ChildJvm.start(ManyEndsPeer.class);
                MessageSender toAgain = Ipc.sender(again);
                MessageSender toOnce = Ipc.sender(once);
                MessageReceiver ofSent = Ipc.receiver(sent);
                MessageSender toFull = Ipc.sender(full)) {
            child.call("receiver", again, Delivery.AT_LEAST_ONCE);
            child.call("receiver", once, Delivery.AT_MOST_ONCE);
            child.call("receiver", full);
            child.call("sender", sent);
            child.call("send", sent, "x", "y");
            for (MessageSender sender : List.of(toAgain, toOnce)) {
                sender.send(bytes("a"));
            }
            child.send("hang", again);
            child.expect("has a");
            child.thread("once").send("hang", once);
            child.expect("has a");
            while (toFull.offer(new byte[1_000]) == SendStatus.SENT) {
                // until it is full
            }
            try (MessageReceiver other = Ipc.receiver(again);
                    MessageReceiver next = Ipc.receiver(once)) {
                for (MessageSender sender : List.of(toAgain, toOnce)) {
                    sender.send(bytes("b"));
                    sender.close();
                }
                assertEquals("b", textOf(other.receive()));
                Background<byte[]> redelivered = Background.startAndBlock(other::receive);
                Background<Void> blocked = Background.runAndBlock(() -> toFull.send(new byte[1_000]));
                long start = System.nanoTime();
                child.kill9();
                assertEquals("a", textOf(redelivered.get()), "what the killed receiver handled");
                assertThrows(NotConnectedException.class, blocked::get);
                Duration passed = Duration.ofNanos(System.nanoTime() - start);
                assertTrue(passed.compareTo(Soak.bound(Duration.ofSeconds(1))) < 0, "took " + passed);
                assertNull(other.receive());
                assertEquals("b", textOf(next.receive()));
                assertNull(next.receive(), "a was received by the killed receiver");
            }
            assertEquals("x", textOf(ofSent.receive()));
            assertEquals("y", textOf(ofSent.receive()));
            assertNull(ofSent.receive(), "its sender is dead");
        }
    }

    @Test
    @Scenario("ipc/11")
    void creatorKilledBetweenItsObjects_leavesAUsableQueue() throws Exception {
        String queue = channel("queue");
        try (ChildJvm child = CrashPoints.start(ManyEndsPeer.class, "queue.buffered", 1)) {
            child.send("sender", queue);
            CrashPoints.assertCrashed(child);
        }
        try (MessageSender sender = Ipc.sender(queue);
                MessageReceiver receiver = Ipc.receiver(queue)) {
            sender.send(bytes("works"));
            assertEquals("works", textOf(receiver.receive()));
        }
    }
}
