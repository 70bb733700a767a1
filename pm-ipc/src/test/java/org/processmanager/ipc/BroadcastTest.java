package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.SharedMemory;

/** What broadcasts do beside the contract of all transports. */
@Timeout(180)
class BroadcastTest {
    /** What a lost wake-up costs, at least. */
    private static final long A_SLICE_NANOS = 9_000_000;

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String endpoint;

    @BeforeEach
    void nameTheChannel() {
        endpoint = "mapped:" + tmp.name("channel") + "?mode=broadcast";
    }

    private MessageSender sender(String options) {
        return Ipc.sender(endpoint + options);
    }

    private MessageReceiver receiver(String options) {
        return Ipc.receiver(endpoint + options);
    }

    private RegionSnapshot.NamedObject inspect() {
        return SharedMemory.snapshot(ChannelPath.of(Endpoint.parse(endpoint)))
                .objects()
                .get(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String textOf(byte[] message) {
        return new String(message, UTF_8);
    }

    /** A message whose every byte depends on its number. */
    private static byte[] message(long number, int length) {
        byte[] message = new byte[Math.max(length, Long.BYTES)];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) (number * 31 + i);
        }
        ByteBuffer.wrap(message).putLong(0, number);
        return message;
    }

    private static void check(ByteBuffer buffer, int offset, int length) {
        byte[] found = new byte[length];
        buffer.get(offset, found);
        assertArrayEquals(message(buffer.getLong(offset), length), found);
    }

    // ---- all receive all

    @Test
    void eachReceiver_getsEveryMessage() throws Exception {
        try (MessageSender sender = sender("");
                MessageReceiver one = receiver("");
                MessageReceiver two = receiver("&policy=dropOldest");
                MessageReceiver three = receiver("&policy=evict&lag=32k")) {
            for (int i = 0; i < 1_000; i++) {
                sender.send(message(i, i % 300));
                for (MessageReceiver receiver : List.of(one, two, three)) {
                    assertEquals(i, ByteBuffer.wrap(receiver.receive()).getLong());
                }
            }
            assertEquals(0, two.snapshot().missedMessages());
        }
    }

    @Test
    @Scenario("research-ipc/51")
    void lateReceiver_startsAtTheFrontier() throws Exception {
        try (MessageSender sender = sender("")) {
            sender.send(bytes("early"));
            try (MessageReceiver block = receiver("");
                    MessageReceiver drop = receiver("&policy=dropOldest");
                    MessageReceiver evict = receiver("&policy=evict")) {
                sender.send(bytes("late"));
                for (MessageReceiver receiver : List.of(block, drop, evict)) {
                    assertEquals("late", textOf(receiver.receive()));
                }
            }
        }
    }

    @Test
    void sleepingReceivers_areAllWoken() throws Exception {
        try (MessageSender sender = sender("");
                MessageReceiver one = receiver("");
                MessageReceiver two = receiver("");
                MessageReceiver three = receiver("&policy=dropOldest")) {
            List<Background<byte[]>> receiving = List.of(
                    Background.startAndBlock(one::receive),
                    Background.startAndBlock(two::receive),
                    Background.startAndBlock(three::receive));
            sender.send(bytes("x"));
            for (Background<byte[]> each : receiving) {
                assertEquals("x", textOf(each.get()));
            }
        }
    }

