package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.OpenMode.OPEN_EXISTING;
import static org.processmanager.sync.OpenMode.OPEN_OR_CREATE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.SharedMemory;

/** Processes at a mapped channel that are killed between two steps. */
@Timeout(180)
class MappedCrashIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private String endpoint;

    @BeforeEach
    void nameTheChannel() {
        endpoint = "mapped:" + tmp.name("channel");
        evidence.keep(tmp.sharedFile("channel"));
    }

    /** Without the native layer a creator that is killed leaves its temporary file. */
    @AfterEach
    void deleteTemporaryFiles() throws IOException {
        String start = "." + tmp.name("channel");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Tmp.sharedDirectory(), start + "*.tmp")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private MessageSender sender() {
        return Ipc.sender(endpoint, OPEN_OR_CREATE);
    }

    private MessageReceiver receiver() {
        return Ipc.receiver(endpoint, OPEN_OR_CREATE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> receiveAll(MessageReceiver receiver) throws InterruptedException {
        List<String> got = new ArrayList<>();
        receiver.forEach(Codec.utf8(), got::add);
        return got;
    }

    // ---- what other processes see and do

    private RegionSnapshot.NamedObject inspectChannel() {
        return SharedMemory.snapshot(ChannelPath.of(Endpoint.parse(endpoint)))
                .objects()
                .get(0);
    }

    @Test
    void inspect_showsTheEndsOfAChannelAndDeadOwners() {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageReceiver receiver = receiver()) {
            assertEquals("channel", inspectChannel().type());
            assertEquals("no sender, receiver", inspectChannel().state());
            child.call("sender", endpoint);
            assertEquals("sender, receiver", inspectChannel().state());
            assertEquals(
                    List.of(child.pid(), ProcessHandle.current().pid()),
                    inspectChannel().owners().stream()
                            .map(RegionSnapshot.Owner::pid)
                            .toList());
            child.kill9();
            assertEquals("dead sender, receiver", inspectChannel().state());
            assertFalse(inspectChannel().owners().get(0).alive());
        }
    }

    @Test
    @Scenario("ipc/12")
    @Scenario("research-ipc/27")
    void deadEnds_areFreedAlsoAfterKilledRepairers() throws Exception {
        List<String> points = List.of("repair.proven", "repair.marked", "repair.freed");
        List<ChildJvm> repairers = new ArrayList<>();
        try (ChildJvm child = ChildJvm.start(ManyEndsPeer.class)) {
            for (String point : points) {
                repairers.add(ChildJvm.of(ManyEndsPeer.class).crashAt(point, 1).startWithoutWaiting());
                child.call("receiver", endpoint + "-" + point);
            }
            for (String point : points) {
                child.call("sender", endpoint + "-" + point);
                child.call("send", endpoint + "-" + point, "before");
            }
            child.call("sender", endpoint);
            child.call("send", endpoint, "before");
            child.kill9();
            for (int i = 0; i < points.size(); i++) {
                repairers.get(i).send("sender", endpoint + "-" + points.get(i));
            }
            repairers.forEach(CrashPoints::assertCrashed);
        } finally {
            repairers.forEach(ChildJvm::close);
        }
        for (String point : points) {
            try (MessageReceiver receiver = Ipc.receiver(endpoint + "-" + point);
                    MessageSender sender = Ipc.sender(endpoint + "-" + point)) {
                sender.send(bytes("after"));
                assertEquals("before", new String(receiver.receive(), UTF_8), point);
                assertEquals("after", new String(receiver.receive(), UTF_8), point);
            }
        }
        assertEquals("dead sender, no receiver", inspectChannel().state());
        SharedMemory.open(ChannelPath.of(Endpoint.parse(endpoint))).close();
        assertEquals("no sender, no receiver", inspectChannel().state());
        try (MessageReceiver receiver = receiver()) {
            List<String> got = new ArrayList<>();
            receiver.poll((buffer, offset, length) -> got.add(Codec.utf8().decode(buffer, offset, length)), 2);
            assertEquals(List.of("before"), got, "what it had committed stays");
        }
    }

    // ---- the sender dies

    @Test
    @Scenario("ipc/9")
    @Scenario("research-ipc/14")
    @Scenario("research-ipc/18")
    void senderKilledInThePayload_leavesNoMessage() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageReceiver receiver = receiver()) {
            child.call("sender", endpoint);
            child.call("send", "before");
            child.call("claim", "never committed");
            child.expect("half written");
            child.kill9();
            assertEquals(List.of("before"), receiveAll(receiver));
            try (MessageSender next = sender()) {
                next.send(bytes("after"));
            }
            assertEquals(List.of("after"), receiveAll(receiver));
        }
    }

    @ParameterizedTest
    @CsvSource({"lane.payload, 3, a|b", "lane.committed, 3, a|b|c"})
    @Scenario("ipc/9")
    @Scenario("research-ipc/19")
    void senderKilledAtACommit_leavesCommittedMessages(String point, int nth, String left) throws Exception {
        List<String> expected = List.of(left.split("\\|"));
        try (ChildJvm child = CrashPoints.start(ChannelPeer.class, point, nth);
                MessageReceiver receiver = receiver()) {
            child.call("sender", endpoint);
            Background<List<String>> receiving = Background.startAndBlock(() -> receiveAll(receiver));
            child.send("sendAll", "a", "b", "c", "d");
            CrashPoints.assertCrashed(child);
            assertEquals(expected, receiving.get(), "even if no process was left to wake the receiver");
            try (MessageSender next = sender()) {
                next.send(bytes("after"));
            }
            assertEquals(List.of("after"), receiveAll(receiver));
        }
    }

    @Test
    @Scenario("ipc/9")
    void senderKilledInABatch_leavesNoMessageOfIt() throws Exception {
        try (ChildJvm child = CrashPoints.start(ChannelPeer.class, "lane.payload", 4);
                MessageReceiver receiver = receiver()) {
            child.call("sender", endpoint);
            child.call("send", "before");
            child.send("batch", "1", "2", "3", "4");
            CrashPoints.assertCrashed(child);
            assertEquals(List.of("before"), receiveAll(receiver));
            try (MessageSender next = sender()) {
                next.send(bytes("after"));
            }
            assertEquals(List.of("after"), receiveAll(receiver));
        }
    }

    @Test
    @Scenario("ipc/9")
    @Scenario("research-ipc/17")
    void senderKilledAtTheWrap_leavesNoHole() throws Exception {
        endpoint += "?capacity=16k";
        try (ChildJvm child = CrashPoints.start(ChannelPeer.class, "lane.padded", 1);
                MessageReceiver receiver = receiver()) {
            child.call("sender", endpoint);
            child.send("stream", 1_000);
            int got = 0;
            while (receiver.receive() != null) {
                got++;
            }
            CrashPoints.assertCrashed(child);
            assertTrue(got > 5, "only " + got + " before the wrap");
            try (MessageSender next = sender()) {
                for (int i = 0; i < 200; i++) {
                    next.send(bytes("after " + i));
                    assertEquals("after " + i, new String(receiver.receive(), UTF_8));
                }
            }
        }
    }

    // ---- the receiver dies

    @ParameterizedTest
    @CsvSource({
        // killed with b taken and its handler not called: b is lost
        "AT_MOST_ONCE, lane.taken, 2, a, c|d",
        // killed with b handled and not yet taken: b is delivered again
        "AT_LEAST_ONCE, none, b, a|b, b|c|d",
        // killed with b taken
        "AT_LEAST_ONCE, lane.taken, 2, a|b, c|d",
        // killed before and after the cursor is released, at the end of the batch
        "AT_MOST_ONCE, lane.handled, 2, a|b|c|d, ''",
        "AT_LEAST_ONCE, lane.handled, 2, a|b|c|d, ''",
        "AT_MOST_ONCE, lane.released, 2, a|b|c|d, ''",
    })
    @Scenario("ipc/10")
    @Scenario("research-ipc/24")
    void killedReceiver_isContinuedByTheNext(Delivery delivery, String point, String where, String seen, String left)
            throws Exception {
        try (ChildJvm child = point.equals("none")
                        ? ChildJvm.start(ChannelPeer.class)
                        : CrashPoints.start(ChannelPeer.class, point, Integer.parseInt(where));
                MessageSender sender = sender()) {
            for (String text : List.of("a", "b", "c", "d")) {
                sender.send(bytes(text));
            }
            child.call("receiver", endpoint, delivery);
            child.send("consume", point.equals("none") ? where : "nothing");
            for (String each : seen.split("\\|")) {
                assertEquals("got " + each, child.expect("got "));
            }
            if (point.equals("none")) {
                child.kill9();
            } else {
                CrashPoints.assertCrashed(child);
            }
        }
        try (MessageReceiver receiver = Ipc.receiver(endpoint, OPEN_EXISTING, delivery)) {
            List<String> expected = left.isEmpty() ? List.of() : List.of(left.split("\\|"));
            List<String> got = new ArrayList<>();
            receiver.poll((b, o, l) -> got.add(Codec.utf8().decode(b, o, l)), 99);
            assertEquals(expected, got);
        }
    }

    @Test
    @Scenario("ipc/10")
    @Scenario("research-ipc/25")
    void receiverKilledAsleep_doesNotBlockTheSender() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageSender sender = sender()) {
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            ChildReply asleep = child.send("receive");
            Eventually.assertStays(Duration.ofMillis(100), "asleep", () -> !asleep.isDone());
            child.kill9();
            for (int i = 0; i < 100; i++) {
                assertEquals(SendStatus.SENT, sender.offer(bytes("" + i)));
            }
            try (MessageReceiver next = receiver()) {
                for (int i = 0; i < 100; i++) {
                    assertEquals("" + i, new String(next.receive(), UTF_8));
                }
                Background<byte[]> receiving = Background.startAndBlock(next::receive);
                sender.send(bytes("awake"));
                assertEquals("awake", new String(receiving.get(), UTF_8));
            }
        }
    }

    // ---- the creator dies

    @ParameterizedTest
    @ValueSource(
            strings = {
                "region.reserved",
                "region.written",
                "region.linked",
                "slot.locked",
                "slot.claiming",
                "slot.live",
                "object.zeroed",
                "object.initialized",
                "object.described",
                "object.published"
            })
    @Scenario("ipc/11")
    @Scenario("research-ipc/28")
    void creatorKilledAtAnyStep_leavesAUsableChannel(String point) throws Exception {
        String small = endpoint + "?capacity=4k";
        try (ChildJvm child = CrashPoints.start(ChannelPeer.class, point, 1)) {
            child.send("sender", small);
            CrashPoints.assertCrashed(child);
        }
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            long capacity = sender.snapshot().capacityBytes();
            assertTrue(capacity == 4096 || capacity == 64 << 10, "" + capacity);
            sender.send(bytes("works"));
            assertEquals("works", new String(receiver.receive(), UTF_8));
        }
    }

    // ---- both ends die

    @Test
    @Scenario("ipc/13")
    @Scenario("research-ipc/29")
    void bothEndsKilled_messagesAreReceivedAfterRestart() throws Exception {
        int backlog;
        try (ChildJvm one = ChildJvm.start(ChannelPeer.class);
                ChildJvm two = ChildJvm.start(ChannelPeer.class)) {
            one.call("sender", endpoint);
            two.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            assertEquals("SENT", one.call("send", "first"));
            assertEquals("first", two.call("receive"));
            backlog = Integer.parseInt(one.call("fill", 100));
            one.kill9();
            two.kill9();
        }
        try (MessageReceiver receiver = receiver()) {
            int got = 0;
            while (got < backlog) {
                assertEquals(
                        ReceiveResult.message(100), receiver.receive(ByteBuffer.allocate(100), Duration.ofSeconds(5)));
                got++;
            }
            assertEquals(MessageReceiver.CLOSED, receiver.poll((b, o, l) -> {}, 1));
            try (MessageSender sender = sender()) {
                sender.send(bytes("after restart"));
                assertEquals("after restart", new String(receiver.receive(), UTF_8));
            }
        }
    }

    @Test
    @Scenario("ipc/9")
    @Scenario("research-ipc/53")
    void sendersKilledAtRandom_loseAndDuplicateNothing() throws Exception {
        int kills = Soak.scaled(300, 2);
        try (MessageReceiver receiver = receiver()) {
            for (int i = 0; i < kills; i++) {
                try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
                    child.call("sender", endpoint);
                    child.send("stream", 1_000_000);
                    long before = receiver.snapshot().messages();
                    Background<Long> verifying = Background.start(() -> verifyPrefix(receiver));
                    Eventually.assertThat(Duration.ofSeconds(10), "it streams", () -> {
                        assertEquals(2, Ipc.inspect(endpoint).ends().size(), "under full load");
                        return receiver.snapshot().messages() > before + 1_000;
                    });
                    child.kill9();
                    assertTrue(verifying.get() > 1_000);
                }
            }
        }
    }

    /** Receives until the channel is closed; messages must be numbered from 0 without a gap. */
    private static long verifyPrefix(MessageReceiver receiver) throws InterruptedException {
        long next = 0;
        for (byte[] message = receiver.receive(); message != null; message = receiver.receive()) {
            assertEquals(next++, ByteBuffer.wrap(message).getLong(0));
        }
        return next;
    }
}
