package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.OpenMode.OPEN_OR_CREATE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildFailure;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildLaunch;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** The guarantees of every transport between two processes. */
@Timeout(180)
abstract class PeerContract {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    protected String endpoint;

    protected abstract String scheme();

    @BeforeEach
    void nameTheChannel() {
        endpoint = scheme() + ":" + tmp.name("channel");
        evidence.keep(tmp.sharedFile("channel"));
    }

    protected MessageSender sender() {
        return Ipc.sender(endpoint, OPEN_OR_CREATE);
    }

    protected MessageReceiver receiver() {
        return Ipc.receiver(endpoint, OPEN_OR_CREATE);
    }

    protected static String textOf(byte[] message) {
        return message == null ? "CLOSED" : new String(message, UTF_8);
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    @Scenario("ipc/6")
    void messagesOfRandomSizes_arriveInOrderAndWhole() throws Exception {
        int count = Soak.scaled(10_000_000, 50_000);
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageReceiver receiver = receiver()) {
            child.call("sender", endpoint);
            ChildReply streaming = child.send("stream", count);
            assertEquals("verified", ChannelPeer.verify(receiver, count));
            assertEquals("SENT", streaming.await());
            child.call("close");
            assertEquals("CLOSED", textOf(receiver.receive()));
        }
    }

