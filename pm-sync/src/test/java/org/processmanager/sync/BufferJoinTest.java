package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.SharedBoundedBuffer.OnConsumerDeath;
import org.processmanager.sync.Threads.Running;

/** {@code join()}: what Python's tests of {@code Queue.join()} and {@code task_done()} check, and items that come back. */
class BufferJoinTest {
    private static final int CELLS = 4;
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory otherMemory;
    private SharedBoundedBuffer buffer;
    private SharedBoundedBuffer other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("b"), SharedMemory.megabytes(1));
        otherMemory = SharedMemory.open(tmp.name("b"));
        buffer = memory.boundedBuffer("buffer", CELLS, 8);
        other = otherMemory.boundedBuffer("buffer", CELLS, 8);
    }

    @AfterEach
    void close() {
        otherMemory.close();
        memory.close();
    }

    private Running<Void> joiner() {
        return Threads.<Void>start(() -> {
                    other.join();
                    return null;
                })
                .awaitAsleep();
    }

    @Test
    void join_ofEmptyBuffer_returnsAtOnce() throws InterruptedException {
        buffer.join();
        buffer.joinUninterruptibly();
        assertTrue(buffer.join(Duration.ZERO));
    }

    @Test
    void join_waitsUntilEachItemIsAcked() throws InterruptedException {
        buffer.put(new byte[1]);
        buffer.put(new byte[2]);
        assertFalse(other.join(SHORT));
        Running<Void> joiner = joiner();
        UnackedItem first = buffer.takeUnacked();
        UnackedItem second = buffer.takeUnacked();
        second.ack();
        assertFalse(other.join(SHORT), "an item is held");
        assertFalse(joiner.isDone());
        first.ack();
        joiner.result();
    }

    @Test
    void join_endsWhenTheLastCopyIsTaken() throws InterruptedException {
        buffer.put(new byte[1]);
        buffer.put(new byte[2]);
        Running<Void> joiner = joiner();
        buffer.take();
        assertFalse(other.join(SHORT));
        buffer.take();
        joiner.result();
    }

    @Test
    void item_givenBack_isNotDone() throws InterruptedException {
        buffer.put(new byte[1]);
        Running<Void> joiner = joiner();
        buffer.takeUnacked().close();
        assertFalse(other.join(SHORT));
        UnackedItem again = buffer.takeUnacked();
        assertTrue(again.redelivered());
        assertFalse(other.join(SHORT));
        assertFalse(joiner.isDone());
        again.ack();
        joiner.result();
    }

    @Test
    void item_dropped_isDone() throws InterruptedException {
        SharedBoundedBuffer dropping = memory.boundedBuffer("drops", CELLS, 8, OnConsumerDeath.DROP);
        dropping.put(new byte[1]);
        UnackedItem item = dropping.takeUnacked();
        assertFalse(dropping.join(SHORT));
        item.close();
        assertTrue(dropping.join(SHORT));
    }

    @Test
    void item_ofClosedHandle_isNotDone() throws InterruptedException {
        buffer.put(new byte[1]);
        other.takeUnacked();
        otherMemory.close();
        assertFalse(buffer.join(Duration.ofMillis(150)), "long enough to repair");
        assertEquals(1, buffer.take().length);
        assertTrue(buffer.join(Duration.ofSeconds(20)));
    }

    @Test
    void join_withDrainAndClear_counts() throws InterruptedException {
        buffer.put(new byte[1]);
        buffer.put(new byte[2]);
        Running<Void> joiner = joiner();
        assertEquals(1, buffer.drainTo(new ArrayList<>(), 1));
        assertFalse(joiner.isDone());
        buffer.clear();
        joiner.result();
    }

    /** As test_queue.queue_join_test: workers take many items, and the producer joins twice. */
    @Test
    void join_ofWorkers_waitsForAllItems() throws InterruptedException {
        SharedLong sum = memory.atomicLong("sum");
        List<Running<Void>> workers = Threads.startAll(2, number -> {
            SharedBoundedBuffer mine = number == 0 ? buffer : other;
            UnackedItem item = mine.takeUnacked();
            while (item != null) {
                sum.addAndGet(item.bytes().length);
                item.ack();
                item = mine.takeUnacked();
            }
        });
        int items = Soak.scaled(10_000, 100);
        for (int round = 1; round <= 2; round++) {
            for (int i = 0; i < items; i++) {
                buffer.put(new byte[i % 3]);
            }
            buffer.join();
            assertEquals((long) round * (items - (items + 2) / 3 + items / 3), sum.get());
        }
        buffer.end();
        workers.forEach(Running::result);
    }

    /** An item is not done before the items that its consumer puts while it has it. */
    @Test
    void join_waitsForItemsThatWorkersPut() throws InterruptedException {
        SharedLong done = memory.atomicLong("done");
        int depth = Soak.scaled(12, 7);
        SharedBoundedBuffer tree = memory.boundedBuffer("tree", 1 << depth, 1);
        SharedBoundedBuffer otherTree = otherMemory.boundedBuffer("tree", 1 << depth, 1);
        tree.put(new byte[] {(byte) depth});
        List<Running<Void>> workers = Threads.startAll(3, number -> {
            SharedBoundedBuffer mine = number == 0 ? tree : otherTree;
            UnackedItem item = mine.takeUnacked();
            while (item != null) {
                byte left = item.bytes()[0];
                if (left > 1) {
                    mine.put(new byte[] {(byte) (left - 1)});
                    mine.put(new byte[] {(byte) (left - 1)});
                }
                done.incrementAndGet();
                item.ack();
                item = mine.takeUnacked();
            }
        });
        tree.join();
        assertEquals((1 << depth) - 1, done.get());
        tree.end();
        workers.forEach(Running::result);
    }

    @Test
    void join_whileOthersPutAndTake_findsTheMoment() throws InterruptedException {
        List<Running<Void>> joiners = List.of(joinOf(buffer), joinOf(other));
        for (int i = 0; i < 1_000; i++) {
            buffer.put(new byte[1]);
            assertArrayEquals(new byte[1], other.take());
        }
        joiners.forEach(Running::result);
    }

    private static Running<Void> joinOf(SharedBoundedBuffer buffer) {
        return Threads.start(() -> {
            buffer.join();
            return null;
        });
    }
}