    @Test
    @Scenario("ipc/25")
    void manyRoundTrips_loseNoWakeUp() throws Exception {
        int count = Soak.scaled(50_000, 1_000);
        List<Long> slow = new ArrayList<>();
        int busyMachine;
        try (MessageSender sender = sender("");
                MessageReceiver one = receiver("");
                MessageReceiver two = receiver("");
                PlainWakeUps plain = new PlainWakeUps(2, A_SLICE_NANOS)) {
            AtomicLong received = new AtomicLong();
            Background<Void> first = Background.run(() -> one.forEach(message -> received.incrementAndGet()));
            Background<Void> second = Background.run(() -> two.forEach(message -> received.incrementAndGet()));
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                sender.send(new byte[8]);
                while (received.get() < 2L * (i + 1)) {
                    Thread.onSpinWait();
                }
                if (System.nanoTime() - start > A_SLICE_NANOS) {
                    slow.add(System.nanoTime() - start);
                }
                plain.wake();
            }
            busyMachine = plain.slow();
            sender.close();
            first.get();
            second.get();
        }
        assertTrue(
                slow.size() < count / 100 + 3 * busyMachine,
                slow.size() + " of " + count + " took a slice, " + busyMachine + " plain ones: " + slow);
    }

    // ---- policies

    @Test
    @Scenario("research-ipc/43")
    void blockingReceiver_holdsTheSenderUpAndIsNamed() throws Exception {
        try (MessageSender sender = sender("");
                MessageReceiver slow = receiver("");
                MessageReceiver quick = receiver("&policy=dropOldest")) {
            int sent = 0;
            while (sender.offer(message(sent, 1_000)) == SendStatus.SENT) {
                sent++;
            }
            assertEquals(64, sent, "1000 bytes and a header of 16 take 1016: 64 of them in 64k");
            assertEquals(SendStatus.FULL, sender.send(message(sent, 1_000), Duration.ofMillis(20)));
            ChannelSnapshot.Peer slowest = sender.snapshot().slowestReceiver().orElseThrow();
            assertEquals(ProcessHandle.current().pid(), slowest.pid());
            assertEquals(64 * 1016, slowest.lagBytes());
            Background<Void> sending = Background.runAndBlock(() -> sender.send(message(64, 1_000)));
            assertEquals(0, ByteBuffer.wrap(slow.receive()).getLong());
            sending.get();
            assertEquals(64, slow.poll(BroadcastTest::check, 99));
            assertTrue(quick.poll(BroadcastTest::check, 99) > 0);
        }
    }

    @Test
    @Scenario("research-ipc/43")
    @Scenario("research-ipc/51")
    void droppingReceiver_countsWhatItMissed() throws Exception {
        int count = 1_000;
        try (MessageReceiver receiver = receiver("&policy=dropOldest")) {
            try (MessageSender sender = sender("")) {
                for (int i = 0; i < count; i++) {
                    assertEquals(SendStatus.SENT, sender.offer(message(i, 1_000)));
                }
                List<Long> got = new ArrayList<>();
                receiver.poll((b, o, l) -> got.add(b.getLong(o)), Integer.MAX_VALUE);
                assertEquals(count - got.size(), receiver.snapshot().missedMessages());
                assertTrue(got.size() >= 32 && got.size() < 64, got.size() + " of 64 were kept");
                for (int i = 0; i < got.size(); i++) {
                    assertEquals(count - got.size() + i, got.get(i), "the last ones, in order");
                }
                assertEquals(
                        count - got.size(), sender.snapshot().peers().get(1).missedMessages());
                assertTrue(
                        inspect().state().endsWith("missed " + (count - got.size()) + ")"),
                        inspect().state());
            }
            assertNull(receiver.receive());
        }
    }

    @Test
    @Scenario("research-ipc/43")
    void laggingReceiver_isEvictedAndTold() throws Exception {
        try (MessageSender sender = sender("");
                MessageReceiver patient = receiver("&policy=evict&lag=16k")) {
            int sent = 0;
            while (!inspect().state().contains("evicted")) {
                assertEquals(SendStatus.SENT, sender.offer(message(sent++, 1_000)));
            }
            assertEquals(17, sent, "16 take 16256 bytes");
            ReceiverEvictedException evicted =
                    assertThrows(ReceiverEvictedException.class, () -> patient.poll((b, o, l) -> {}, 1));
            assertEquals(17 * 1016, evicted.lagBytes());
            assertTrue(evicted.getMessage().contains("17272 B"), evicted.getMessage());
            assertTrue(evicted.getMessage().contains("16384"), evicted.getMessage());
            assertThrows(ReceiverEvictedException.class, patient::receive);
            assertEquals(17272, patient.snapshot().backlogBytes());
            try (MessageReceiver next = receiver("&policy=evict")) {
                for (int i = 0; i < 200; i++) {
                    sender.send(message(i, 1_000));
                    assertEquals(i, ByteBuffer.wrap(next.receive()).getLong());
                }
            }
        }
    }

    @Test
    void evictedReceiver_asleep_wakesUp() throws Exception {
        try (MessageSender sender = sender("");
                MessageReceiver receiver = receiver("&policy=evict&lag=100")) {
            AtomicBoolean first = new AtomicBoolean(true);
            CompletableFuture<Void> sent = new CompletableFuture<>(); // then this thread is outside the sender
            Background<Void> receiving = Background.run(() -> receiver.forEach((b, o, l) -> {
                if (first.getAndSet(false)) {
                    sent.join();
                    for (int i = 0; i < 5; i++) {
                        assertEquals(SendStatus.SENT, sender.offer(new byte[50]));
                    }
                }
            }));
            sender.send(new byte[50]);
            sent.complete(null);
            assertThrows(ReceiverEvictedException.class, receiving::get);
        }
    }

    @Test
    void messageAboveTheLag_evictsNoReceiverThatKeepsUp() throws Exception {
        try (MessageSender sender = sender("");
                MessageReceiver receiver = receiver("&policy=evict&lag=100")) {
            for (int i = 0; i < 100; i++) {
                sender.send(message(i, 5_000));
                assertEquals(i, ByteBuffer.wrap(receiver.receive()).getLong());
            }
        }
    }

    @Test
    @Scenario("research-ipc/43")
    void threePoliciesAndSpeeds_accountForEveryMessage() throws Exception {
        long count = Soak.scaled(5_000_000, 60_000);
        try (MessageReceiver block = receiver("");
                MessageReceiver drop = receiver("&policy=dropOldest");
                MessageReceiver slowDrop = receiver("&policy=dropOldest")) {
            MessageSender sender = sender("");
            CountDownLatch overtaken = new CountDownLatch(1);
            List<Background<Long>> receiving = new ArrayList<>();
            for (MessageReceiver receiver : List.of(block, drop, slowDrop)) {
                boolean slow = receiver == slowDrop;
                receiving.add(Background.start(() -> receiveAll(receiver, slow ? overtaken : new CountDownLatch(0))));
            }
            Random lengths = new Random(3);
            for (long i = 0; i < count; i++) {
                sender.send(message(i, lengths.nextInt(lengths.nextInt(100) == 0 ? 10_000 : 100)));
                if (i == count / 2) {
                    overtaken.countDown();
                }
            }
            sender.close();
            List<MessageReceiver> receivers = List.of(block, drop, slowDrop);
            for (int i = 0; i < 3; i++) {
                long received = receiving.get(i).get();
                ChannelSnapshot snapshot = receivers.get(i).snapshot();
                assertEquals(received, snapshot.messages());
                assertEquals(count, received + snapshot.missedMessages(), "receiver " + i);
            }
            assertEquals(0, block.snapshot().missedMessages());
            assertTrue(slowDrop.snapshot().missedMessages() > 0, "it was overtaken");
        }
    }

    /**
     * Receives until the channel is closed; checks each message and that the numbers rise by 1 and what was missed. Halts in
     * the first message until the latch is open.
     */
    private static long receiveAll(MessageReceiver receiver, CountDownLatch start) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        AtomicLong received = new AtomicLong();
        LongSupplier missed = () -> next.get() - received.get();
        receiver.forEach((buffer, offset, length) -> {
            check(buffer, offset, length);
            long number = buffer.getLong(offset);
            assertTrue(number >= next.get(), number + " after " + next.get());
            next.set(number + 1);
            received.incrementAndGet();
            assertTrue(Uninterruptibles.await(start, LONG.toNanos()));
        });
        assertEquals(missed.getAsLong(), receiver.snapshot().missedMessages());
        return received.get();
    }

    // ---- slots and options

    @Test
    @Scenario("ipc/24")
    @Scenario("research-ipc/50")
    void oneReceiverTooMany_isRejectedWithAHoldersPid() {
        try (MessageReceiver one = receiver("&receivers=2");
                MessageReceiver two = receiver("&receivers=2")) {
            ChannelBusyException busy = assertThrows(ChannelBusyException.class, () -> receiver(""));
            assertEquals(ProcessHandle.current().pid(), busy.pid());
            assertTrue(busy.getMessage().contains("receivers=3"), busy.getMessage());
            two.close();
            receiver("").close();
            assertEquals(0, one.poll((b, o, l) -> {}, 1));
        }
    }

    @Test
    void badOptions_areRejectedAndCreateNothing() {
        for (String bad : List.of(
                "&receivers=0",
                "&receivers=65",
                "&receivers=x",
                "&policy=some",
                "&lag=0",
                "&lag=5",
                "&policy=block&lag=64k",
                "&policy=evict&lag=2g")) {
            String key = bad.contains("lag") ? "lag" : bad.substring(1, bad.indexOf('='));
            String text = assertThrows(IllegalArgumentException.class, () -> receiver(bad))
                    .getMessage();
            assertTrue(text.contains("option " + key), text);
            assertThrows(IllegalArgumentException.class, () -> sender(bad), bad);
        }
        String unknown = assertThrows(
                        IllegalArgumentException.class, () -> Ipc.sender("mapped:" + tmp.name("channel") + "?mode=all"))
                .getMessage();
        assertTrue(unknown.contains("broadcast"), unknown);
        assertFalse(Files.exists(tmp.sharedFile("channel")));
    }

    @Test
    void otherShapeOrForm_isRejected() {
        try (MessageSender sender = sender("&capacity=4k&receivers=3")) {
            assertEquals(4096, sender.snapshot().capacityBytes());
            assertEquals(1008, sender.maxMessageBytes());
            for (String other : List.of("&capacity=8k", "&receivers=4")) {
                String text = assertThrows(ChannelException.class, () -> receiver(other))
                        .getMessage();
                assertTrue(text.contains(other.substring(1, other.indexOf('=') + 1)), text);
            }
            receiver("&capacity=4k&receivers=3").close();
        }
        String lane = "mapped:" + tmp.name("lane");
        try (MessageSender sender = Ipc.sender(lane)) {
            String text = assertThrows(ChannelException.class, () -> Ipc.receiver(lane + "?mode=broadcast"))
                    .getMessage();
            assertTrue(text.contains("channel"), text);
            assertEquals(SendStatus.SENT, sender.offer(bytes("x")));
        }
        assertTrue(Ipc.delete(endpoint.substring(0, endpoint.indexOf('?'))), "whatever its form");
    }

    @Test
    void inspection_describesTheEnds() throws Exception {
        try (MessageSender sender = sender("")) {
            assertEquals("broadcast", inspect().type());
            assertEquals("sender, no receiver", inspect().state());
            try (MessageReceiver receiver = receiver("")) {
                sender.send(new byte[100]);
                assertEquals("sender, receiver (block, lag 120 B)", inspect().state());
                assertEquals(2, inspect().owners().size());
                receiver.receive();
                assertEquals("sender, receiver (block, lag 0 B)", inspect().state());
            }
        }
        assertEquals("no sender, no receiver", inspect().state());
    }

    // ---- claims and batches

    @Test
    void claim_isSeenOnlyAfterItsCommit() throws Exception {
        try (MessageSender sender = sender("");
                MessageReceiver block = receiver("");
                MessageReceiver drop = receiver("&policy=dropOldest")) {
            sender.send(bytes("before"));
            Claim claim = sender.claim(5);
            claim.buffer().put(bytes("given"));
            for (MessageReceiver receiver : List.of(block, drop)) {
                assertEquals("before", textOf(receiver.receive()));
                assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
            }
            claim.commit();
            assertThrows(IllegalStateException.class, claim::commit);
            sender.claim(7).close();
            sender.send(bytes("after"));
            for (MessageReceiver receiver : List.of(block, drop)) {
                assertEquals("given", textOf(receiver.receive()));
                assertEquals("after", textOf(receiver.receive()));
            }
        }
    }

    @Test
    @Scenario("research-ipc/43")
    @Scenario("forms/1")
    void messageBeingOverwritten_isMissedAndNotTorn() throws Exception {
        for (String policy : List.of("dropOldest", "evict")) {
            try (MessageSender sender = sender("&capacity=4k");
                    MessageReceiver receiver = receiver("&policy=" + policy)) {
                for (int i = 0; i < 4; i++) {
                    sender.send(message(i, 1_000));
                }
                Claim claim = sender.claim(1_000); // in place of message 0
                claim.buffer().put(new byte[1_000]);
                List<Long> got = new ArrayList<>();
                MessageHandler handler = (b, o, l) -> {
                    check(b, o, l);
                    got.add(b.getLong(o));
                };
                if (policy.equals("evict")) {
                    assertThrows(ReceiverEvictedException.class, () -> receiver.poll(handler, 9));
                    assertEquals(List.of(), got);
                } else {
                    receiver.poll(handler, 9);
                    assertEquals(3, got.get(got.size() - 1));
                    assertEquals(4 - got.size(), receiver.snapshot().missedMessages());
                    assertTrue(got.size() < 4, "message 0 was missed");
                }
                claim.close();
            }
        }
    }

    @Test
    void openBatch_isPublishedAsALapGoesOn() throws Exception {
        try (MessageSender sender = sender("");
                MessageReceiver receiver = receiver("");
                Batch batch = sender.batch()) {
            for (int i = 0; i < 9; i++) {
                assertEquals(SendStatus.SENT, batch.offer(message(i, 1_000)));
            }
            assertEquals(9, receiver.poll(BroadcastTest::check, 99), "an eighth of the capacity");
            assertEquals(SendStatus.SENT, batch.offer(message(9, 1_000)));
            assertEquals(0, receiver.poll(BroadcastTest::check, 99));
        }
    }

    // ---- no allocation, damage

    @Test
    void handlerForm_allocatesNothing() throws Exception {
        int messages = 400;
        byte[] message = new byte[64];
        AtomicLong sum = new AtomicLong();
        MessageHandler handler = (b, offset, length) -> sum.addAndGet(b.getLong(offset));
        try (MessageSender sender = sender("");
                MessageReceiver block = receiver("");
                MessageReceiver drop = receiver("&policy=dropOldest")) {
            long used = Allocation.leastOf(200, () -> {
                for (int i = 0; i < messages; i++) {
                    sender.offer(message);
                }
                block.poll(handler, Integer.MAX_VALUE);
                drop.poll(handler, Integer.MAX_VALUE);
            });
            assertEquals(0, used, "bytes for " + messages + " messages");
        }
    }

    @Test
    @Scenario("ipc/19")
    void damagedRecord_isReportedByAllEnds() throws Exception {
        for (String policy : List.of("block", "dropOldest", "evict")) {
            try (MessageSender sender = sender("");
                    MessageReceiver receiver = receiver("&policy=" + policy)) {
                sender.send(new byte[8]);
                scribble(laneStart(), new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
                ChannelCorruptException damage =
                        assertThrows(ChannelCorruptException.class, () -> receiver.poll((b, o, l) -> {}, 1));
                assertEquals(0, damage.position());
                assertThrows(ChannelCorruptException.class, receiver::receive);
                assertEquals("damaged", inspect().state());
            }
            assertThrows(ChannelCorruptException.class, () -> sender(""));
            assertThrows(ChannelCorruptException.class, () -> receiver(""));
            Files.delete(tmp.sharedFile("channel"));
        }
    }

    @Test
    @Scenario("ipc/19")
    void randomBytesUnderLoad_areReportedAsDamage() throws Exception {
        int rounds = Soak.scaled(300, 10);
        Random random = new Random(19);
        for (int round = 0; round < rounds; round++) {
            Files.deleteIfExists(tmp.sharedFile("channel"));
            AtomicBoolean stop = new AtomicBoolean();
            try (MessageSender sender = sender("");
                    MessageReceiver block = receiver("");
                    MessageReceiver drop = receiver("&policy=dropOldest")) {
                List<Background<Throwable>> parties = new ArrayList<>();
                parties.add(Background.start(() -> damageOf(() -> {
                    while (!stop.get()) {
                        sender.send(new byte[random.nextInt(200)], Duration.ofMillis(5));
                    }
                })));
                for (MessageReceiver receiver : List.of(block, drop)) {
                    parties.add(Background.start(() -> damageOf(() -> {
                        ByteBuffer into = ByteBuffer.allocate(sender.maxMessageBytes());
                        while (!stop.get()) {
                            receiver.receive(into.clear(), Duration.ofMillis(5));
                        }
                    })));
                }
                long start = laneStart();
                for (int i = 0; i < 20; i++) {
                    byte[] noise = new byte[random.nextInt(16) + 1];
                    random.nextBytes(noise);
                    boolean head = random.nextInt(3) == 0;
                    scribble(head ? start - 1 - random.nextInt(4_000) : start + random.nextInt(60_000), noise);
                }
                stop.set(true);
                for (Background<Throwable> party : parties) {
                    assertNull(party.get());
                }
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Returns what the work threw, or null if it was nothing or an expected exception. */
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

    /** Returns the offset of the lane in a channel for the default number of receivers. */
    private long laneStart() throws IOException {
        byte[] all = Files.readAllBytes(tmp.sharedFile("channel"));
        ByteBuffer header = ByteBuffer.wrap(all).order(ByteOrder.nativeOrder());
        return header.getInt(80) + 2688 + 8 * 256;
    }

    private void scribble(long at, byte[] noise) throws IOException {
        try (FileChannel file = FileChannel.open(tmp.sharedFile("channel"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(noise), at);
        }
    }
}
