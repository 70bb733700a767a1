package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** Processes at a broadcast that are killed between two steps, or suspended. */
@Timeout(180)
class BroadcastCrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String endpoint;

    @BeforeEach
    void nameTheChannel() {
        endpoint = "mapped:" + tmp.name("channel") + "?mode=broadcast&capacity=4k&receivers=3";
    }

    private MessageSender sender() {
        return Ipc.sender(endpoint);
    }

    private MessageReceiver receiver(String policy) {
        return Ipc.receiver(endpoint + "&policy=" + policy);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> receiveAll(MessageReceiver receiver) throws InterruptedException {
        List<String> got = new ArrayList<>();
        receiver.forEach(Codec.utf8(), got::add);
        return got;
    }

    private static List<String> available(MessageReceiver receiver) {
        List<String> got = new ArrayList<>();
        receiver.poll((buffer, offset, length) -> got.add(Codec.utf8().decode(buffer, offset, length)), 99);
        return got;
    }

    private String channel(String name) {
        return "mapped:" + tmp.name(name) + "?mode=broadcast&capacity=4k&receivers=3";
    }

    // ---- one process dies at many channels

    @Test
    @Scenario("ipc/9")
    @Scenario("ipc/10")
    @Scenario("ipc/14")
    @Scenario("ipc/15")
    @Scenario("research-ipc/43")
    @Scenario("research-ipc/44")
    @Scenario("forms/3")
    void killedParty_leavesCommittedMessagesAndRoom() throws Exception {
        String claim = channel("claim");
        String batch = channel("batch");
        String idle = channel("idle").replace("receivers=3", "receivers=1");
        String handler = channel("handler").replace("receivers=3", "receivers=1");
        try (ChildJvm child = ChildJvm.start(ManyEndsPeer.class);
                MessageReceiver block = Ipc.receiver(claim);
                MessageReceiver drop = Ipc.receiver(claim + "&policy=dropOldest");
                MessageReceiver inBatch = Ipc.receiver(batch);
                MessageSender toIdle = Ipc.sender(idle);
                MessageSender toHandler = Ipc.sender(handler)) {
            child.call("sender", claim);
            child.call("send", claim, "a", "w".repeat(1_000), "x".repeat(1_000), "y".repeat(1_000), "z".repeat(1_000));
            assertEquals(2, block.poll((b, o, l) -> {}, 2), "which makes room for the claim");
            child.call("claim", claim, 800); // behind padding, in place of a and of a part of the next one
            child.call("sender", batch);
            child.call("send", batch, "b");
            child.call("batch", batch, 3, 100); // complete records, less than what is published on the way
            child.call("receiver", idle);
            child.call("receiver", handler, Delivery.AT_LEAST_ONCE);
            child.send("hang", handler);
            toHandler.send(bytes("c"));
            child.expect("has c");

            child.signal("STOP");
            assertSuspendedIsNamed(toIdle, child);
            Background<Void> blocked = Background.runAndBlock(() -> toIdle.send(new byte[500]));
            long start = System.nanoTime();
            child.kill9();
            blocked.get();
            Duration passed = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(passed.compareTo(Soak.bound(Duration.ofSeconds(1))) < 0, "took " + passed);

            assertEquals(3, receiveAll(block).size());
            List<String> kept = receiveAll(drop);
            assertEquals(5, kept.size() + drop.snapshot().missedMessages());
            assertTrue(!kept.contains("a") && kept.contains("z".repeat(1_000)), "a is overwritten by the claim");
            assertEquals(List.of("b"), receiveAll(inBatch));
            try (MessageSender next = Ipc.sender(claim);
                    MessageSender nextBatch = Ipc.sender(batch)) {
                String after = "after".repeat(100); // as long as all that the batch had not committed
                next.send(bytes(after));
                nextBatch.send(bytes(after));
                for (MessageReceiver receiver : List.of(block, drop, inBatch)) {
                    assertEquals(List.of(after), available(receiver));
                }
                Ipc.receiver(batch).close(); // it has found its place behind that message
            }
            for (MessageSender sender : List.of(toIdle, toHandler)) {
                assertIsFree(sender);
            }
        }
    }

    private static void assertSuspendedIsNamed(MessageSender sender, ChildJvm child) {
        int sent = 0;
        while (sender.offer(new byte[500]) == SendStatus.SENT) {
            sent++;
        }
        long lag = 520L * sent;
        Eventually.assertStays(Duration.ofMillis(50), "full", () -> sender.offer(new byte[500]) == SendStatus.FULL);
        ChannelSnapshot.Peer slowest = sender.snapshot().slowestReceiver().orElseThrow();
        assertEquals(child.pid(), slowest.pid());
        assertEquals(lag, slowest.lagBytes());
        assertTrue(slowest.alive());
    }

    /** The channel's only slot is free, and its dead owner does not hold the sender up. */
    private static void assertIsFree(MessageSender sender) throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            assertEquals(SendStatus.SENT, sender.send(new byte[500], LONG));
        }
        try (MessageReceiver next = Ipc.receiver(sender.snapshot().endpoint())) {
            sender.send(bytes("x"));
            assertEquals(List.of("x"), available(next));
        }
    }

    // ---- crash points

    @Test
    @Scenario("research-ipc/20")
    void senderKilledBeforeTheWakeUp_hasSent() throws Exception {
        try (ChildJvm child = CrashPoints.start(ManyEndsPeer.class, "broadcast.committed", 3);
                MessageReceiver block = receiver("block");
                MessageReceiver drop = receiver("dropOldest")) {
            child.call("sender", endpoint);
            Background<List<String>> asleep = Background.startAndBlock(() -> receiveAll(block));
            child.send("send", endpoint, "a", "b", "c", "d");
            CrashPoints.assertCrashed(child);
            assertEquals(List.of("a", "b", "c"), asleep.get(), "even if no process was left to wake it");
            assertEquals(List.of("a", "b", "c"), receiveAll(drop));
        }
    }

    @Test
    @Scenario("research-ipc/43")
    @Scenario("forms/3")
    void senderKilledWhenItEvicts_isContinued() throws Exception {
        try (ChildJvm child = CrashPoints.start(ManyEndsPeer.class, "broadcast.evicted", 1);
                MessageReceiver block = receiver("block");
                MessageReceiver evict = receiver("evict&lag=250")) {
            child.call("sender", endpoint);
            child.send("send", endpoint, "x".repeat(100), "y".repeat(100), "z".repeat(100));
            CrashPoints.assertCrashed(child);
            assertThrows(ReceiverEvictedException.class, evict::receive);
            try (MessageSender next = sender()) {
                next.send(bytes("after"));
                assertEquals(3, available(block).size(), "2 before the eviction, and that of the next sender");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"broadcast.joining", "broadcast.joined"})
    @Scenario("research-ipc/44")
    @Scenario("forms/2")
    void receiverKilledWhileJoining_freesItsSlot(String point) throws Exception {
        endpoint = endpoint.replace("receivers=3", "receivers=1");
        try (MessageSender sender = sender();
                ChildJvm child = CrashPoints.start(ManyEndsPeer.class, point, 1)) {
            child.send("receiver", endpoint);
            CrashPoints.assertCrashed(child);
            assertIsFree(sender);
        }
    }

    @Test
    @Scenario("research-ipc/30")
    void partiesKilledAtRandom_tearAndLoseNothing() throws Exception {
        int kills = Soak.scaled(200, 1);
        endpoint = endpoint.replace("capacity=4k", "capacity=64k");
        try (MessageReceiver block = receiver("block");
                MessageReceiver drop = receiver("dropOldest")) {
            for (int i = 0; i < kills; i++) {
                try (ChildJvm sender = ChildJvm.start(ManyEndsPeer.class);
                        ChildJvm other = ChildJvm.start(ManyEndsPeer.class)) {
                    other.call("receiver", endpoint);
                    other.send("count", endpoint);
                    sender.call("sender", endpoint);
                    sender.send("numbers", endpoint, 100_000_000);
                    Background<Long> all = Background.start(() -> verify(block));
                    Background<Long> some = Background.start(() -> verify(drop));
                    awaitStreaming(block);
                    other.kill9();
                    awaitStreaming(block);
                    sender.kill9();
                    assertEquals(all.get(), some.get(), "both saw the last committed message");
                }
            }
            assertEquals(
                    block.snapshot().messages(),
                    drop.snapshot().messages() + drop.snapshot().missedMessages());
        }
    }

    private static void awaitStreaming(MessageReceiver receiver) {
        long before = receiver.snapshot().messages();
        Eventually.assertThat(LONG, "they stream", () -> receiver.snapshot().messages() > before + 5_000);
    }

    /** Receives until the channel is closed; returns how many the sender sent, at least. */
    private static long verify(MessageReceiver receiver) throws InterruptedException {
        int[] next = {0};
        receiver.forEach((buffer, offset, length) -> {
            int number = buffer.getInt(offset);
            assertTrue(number >= next[0], number + " after " + next[0]);
            for (int i = Integer.BYTES; i < length; i++) {
                assertEquals((byte) number, buffer.get(offset + i));
            }
            next[0] = number + 1;
        });
        return next[0];
    }
}
