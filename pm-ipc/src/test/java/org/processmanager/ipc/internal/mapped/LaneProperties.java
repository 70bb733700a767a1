package org.processmanager.ipc.internal.mapped;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.ipc.Delivery;

/** Compares a lane with a queue. */
class LaneProperties {
    /** One step of a sender, a receiver or a successor. */
    enum Action {
        OFFER,
        POLL,
        BATCH,
        COMMIT,
        NEW_WRITER,
        NEW_READER
    }

    record Step(Action action, int number) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Action> actions = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(12, Action.OFFER),
                net.jqwik.api.Tuple.of(6, Action.POLL),
                net.jqwik.api.Tuple.of(2, Action.BATCH),
                net.jqwik.api.Tuple.of(2, Action.COMMIT),
                net.jqwik.api.Tuple.of(1, Action.NEW_WRITER),
                net.jqwik.api.Tuple.of(1, Action.NEW_READER));
        return Combinators.combine(actions, Arbitraries.integers().between(0, 120))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    @Property
    void lane_behavesLikeAQueue(@ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 6, max = 9) int log) {
        LaneFixture lane = new LaneFixture(1 << log);
        int longest = LaneLayout.maxMessageBytes(1 << log);
        ArrayDeque<byte[]> committed = new ArrayDeque<>();
        ArrayDeque<byte[]> held = new ArrayDeque<>();
        boolean batch = false;
        int seed = 0;
        for (Step step : steps) {
            switch (step.action) {
                case OFFER -> {
                    byte[] message = new byte[Math.min(step.number, longest)];
                    new Random(seed++).nextBytes(message);
                    if (lane.offer(message)) {
                        (batch ? held : committed).add(message);
                    } else {
                        assertTrue(committed.size() + held.size() > 0, "an empty lane takes every message");
                    }
                }
                case POLL -> {
                    int limit = step.number % 7 + 1;
                    List<byte[]> got = lane.poll(limit);
                    assertEquals(Math.min(limit, committed.size()), got.size());
                    got.forEach(message -> assertArrayEquals(committed.poll(), message));
                }
                case BATCH -> {
                    batch = true;
                    lane.inBatch = true;
                }
                case COMMIT -> {
                    lane.writer.commitBatch();
                    lane.inBatch = false;
                    batch = false;
                    committed.addAll(held);
                    held.clear();
                }
                case NEW_WRITER -> {
                    lane.writer = new LaneWriter(lane.memory, LaneFixture.CHANNEL, 1 << log, "lane");
                    batch = false;
                    lane.inBatch = false;
                    held.clear();
                }
                case NEW_READER -> lane.reader = lane.newReader();
                default -> throw new AssertionError(step);
            }
        }
        lane.poll(Integer.MAX_VALUE).forEach(message -> assertArrayEquals(committed.poll(), message));
        assertEquals(0, committed.size());
    }

    @Test
    @Timeout(600)
    @Scenario("ipc/6")
    @Scenario("research-ipc/6")
    void twoThreads_passRandomSizesInOrderAndWhole() throws Exception {
        long count = Soak.scaled(10_000_000L, 100_000L);
        LaneFixture lane = new LaneFixture(8192);
        AtomicLong sent = new AtomicLong();
        Thread writing = new Thread(() -> {
            Random random = new Random(6);
            CRC32C crc = new CRC32C();
            for (long i = 0; i < count; i++) {
                byte[] message = new byte[12 + random.nextInt(random.nextInt(20) == 0 ? 4000 : 100)];
                random.nextBytes(message);
                ByteBuffer view = ByteBuffer.wrap(message).putLong(0, i);
                crc.reset();
                crc.update(message, 0, message.length - 4);
                view.putInt(message.length - 4, (int) crc.getValue());
                while (!lane.offer(message)) {
                    Thread.onSpinWait();
                    if (Thread.interrupted()) {
                        return;
                    }
                    Thread.yield();
                }
                sent.incrementAndGet();
            }
        });
        writing.start();
        try {
            AtomicLong next = new AtomicLong();
            CRC32C crc = new CRC32C();
            while (next.get() < count) {
                int read = lane.reader.read(
                        (buffer, offset, length) -> {
                            assertEquals(next.getAndIncrement(), buffer.getLong(offset));
                            crc.reset();
                            crc.update(buffer.slice(offset, length - 4));
                            assertEquals((int) crc.getValue(), buffer.getInt(offset + length - 4));
                        },
                        100,
                        Delivery.AT_MOST_ONCE);
                if (read == 0) {
                    assertFalse(Thread.interrupted(), "the watchdog's");
                    Thread.yield();
                }
            }
        } finally {
            writing.interrupt();
            writing.join();
        }
        assertEquals(count, sent.get());
        assertNotNull(lane.memory);
    }
}
