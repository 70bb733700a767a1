package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.ChannelInspection.End;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.ipc.ChannelInspection.Lane;
import org.processmanager.ipc.ChannelSnapshot.OpenClaim;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.sync.SharedMemory;

/** Reading a channel without taking part in it. */
@Timeout(180)
class ChannelInspectionTest {
    private static final long SELF = ProcessHandle.current().pid();

    // Offsets in a channel, as in docs/file-formats.md.
    private static final int TAIL = 128;
    private static final int TAKEN = 384;
    private static final int RELEASED = 512;
    private static final int LANE = 1024;
    private static final int BROADCAST_INTENT = 128;
    private static final int BROADCAST_TAIL = 136;
    private static final int BROADCAST_MARKS = 640;
    private static final int BROADCAST_LANE = 2688 + 8 * 256;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private String endpoint() {
        return "mapped:" + tmp.path("channel") + "?capacity=4k";
    }

    @Test
    void inspect_showsBothEndsAndTakesNoSlot() throws Exception {
        String endpoint = endpoint();
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender sender = Ipc.sender(endpoint)) {
            sender.send(new byte[100]);
            sender.send(new byte[100]);
            receiver.receive();
            byte[] before = Files.readAllBytes(tmp.path("channel"));
            ChannelInspection found = Ipc.inspect(endpoint);
            assertArrayEquals(before, Files.readAllBytes(tmp.path("channel")), "nothing is written");
            assertEquals(tmp.path("channel"), found.file());
            assertTrue(found.damagedAt().isEmpty());
            Lane lane = found.lanes().get(0);
            assertEquals(4096, lane.capacityBytes());
            assertEquals(2 * 112, lane.written());
            assertEquals(112, lane.taken());
            assertEquals(112, found.backlogBytes());
            assertEquals(1, lane.sendersSoFar());
            assertEquals(2, found.ends().size());
            for (End end : found.ends()) {
                assertEquals(SELF, end.pid());
                assertTrue(end.alive());
                assertFalse(end.waiting());
                assertEquals(end.role() == Role.RECEIVER ? 112 : 0, end.lagBytes());
                assertEquals(end.role() == Role.RECEIVER ? -1 : 0, end.lane());
            }
            receiver.receive();
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            Eventually.assertThat(Duration.ofSeconds(5), "it is seen to wait", () -> isReceiverWaiting(endpoint));
            sender.send(bytes("x"));
            receiving.get();
        }
        assertEquals(List.of(), Ipc.inspect(endpoint).ends());
    }

    @Test
    void damage_isSeenBeforeAnEndFindsIt() throws Exception {
        String endpoint = endpoint();
        Ipc.receiver(endpoint).close();
        try (MessageSender sender = Ipc.sender(endpoint)) {
            sender.send(bytes("first"));
            sender.send(bytes("other"));
        }
        byte[] file = Files.readAllBytes(tmp.path("channel"));
        int payload = new String(file, ISO_8859_1).indexOf("other");
        Arrays.fill(file, payload - 8, payload, (byte) 0x5a); // its header
        Files.write(tmp.path("channel"), file);
        long second = 16;
        assertEquals(OptionalLong.of(second), Ipc.inspect(endpoint).damagedAt());
        assertEquals(1, Ipc.lastMessages(endpoint, 10).size());
        try (MessageReceiver receiver = Ipc.receiver(endpoint)) {
            receiver.receive();
            ChannelCorruptException found = assertThrows(ChannelCorruptException.class, receiver::receive);
            assertEquals(second, found.position());
        }
    }

    @Test
    @Scenario("channels/13")
    @Scenario("research-ipc/31")
    void openClaim_isShownUntilItEnds() throws Exception {
        for (String mode : List.of("", "&mode=broadcast")) {
            String endpoint = "mapped:" + tmp.path("claims" + mode.length()) + "?capacity=4k" + mode;
            try (MessageReceiver receiver = Ipc.receiver(endpoint);
                    MessageSender sender = Ipc.sender(endpoint)) {
                Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
                sender.send(new byte[100]);
                for (boolean commit : new boolean[] {true, false}) {
                    assertEquals(Optional.empty(), claim(endpoint, sender.snapshot()));
                    try (Claim claim = sender.claim(8)) {
                        OpenClaim shown = claim(endpoint, receiver.snapshot()).orElseThrow();
                        assertFalse(
                                shown.since().isBefore(before) || shown.since().isAfter(Instant.now()), "" + shown);
                        assertEquals(Thread.currentThread().getId(), shown.threadId());
                        assertEquals(Ipc.inspect(endpoint).lanes().get(0).written(), shown.position());
                        if (commit) {
                            claim.commit();
                            assertEquals(Optional.empty(), claim(endpoint, sender.snapshot()));
                        }
                    }
                    assertEquals(Optional.empty(), claim(endpoint, sender.snapshot()));
                }
                Background<Claim> leaking = Background.start(() -> sender.claim(8));
                leaking.get();
                leaking.thread().join();
                OpenClaim leaked = claim(endpoint, receiver.snapshot()).orElseThrow();
                assertEquals(leaking.thread().getId(), leaked.threadId(), "of a thread that has ended");
                sender.close();
                assertEquals(Optional.empty(), claim(endpoint, receiver.snapshot()), "of a closed sender");
                try (MessageSender next = Ipc.sender(endpoint)) {
                    assertEquals(Optional.empty(), claim(endpoint, next.snapshot()), "of its successor");
                }
            }
        }
    }

    /** Returns the claim that both an end and an inspection show. */
    private static Optional<OpenClaim> claim(String endpoint, ChannelSnapshot snapshot) {
        Optional<OpenClaim> shown =
                snapshot.peers().stream().flatMap(peer -> peer.claim().stream()).findFirst();
        assertEquals(
                shown,
                Ipc.inspect(endpoint).ends().stream()
                        .flatMap(end -> end.claim().stream())
                        .findFirst());
        return shown;
    }

    private static boolean isReceiverWaiting(String endpoint) {
        return Ipc.inspect(endpoint).ends().stream().anyMatch(end -> end.role() == Role.RECEIVER && end.waiting());
    }

    @Test
    @Scenario("channels/7")
    void lastLap_isReadBack() throws Exception {
        for (int seed = 0; seed < Soak.scaled(600, 15); seed++) {
            String endpoint = "mapped:" + tmp.path("lap" + seed) + "?capacity=4k";
            Random random = new Random(seed);
            List<byte[]> sent = new ArrayList<>();
            int received = 0;
            try (MessageReceiver receiver = Ipc.receiver(endpoint);
                    MessageSender sender = Ipc.sender(endpoint)) {
                int count = random.nextInt(200);
                while (sent.size() < count) {
                    byte[] message = new byte[random.nextInt(random.nextBoolean() ? 40 : 2900)];
                    random.nextBytes(message);
                    if (sender.offer(message) == SendStatus.SENT) {
                        sent.add(message);
                    } else {
                        received += receiver.poll((b, o, l) -> {}, 1 + random.nextInt(5));
                    }
                }
            }
            List<KeptMessage> kept = Ipc.lastMessages(endpoint, Integer.MAX_VALUE);
            int known = assertLast(sent, kept, received, "seed " + seed);
            long bytes = sent.stream()
                    .skip(sent.size() - known)
                    .mapToLong(message -> message.length + 16)
                    .sum();
            long all = sent.stream().mapToLong(message -> message.length + 16).sum();
            assertTrue(bytes >= Math.min(all, 200), "only " + bytes + " bytes of " + all + ", seed " + seed);
            List<KeptMessage> three = Ipc.lastMessages(endpoint, 3);
            assertEquals(kept.size() < 3 ? kept.size() : 3, three.size());
            assertLast(sent, three, received, "seed " + seed);
        }
    }

    /** Returns how many were sent last without a gap; those of an earlier lap may precede them. */
    private static int assertLast(List<byte[]> sent, List<KeptMessage> kept, int received, String what) {
        int known = 0;
        int number = sent.size() - 1;
        for (int i = kept.size() - 1; i >= 0; i--, number--) {
            int before = number;
            while (number >= 0 && !isPartOf(sent.get(number), kept.get(i))) {
                number--;
            }
            assertTrue(number >= 0, what + ": message " + i + " of " + kept.size() + " was not sent before " + before);
            assertEquals(number < received, kept.get(i).received(), what + ", message " + number);
            known += number == sent.size() - 1 - known ? 1 : 0;
        }
        return known;
    }

    /** Returns whether this message was kept, as a whole or without fragments that were overwritten. */
    private static boolean isPartOf(byte[] sent, KeptMessage kept) {
        int to = kept.offset() + kept.bytes().length;
        return sent.length == kept.messageBytes()
                && to <= sent.length
                && Arrays.equals(sent, kept.offset(), to, kept.bytes(), 0, kept.bytes().length);
    }

    @Test
    @Scenario("channels/7")
    void killedEnds_areShownWithTheirMessages() {
        String endpoint = endpoint();
        long pid;
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class)) {
            pid = child.pid();
            child.call("sender", endpoint);
            child.call("receiver", endpoint, Delivery.AT_MOST_ONCE);
            for (int i = 0; i < 3; i++) {
                assertEquals("SENT", child.call("send", "message " + i));
            }
            assertEquals("message 0", child.call("receive"));
            child.kill9();
        }
        ChannelInspection found = Ipc.inspect(endpoint);
        assertEquals(List.of(pid, pid), found.ends().stream().map(End::pid).toList());
        assertTrue(found.ends().stream().noneMatch(End::alive), found::toString);
        List<KeptMessage> kept = Ipc.lastMessages(endpoint, 99);
        assertEquals(
                List.of("message 0", "message 1", "message 2"),
                kept.stream().map(message -> new String(message.bytes(), UTF_8)).toList());
        assertEquals(
                List.of(true, false, false),
                kept.stream().map(KeptMessage::received).toList());
    }

    @Test
    void severalSenders_haveALaneEach() throws Exception {
        String endpoint = endpoint() + "&senders=3";
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender first = Ipc.sender(endpoint);
                MessageSender second = Ipc.sender(endpoint)) {
            first.send(bytes("first"));
            second.send(bytes("second"));
            receiver.receive();
            ChannelInspection found = Ipc.inspect(endpoint);
            assertEquals(3, found.lanes().size());
            assertEquals(List.of(0, 1, -1), found.ends().stream().map(End::lane).toList());
            assertEquals(16, found.backlogBytes());
            List<KeptMessage> kept = Ipc.lastMessages(endpoint, 1);
            assertEquals(List.of(0, 1), kept.stream().map(KeptMessage::lane).toList());
            assertArrayEquals(bytes("second"), kept.get(1).bytes());
        }
    }

    @Test
    void broadcast_showsEachReceiver() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel") + "?mode=broadcast&capacity=4k";
        List<byte[]> sent = new ArrayList<>();
        try (MessageReceiver slow = Ipc.receiver(endpoint + "&policy=dropOldest");
                MessageReceiver fast = Ipc.receiver(endpoint);
                MessageSender sender = Ipc.sender(endpoint)) {
            Random random = new Random(5);
            for (int i = 0; i < 200; i++) {
                byte[] message = new byte[random.nextInt(100)];
                random.nextBytes(message);
                sender.send(message);
                sent.add(message);
                fast.receive();
            }
            sender.send(bytes("last"));
            ChannelInspection found = Ipc.inspect(endpoint);
            assertEquals(3, found.ends().size(), found::toString);
            assertTrue(found.ends().get(1).note().startsWith("dropOldest, missed "), found::toString);
            assertEquals("block", found.ends().get(2).note());
            assertEquals(24, found.ends().get(2).lagBytes());
            assertTrue(found.ends().get(1).lagBytes() > 4096, found::toString);
            assertTrue(slow.snapshot().connected());
        }
        sent.add(bytes("last"));
        List<KeptMessage> kept = Ipc.lastMessages(endpoint, Integer.MAX_VALUE);
        assertTrue(kept.size() > 20, "only " + kept.size());
        assertEquals(kept.size(), assertLast(sent, kept, sent.size(), "broadcast"));
        assertEquals(3, Ipc.lastMessages(endpoint, 3).size());
        assertEquals(List.of(), Ipc.inspect(endpoint).ends());
    }

    @Test
    void queue_showsItsEndsAndMessages() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel") + "?mode=queue";
        try (MessageSender sender = Ipc.sender(endpoint);
                MessageReceiver one = Ipc.receiver(endpoint);
                MessageReceiver two = Ipc.receiver(endpoint)) {
            for (int i = 0; i < 3; i++) {
                sender.send(bytes("x"));
            }
            one.receive();
            ChannelInspection found = Ipc.inspect(endpoint);
            assertEquals(2, found.queuedMessages());
            assertEquals(
                    List.of(Role.SENDER, Role.RECEIVER, Role.RECEIVER),
                    found.ends().stream().map(End::role).toList());
            assertTrue(two.snapshot().connected());
        }
        assertThrows(UnsupportedOperationException.class, () -> Ipc.lastMessages(endpoint, 1));
    }

    @Test
    void damagedLane_isReadUpToTheDamage() throws Exception {
        String endpoint = endpoint();
        try (MessageSender sender = Ipc.sender(endpoint)) {
            for (int i = 0; i < 10; i++) {
                sender.send(new byte[100]);
            }
        }
        byte[] memory = Files.readAllBytes(tmp.path("channel"));
        Random random = new Random(3);
        for (int i = 0; i < 30; i++) {
            byte[] damaged = memory.clone();
            for (int at = memory.length / 2 - 4096; at < memory.length; at += 1 + random.nextInt(64)) {
                damaged[at] = (byte) random.nextInt();
            }
            Path file = Files.write(tmp.path("damaged"), damaged);
            try {
                Ipc.inspect("mapped:" + file);
                for (KeptMessage message : Ipc.lastMessages("mapped:" + file, 100)) {
                    assertTrue(message.bytes().length <= 4096);
                }
            } catch (ChannelException e) {
                assertTrue(e.getMessage().contains("damaged"), e.getMessage());
            }
        }
    }

    @Test
    void impossibleWords_endTheReading() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel") + "?capacity=1m";
        Ipc.receiver(endpoint).close();
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(tmp.path("channel"))).order(ByteOrder.nativeOrder());
        int channel = file.getInt(80);
        for (int at = channel + LANE; at < channel + LANE + (1 << 20); at += Long.BYTES) {
            file.putLong(at, 1L << 32); // an empty message
        }
        for (long released : new long[] {0, -8, (1 << 20) - 8, Long.MAX_VALUE - 7, Long.MIN_VALUE}) {
            for (long other : new long[] {0, 65_535, (1 << 20) - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                file.putLong(channel + RELEASED, released);
                file.putLong(channel + TAIL, released + other);
                file.putLong(channel + TAKEN, other);
                Files.write(tmp.path("channel"), file.array());
                assertEndsSoon(() -> Ipc.inspect(endpoint));
                assertEndsSoon(() -> Ipc.lastMessages(endpoint, Integer.MAX_VALUE));
                assertEndsSoon(() -> assertThrows(ChannelCorruptException.class, () -> Ipc.sender(endpoint)
                        .close()));
            }
        }
        file.putLong(channel + RELEASED, (1 << 20) + 8)
                .putLong(channel + TAIL, 0)
                .putLong(channel + TAKEN, 0);
        file.putLong(channel + LANE + 8, 0); // the end of the second lap
        file.putLong(channel + LANE + (1 << 20) - 8, -1); // no record of the first lap leads to the second
        Files.write(tmp.path("channel"), file.array());
        assertEndsSoon(() -> Ipc.lastMessages(endpoint, Integer.MAX_VALUE));
    }

    @Test
    void impossibleWordsOfABroadcast_endTheReading() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel") + "?mode=broadcast&capacity=4k";
        try (MessageSender sender = Ipc.sender(endpoint)) {
            sender.send(bytes("x"));
        }
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(tmp.path("channel"))).order(ByteOrder.nativeOrder());
        int channel = file.getInt(80);
        for (int at = channel + BROADCAST_LANE; at < channel + BROADCAST_LANE + 4096; at += 2 * Long.BYTES) {
            file.putLong(at, 1L << 32); // an empty message
        }
        for (long mark : new long[] {0, -1}) {
            Arrays.fill(file.array(), channel + BROADCAST_MARKS, channel + BROADCAST_MARKS + 2048, (byte) mark);
            for (long tail : new long[] {0, -1, 4095, Long.MAX_VALUE, Long.MIN_VALUE}) {
                for (long intent : new long[] {0, -1, 4096, Long.MAX_VALUE, Long.MIN_VALUE}) {
                    file.putLong(channel + BROADCAST_TAIL, tail).putLong(channel + BROADCAST_INTENT, intent);
                    Files.write(tmp.path("channel"), file.array());
                    assertEndsSoon(() -> Ipc.inspect(endpoint));
                    assertEndsSoon(() -> Ipc.lastMessages(endpoint, Integer.MAX_VALUE));
                }
            }
        }
    }

    private static void assertEndsSoon(Executable reading) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), reading);
    }

    @Test
    void otherFiles_areRefused() throws IOException {
        Path file = tmp.path("other");
        assertThrows(ChannelNotFoundException.class, () -> Ipc.inspect("mapped:" + file));
        assertThrows(ChannelNotFoundException.class, () -> Ipc.lastMessages("mapped:" + file, 1));
        Files.writeString(file, "some text");
        assertThrows(ChannelException.class, () -> Ipc.inspect("mapped:" + file));
        try (SharedMemory region = SharedMemory.create(tmp.name("region"), SharedMemory.megabytes(1))) {
            region.mutex("mutex");
            String message = assertThrows(ChannelException.class, () -> Ipc.inspect("mapped:" + tmp.name("region")))
                    .getMessage();
            assertTrue(message.contains("no channel"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> Ipc.inspect("mapped:x?nonsense=1"));
        assertThrows(IllegalArgumentException.class, () -> Ipc.lastMessages("mapped:x", 0));
        String refusal = assertThrows(UnsupportedOperationException.class, () -> Ipc.inspect("memory:x"))
                .getMessage();
        assertTrue(refusal.contains("memory:x"), refusal);
        assertThrows(UnsupportedOperationException.class, () -> Ipc.lastMessages("memory:x", 1));
    }
}
