package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.OpenMode.CREATE_NEW;
import static org.processmanager.sync.OpenMode.OPEN_EXISTING;
import static org.processmanager.sync.OpenMode.OPEN_OR_CREATE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.SharedMemory;

/** Channels in shared memory, beyond the contract of all transports. */
@Timeout(180)
class MappedTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** With the default capacity. */
    private static final int LONGEST_CLAIM = (32 << 10) - 8;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private String endpoint;
    private Path file;

    @BeforeEach
    void nameTheChannel() {
        endpoint = "mapped:" + tmp.name("channel");
        file = evidence.keep(tmp.sharedFile("channel"));
    }

    private MessageSender sender() {
        return Ipc.sender(endpoint);
    }

    private MessageReceiver receiver() {
        return Ipc.receiver(endpoint);
    }

    private static String textOf(byte[] message) {
        return message == null ? null : new String(message, UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    // ---- creating

    @Test
    void channel_createdByBothEndsAtOnce_isOne() throws Exception {
        for (int round = 0; round < Soak.scaled(20_000, 100); round++) {
            String name = "mapped:" + tmp.name("both") + "-" + round;
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<MessageSender> sending = CompletableFuture.supplyAsync(() -> {
                await(start);
                return Ipc.sender(name, OPEN_OR_CREATE);
            });
            await(start);
            try (MessageReceiver receiver = Ipc.receiver(name, OPEN_OR_CREATE);
                    MessageSender sender = sending.get(60, TimeUnit.SECONDS)) {
                assertEquals(SendStatus.SENT, sender.offer(bytes("hello")));
                assertEquals("hello", textOf(receiver.receive()));
            }
            Files.delete(tmp.sharedFile("both").resolveSibling(name.substring("mapped:".length())));
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void channel_outlivesBothEndsWithItsMessages() throws Exception {
        try (MessageSender sender = Ipc.sender(endpoint, CREATE_NEW)) {
            sender.send(bytes("one"));
            sender.send(bytes("two"));
        }
        try (MessageReceiver receiver = Ipc.receiver(endpoint, OPEN_EXISTING)) {
            assertEquals("one", textOf(receiver.receive()));
        }
        try (MessageSender sender = sender()) {
            sender.send(bytes("three"));
        }
        try (MessageReceiver receiver = receiver()) {
            assertEquals("two", textOf(receiver.receive()));
            assertEquals("three", textOf(receiver.receive()));
            assertNull(receiver.receive());
        }
    }

    @Test
    void newReceiver_waitsOnADrainedChannel() throws Exception {
        try (MessageSender sender = sender()) {
            sender.send(bytes("x"));
        }
        try (MessageReceiver receiver = receiver()) {
            assertEquals("x", textOf(receiver.receive()));
            assertNull(receiver.receive());
        }
        try (MessageReceiver receiver = receiver()) {
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1), "not closed: there was no sender yet");
            assertEquals(ReceiveResult.EMPTY, receiver.receive(ByteBuffer.allocate(1), Duration.ofMillis(30)));
            try (MessageSender sender = sender()) {
                assertTrue(sender.snapshot().connected());
            }
            assertNull(receiver.receive(), "a sender came and left without a message");
        }
    }

    @Test
    void capacity_isThatOfTheCreator() throws Exception {
        try (MessageSender sender = Ipc.sender(endpoint + "?capacity=100k", OPEN_OR_CREATE)) {
            assertEquals(128 << 10, sender.snapshot().capacityBytes());
            sender.claim((64 << 10) - 8).close();
            assertThrows(IllegalArgumentException.class, () -> sender.claim((64 << 10) - 7));
            try (MessageReceiver receiver = receiver()) {
                assertEquals(128 << 10, receiver.snapshot().capacityBytes());
            }
            Ipc.receiver(endpoint + "?capacity=128k", OPEN_OR_CREATE).close();
            String text = assertThrows(
                            ChannelException.class, () -> Ipc.receiver(endpoint + "?capacity=1m", OPEN_OR_CREATE))
                    .getMessage();
            assertTrue(text.contains("131072"), text);
        }
        assertThrows(IllegalArgumentException.class, () -> Ipc.sender(endpoint + "2?capacity=2g", OPEN_OR_CREATE));
        String unknown = assertThrows(IllegalArgumentException.class, () -> Ipc.receiver(endpoint + "2?policy=evict"))
                .getMessage();
        assertTrue(unknown.contains("expected: capacity, end, max, mode, senders"), unknown);
    }

    @Test
    void smallestCapacity_isAPage() throws Exception {
        endpoint += "?capacity=4k";
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            assertEquals(4096, sender.snapshot().capacityBytes());
            for (int i = 0; i < 10_000; i++) {
                int bytes = i % (4096 - 48 + 1);
                assertEquals(SendStatus.SENT, sender.offer(new byte[bytes]));
                assertEquals(bytes, receiver.receive().length);
            }
        }
    }

    @Test
    void regionWithOtherObjects_isRejected() {
        try (SharedMemory memory = SharedMemory.openOrCreate(file, 1 << 20)) {
            memory.semaphore("things", 1);
            String text = assertThrows(ChannelException.class, this::sender).getMessage();
            assertTrue(text.contains("holds other objects"), text);
            assertThrows(ChannelException.class, () -> Ipc.receiver(endpoint, OPEN_EXISTING));
        }
    }

    @Test
    @Scenario("ipc/17")
    @Scenario("research-ipc/33")
    @Scenario("research-ipc/34")
    @Scenario("research-ipc/35")
    void otherLayoutsAndFlippedBytes_areRejected() throws Exception {
        sender().close();
        byte[] good = Files.readAllBytes(file);
        for (int at : new int[] {0, 7, 8, 12, 14, 16, 24, 40, 64, 68, 100, 124, 127}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file, bad);
            assertThrows(ChannelException.class, this::sender, "byte " + at);
            assertThrows(ChannelException.class, this::receiver, "byte " + at);
            assertArrayEquals(bad, Files.readAllBytes(file), "left as it is");
        }
        for (int length : new int[] {good.length - 1, good.length / 2, good.length + 1, good.length + 4096}) {
            byte[] bad = Arrays.copyOf(good, length);
            Files.write(file, bad);
            assertThrows(ChannelException.class, this::sender, length + " bytes");
            assertThrows(ChannelException.class, this::receiver, length + " bytes");
            assertArrayEquals(bad, Files.readAllBytes(file), "left as it is");
        }
        Files.write(file, good);
        sender().close();
    }

    @Test
    @Scenario("ipc/18")
    @Scenario("research-ipc/38")
    void deletedRegion_isAClosedChannel() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            sender.send(bytes("last"));
            try (SharedMemory memory = SharedMemory.open(file)) {
                memory.delete();
            }
            assertEquals("last", textOf(receiver.receive()));
            assertNull(receiver.receive(), "no sender will find it");
            assertEquals(SendStatus.CLOSED, sender.offer(new byte[1]), "although there is room");
            assertEquals(SendStatus.CLOSED, sender.offer(ByteBuffer.allocate(1)));
            assertEquals(SendStatus.CLOSED, sender.send(new byte[1], LONG));
            assertThrows(ChannelClosedException.class, () -> sender.send(new byte[1]));
            assertThrows(ChannelClosedException.class, () -> sender.claim(1));
            assertNull(sender.tryClaim(1));
            try (Batch batch = sender.batch()) {
                assertEquals(SendStatus.CLOSED, batch.offer(new byte[1]));
                assertThrows(ChannelClosedException.class, () -> batch.send(new byte[1]));
            }
            try (MessageSender other = sender();
                    MessageReceiver next = receiver()) {
                other.send(bytes("new"));
                assertEquals("new", textOf(next.receive()));
            }
        }
    }

    @Test
    @Scenario("ipc/18")
    @Scenario("public-ipc/3")
    void unlinkedFile_closesItsChannel() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            sender.send(bytes("last"));
            Files.delete(file);
            try (MessageReceiver other = receiver()) {
                assertEquals(0, other.poll((b, o, l) -> {}, 1), "another channel of the same name");
            }
            assertEquals("last", textOf(receiver.receive()));
            Eventually.assertThat(LONG, "the sender notices", () -> sender.offer(bytes("x")) == SendStatus.CLOSED);
            while (receiver.receive() != null) {
                // what was sent before it was noticed
            }
            assertTrue(receiver.isChannelClosed());
        }
    }

    // ---- slots

    @Test
    @Scenario("ipc/24")
    void secondSender_isRejectedWithTheHoldersPid() {
        try (MessageSender sender = sender()) {
            ChannelBusyException busy = assertThrows(ChannelBusyException.class, this::sender);
            assertEquals(ProcessHandle.current().pid(), busy.pid());
            assertTrue(busy.getMessage().contains("sender is pid " + busy.pid()), busy.getMessage());
            assertEquals(SendStatus.SENT, sender.offer(new byte[1]));
        }
        sender().close();
    }

    @Test
    void snapshot_namesBothEnds() throws Exception {
        try (MessageSender sender = sender()) {
            assertEquals(1, sender.snapshot().peers().size());
            try (MessageReceiver receiver = receiver()) {
                sender.send(new byte[100]);
                ChannelSnapshot snapshot = sender.snapshot();
                ChannelSnapshot.Peer slowest = snapshot.slowestReceiver().orElseThrow();
                assertEquals(ProcessHandle.current().pid(), slowest.pid());
                assertEquals(112, slowest.lagBytes());
                assertTrue(slowest.toString().contains("lag 112 B"), slowest.toString());
                assertTrue(slowest.alive());
                assertTrue(snapshot.connected());
                receiver.receive();
                assertTrue(sender.snapshot().slowestReceiver().isEmpty());
            }
            assertTrue(!sender.snapshot().connected());
        }
    }

    // ---- claims

    @Test
    @Scenario("ipc/7")
    @Scenario("research-ipc/9")
    void claim_isSentOnlyByItsCommit() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            try (Claim claim = sender.claim(5)) {
                assertEquals(5, claim.buffer().capacity());
                assertEquals(ByteOrder.BIG_ENDIAN, claim.buffer().order());
                claim.buffer().put(bytes("given"));
            }
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1), "closed without a commit");

            Claim claim = sender.claim(5);
            claim.buffer().put(bytes("taken"));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1), "not yet");
            claim.commit();
            assertThrows(IllegalStateException.class, claim::commit);
            assertThrows(IllegalStateException.class, claim::buffer);
            claim.close();
            claim.close();
            assertEquals("taken", textOf(receiver.receive()));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1));

            Claim aborted = sender.claim(0);
            aborted.close();
            assertThrows(IllegalStateException.class, aborted::commit);
        }
    }

    @Test
    @Scenario("ipc/7")
    @Scenario("research-ipc/10")
    void openClaim_excludesOtherOperations() throws Exception {
        try (MessageSender sender = sender()) {
            Claim claim = sender.claim(8);
            assertThrows(IllegalStateException.class, () -> sender.claim(8));
            assertThrows(IllegalStateException.class, () -> sender.tryClaim(8));
            assertThrows(IllegalStateException.class, () -> sender.offer(new byte[1]));
            assertThrows(IllegalStateException.class, () -> sender.send(new byte[1]));
            assertThrows(IllegalStateException.class, sender::batch);
            claim.commit();
            try (Batch batch = sender.batch()) {
                assertThrows(IllegalStateException.class, () -> sender.claim(8));
                batch.offer(new byte[1]);
            }
            sender.claim(8).close();
        }
    }

    @Test
    void tryClaim_withoutRoom_returnsNull() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            int longest = LONGEST_CLAIM;
            assertThrows(IllegalArgumentException.class, () -> sender.tryClaim(longest + 1));
            assertThrows(IllegalArgumentException.class, () -> sender.claim(-1));
            Claim claim = sender.tryClaim(longest);
            assertNotNull(claim);
            claim.commit();
            assertNull(sender.tryClaim(longest));
            Background<Claim> claiming = Background.startAndBlock(() -> sender.claim(longest));
            assertEquals(longest, receiver.receive().length);
            claiming.get().close();
        }
    }

    @Test
    void blockedClaim_afterTheReceiverCloses_throws() throws Exception {
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            int longest = LONGEST_CLAIM;
            sender.send(new byte[longest]);
            Background<Claim> claiming = Background.startAndBlock(() -> sender.claim(longest));
            receiver.close();
            assertThrows(NotConnectedException.class, claiming::get);
        }
    }

    @Test
    void closedSender_discardsItsClaimAndPublishesItsBatch() throws Exception {
        MessageSender first = sender();
        Claim claim = first.claim(5);
        first.close();
        assertThrows(IllegalStateException.class, claim::commit);
        claim.close();
        MessageSender second = sender();
        Batch batch = second.batch();
        batch.offer(bytes("in a batch"));
        second.close();
        batch.close();
        assertThrows(IllegalStateException.class, () -> batch.offer(bytes("x")));
        try (MessageReceiver receiver = receiver()) {
            assertEquals("in a batch", textOf(receiver.receive()));
            assertNull(receiver.receive());
        }
    }

    // ---- batches

    @Test
    void batch_isReceivedAfterItsCommit() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            Batch batch = sender.batch();
            batch.offer(bytes("a"));
            batch.offer(bytes("b"));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
            sender.flush();
            assertEquals(2, receiver.poll((b, o, l) -> {}, 9));
            batch.offer(bytes("c"));
            batch.close();
            assertEquals(1, receiver.poll((b, o, l) -> {}, 9));
        }
    }

    @Test
    void batchThatFillsTheChannel_isPublished() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver();
                Batch batch = sender.batch()) {
            int sent = 0;
            while (batch.offer(new byte[1000]) == SendStatus.SENT) {
                sent++;
            }
            assertEquals(sent, receiver.poll((b, o, l) -> {}, Integer.MAX_VALUE));
            assertEquals(SendStatus.SENT, batch.offer(new byte[1000]));
        }
    }

    // ---- receivers that leave

    @Test
    void fullSender_reportsAClosedReceiverOnce() throws Exception {
        try (MessageSender sender = sender()) {
            receiver().close();
            MessageReceiver receiver = receiver();
            receiver.close();
            while (sender.offer(new byte[1000]) == SendStatus.SENT) {
                // until it is full: messages that have room are kept for the next receiver
            }
            assertEquals(SendStatus.NOT_CONNECTED, sender.offer(new byte[1000]));
            assertThrows(NotConnectedException.class, () -> sender.send(new byte[1000]));
            assertEquals(SendStatus.NOT_CONNECTED, sender.send(new byte[1000], Duration.ofMillis(20)));
            Background<Void> sending = Background.runAndBlock(() -> sender.send(bytes("patient")));
            try (MessageReceiver next = receiver()) {
                while (!"patient".equals(textOf(next.receive()))) {
                    // earlier messages
                }
                sending.get();
            }
        }
    }

    // ---- no allocation

    @Test
    void handlerForm_allocatesNothing() throws Exception {
        int messages = 400;
        byte[] message = new byte[64];
        ByteBuffer buffer = ByteBuffer.wrap(message);
        AtomicLong sum = new AtomicLong();
        MessageHandler handler = (b, offset, length) -> sum.addAndGet(b.getLong(offset));
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            long used = Allocation.leastOf(200, () -> {
                for (int i = 0; i < messages; i++) {
                    sender.offer(message);
                    sender.offer(buffer);
                }
                receiver.poll(handler, Integer.MAX_VALUE);
            });
            assertEquals(0, used, "bytes for " + 2 * messages + " messages");
        }
    }

    @Test
    void timedForm_allocatesOnlyItsResult() throws Exception {
        int messages = 400;
        ByteBuffer message = ByteBuffer.allocate(64);
        ByteBuffer into = ByteBuffer.allocate(64);
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            long used = Allocation.leastOf(200, () -> {
                try {
                    for (int i = 0; i < messages; i++) {
                        sender.send(message, LONG);
                        receiver.receive(into.clear(), LONG);
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            int result = 24;
            assertTrue(used <= messages * result, used + " bytes for " + messages + " messages");
        }
    }

    // ---- damage

    @Test
    @Scenario("ipc/19")
    void damagedChannel_isRejectedByBothEnds() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            sender.send(new byte[8]);
            scribble(file, capacityStart(), new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
            ChannelCorruptException damage =
                    assertThrows(ChannelCorruptException.class, () -> receiver.poll((b, o, l) -> {}, 1));
            assertEquals(0, damage.position());
            assertThrows(ChannelCorruptException.class, receiver::receive);
            assertThrows(ChannelCorruptException.class, () -> {
                while (true) {
                    sender.send(new byte[1000]);
                }
            });
        }
        assertThrows(ChannelCorruptException.class, this::sender);
        assertThrows(ChannelCorruptException.class, this::receiver);
    }

    @Test
    @Scenario("ipc/19")
    @Scenario("research-ipc/37")
    void randomBytesUnderLoad_areReportedAsDamage() throws Exception {
        int rounds = Soak.scaled(2_000, 15);
        Random random = new Random(19);
        for (int round = 0; round < rounds; round++) {
            Files.deleteIfExists(file);
            AtomicBoolean stop = new AtomicBoolean();
            try (MessageSender sender = sender();
                    MessageReceiver receiver = receiver()) {
                Background<Throwable> sending = Background.start(() -> damageOf(() -> {
                    while (!stop.get()) {
                        sender.send(new byte[random.nextInt(200)], Duration.ofMillis(5));
                    }
                }));
                Background<Throwable> receiving = Background.start(() -> damageOf(() -> {
                    ByteBuffer into = ByteBuffer.allocate(LONGEST_CLAIM);
                    while (!stop.get()) {
                        receiver.receive(into.clear(), Duration.ofMillis(5));
                    }
                }));
                long start = capacityStart() - 1024;
                for (int i = 0; i < 20; i++) {
                    byte[] noise = new byte[random.nextInt(16) + 1];
                    random.nextBytes(noise);
                    boolean head = random.nextInt(3) == 0;
                    scribble(file, start + (head ? random.nextInt(1000) : 1024 + random.nextInt(60_000)), noise);
                }
                stop.set(true);
                assertNull(sending.get());
                assertNull(receiving.get());
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Returns what the work threw, or null if it was nothing or the expected exception. */
    private static Throwable damageOf(Work work) {
        try {
            work.run();
            return null;
        } catch (ChannelCorruptException e) {
            return null;
        } catch (Throwable t) {
            return t;
        }
    }

    /** Returns the offset of the lane in a channel of the default capacity. */
    private long capacityStart() throws IOException {
        byte[] all = Files.readAllBytes(file);
        ByteBuffer header = ByteBuffer.wrap(all).order(ByteOrder.nativeOrder());
        return header.getInt(80) + 1024;
    }

    private static void scribble(Path file, long at, byte[] noise) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(noise), at);
        }
    }

    // ---- wake-ups

    @Test
    @Scenario("ipc/25")
    void manyRoundTrips_loseNoWakeUp() throws Exception {
        int count = Soak.scaled(1_000_000, 5_000);
        String back = endpoint + "-back";
        try (MessageSender ping = sender();
                MessageReceiver atPong = receiver();
                MessageSender pong = Ipc.sender(back, OPEN_OR_CREATE);
                MessageReceiver atPing = Ipc.receiver(back, OPEN_OR_CREATE);
                PlainWakeUps plain = new PlainWakeUps(1, 9_000_000)) {
            Background<Void> answering = Background.start(() -> {
                for (int i = 0; i < count; i++) {
                    pong.send(atPong.receive());
                }
                return null;
            });
            byte[] message = new byte[8];
            List<Long> slow = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                ping.send(message);
                assertEquals(ReceiveResult.message(8), atPing.receive(ByteBuffer.allocate(8), LONG));
                long passed = System.nanoTime() - start;
                if (passed > 9_000_000) {
                    slow.add(passed);
                }
                plain.wake();
            }
            answering.get();
            // A lost wake-up costs a slice of 7.5 ms or more; the scheduler of a busy machine causes such times as
            // well.
            assertTrue(
                    slow.size() < count / 100 + 3 * plain.slow(),
                    slow.size() + " of " + count + " took a slice, " + plain.slow() + " plain ones: " + slow);
        }
    }
}