    @Test
    void messagesToAnotherProcess_arriveInOrderAndWhole() throws Exception {
        int count = Soak.scaled(1_000_000, 10_000);
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            try (MessageSender sender = sender()) {
                ChildReply verifying = child.send("verify", count);
                ChannelPeer.stream(sender, count);
                assertEquals("verified", verifying.await());
            }
            assertEquals("CLOSED", child.call("receive"));
            assertEquals("", child.standardError(), "nothing is printed");
        }
    }

    @Test
    @Scenario("ipc/27")
    void roundTrips_wakeASleepingProcess() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageReceiver back = Ipc.receiver(endpoint + "-back", OPEN_OR_CREATE)) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            child.call("sender", endpoint + "-back");
            ChildReply echoing = child.send("echo");
            try (MessageSender sender = sender()) {
                for (int i = 0; i < 200; i++) {
                    sender.send(bytes("ping " + i));
                    assertEquals("ping " + i, textOf(back.receive()));
                }
            }
            assertEquals("CLOSED", echoing.await());
            assertEquals("", child.standardError(), "nothing is printed");
        }
    }

    @Test
    @Scenario("research-ipc/45")
    void waitingProcess_usesNoProcessorTime() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            try (MessageSender sender = sender()) {
                sender.send(bytes("x"));
                assertEquals("x", child.call("receive"));
                ChildReply waiting = child.send("receive");
                Duration settling = Duration.ofSeconds(1);
                Eventually.assertStays(settling, "waiting", () -> !waiting.isDone());
                Duration measured = Soak.scaled(Duration.ofSeconds(60), Duration.ofSeconds(1));
                long used = Long.MAX_VALUE;
                // With few processors, the JIT compilers of the child work for longer; a busy wait would fail each
                // time.
                for (int i = 0; i < 5 && used >= measured.toMillis() / 20; i++) {
                    long before = cpuMillis(child);
                    Eventually.assertStays(measured, "waiting", () -> !waiting.isDone());
                    used = cpuMillis(child) - before;
                }
                assertTrue(used < measured.toMillis() / 20, used + " ms of processor time in " + measured);
                sender.send(bytes("y"));
                assertEquals("y", waiting.await());
            }
        }
    }

    private static long cpuMillis(ChildJvm child) {
        return ProcessHandle.of(child.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow()
                .toMillis();
    }

    @Test
    void secondReceiver_isRejectedWithTheFirstOnesPid() {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            ChannelBusyException busy = assertThrows(ChannelBusyException.class, this::receiver);
            assertEquals(child.pid(), busy.pid());
            child.kill9();
            receiver().close();
        }
    }

    @Test
    @Scenario("ipc/14")
    void blockedSend_afterTheReceiverIsKilled_throws() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageSender sender = sender()) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            while (sender.offer(new byte[1000]) == SendStatus.SENT) {
                // until it is full
            }
            Background<Void> sending = Background.runAndBlock(() -> sender.send(new byte[1000]));
            child.kill9();
            long killed = System.nanoTime();
            assertThrows(NotConnectedException.class, sending::get);
            Duration passed = Duration.ofNanos(System.nanoTime() - killed);
            Duration bound = Soak.bound(Duration.ofSeconds(1));
            assertTrue(passed.compareTo(bound) < 0, "took " + passed);
        }
    }

    @Test
    void killedSender_closesTheChannel() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageReceiver receiver = receiver()) {
            child.call("sender", endpoint);
            assertEquals("SENT", child.call("send", "last words"));
            assertEquals("last words", textOf(receiver.receive()));
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            child.kill9();
            assertEquals("CLOSED", textOf(receiving.get()));
            try (ChildJvm next = ChildJvm.start(ChannelPeer.class)) {
                next.call("sender", endpoint);
                assertEquals("SENT", next.call("send", "from the next"));
                assertEquals("from the next", textOf(receiver.receive()));
            }
        }
    }

    /** Both are process 1 of their pid namespaces if this user can have that: their numbers prove nothing. */
    @Test
    @Scenario("research-ipc/48")
    @Scenario("research-ipc/49")
    void killedReceiver_isReplacedByTheNext() throws Exception {
        try (ChildJvm child = startInContainer();
                ChildJvm next = startInContainer();
                MessageSender sender = sender()) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            assertFalse(isReceiver(next), "there is one already");
            sender.send(bytes("to the first"));
            assertEquals("to the first", child.call("receive"));
            ChildReply asleep = child.send("receive");
            Eventually.assertStays(Duration.ofMillis(100), "asleep", () -> !asleep.isDone());
            child.kill9(); // its parent there, with which it dies a moment later
            Eventually.assertThat(ChildJvm.WATCHDOG, "the next one is the receiver", () -> isReceiver(next));
            sender.send(bytes("to the next"));
            assertEquals("to the next", next.call("receive"));
        }
    }

    private static ChildJvm startInContainer() throws IOException {
        ChildLaunch launch = ChildJvm.of(ChannelPeer.class);
        boolean superuser = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        return (superuser ? launch.asFirstProcess() : launch).start();
    }

    /** Makes a process the receiver, unless there is one. */
    private boolean isReceiver(ChildJvm child) {
        try {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            return true;
        } catch (ChildFailure e) {
            assertEquals(ChannelBusyException.class.getName(), e.type(), e.getMessage());
            return false;
        }
    }

    /** The sender is suspended in a long message, and has another receiver when it continues. */
    protected void assertAnotherReceiverIsNoticed(ChildJvm child, MessageReceiver first) throws Exception {
        ChildReply sending = child.send("sendBytes", 300_000);
        Eventually.assertThat(
                ChildJvm.WATCHDOG, "it sends", () -> first.snapshot().backlogBytes() > 30_000);
        child.signal("STOP");
        assertEquals(0, first.poll((b, o, l) -> {}, 1), "takes the beginning");
        first.close();
        try (MessageReceiver next = Ipc.receiver(endpoint + "?end=never")) {
            child.signal("CONT");
            Background<String> receiving = Background.start(() -> textOf(next.receive()));
            ChildFailure failure = assertThrows(ChildFailure.class, sending::await);
            assertEquals(NotConnectedException.class.getName(), failure.type());
            assertEquals("SENT", child.call("send", "to the next one"));
            assertEquals("to the next one", receiving.get());
        }
    }

    @Test
    @Scenario("research-ipc/46")
    void interruptInAnotherProcess_endsItsWait() {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            ChildReply waiting = child.thread("waiter").send("receive");
            Eventually.assertStays(Duration.ofMillis(100), "waiting", () -> !waiting.isDone());
            child.thread("waiter").interrupt();
            ChildFailure failure = assertThrows(ChildFailure.class, waiting::await);
            assertEquals(InterruptedException.class.getName(), failure.type());

            ChildReply again = child.thread("waiter").send("receive");
            Eventually.assertStays(Duration.ofMillis(100), "waiting", () -> !again.isDone());
            child.exit(7);
            assertEquals(7, child.waitFor(ChildJvm.WATCHDOG), "a wait holds no shutdown up");
        }
    }
}
