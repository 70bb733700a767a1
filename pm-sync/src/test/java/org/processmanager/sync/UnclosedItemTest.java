package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.SharedBoundedBuffer.OnConsumerDeath;
import org.processmanager.sync.Threads.Running;

/** Items of a buffer that nobody can close any more, in a process that lives. */
class UnclosedItemTest {
    private static final int COLLECTIONS = 5; // one more than twice what it takes

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.named(tmp.name("m"), OpenMode.CREATE_NEW, SharedMemory.megabytes(1));
        other = SharedMemory.named(tmp.name("m"), OpenMode.OPEN_EXISTING, 0);
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private SharedBoundedBuffer buffer(int cells, OnConsumerDeath onConsumerDeath) {
        return memory.boundedBuffer("buffer", cells, 8, onConsumerDeath);
    }

    private long deaths() {
        return memory.inspect().objects().get(0).deathsRepaired();
    }

    private static void takeAndForget(SharedBoundedBuffer buffer) throws InterruptedException {
        buffer.takeUnacked();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 100})
    void item_leftUnclosed_isRedeliveredToWhoWaitsElsewhere(int cells) throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(cells, OnConsumerDeath.REDELIVER);
        for (int lap = 0; lap < 3; lap++) { // so that notes of earlier laps are there
            buffer.put(new byte[] {1});
            buffer.takeUnacked().close();
        }
        buffer.put(new byte[] {2});
        buffer.put(new byte[] {3});
        takeAndForget(buffer);
        UnackedItem kept = buffer.pollUnacked();
        assertNotNull(kept);
        SharedBoundedBuffer there = other.boundedBuffer("buffer", cells, 8);
        Running<byte[]> waiter = Threads.start(() -> {
            try (UnackedItem item = there.takeUnacked()) {
                assertTrue(item.redelivered());
                return item.bytes();
            }
        });
        GarbageCollections.until("redelivered", waiter::isDone);
        assertEquals(2, waiter.result()[0]);
        assertEquals(1, deaths());
        GarbageCollections.pass(COLLECTIONS);
        assertEquals(3, kept.bytes()[0], "what is reachable is kept");
        assertNull(there.poll());
        kept.close();
        for (int i = 0; i < cells; i++) {
            assertTrue(buffer.offer(new byte[1]), "all cells are free");
        }
    }

    @Test
    void item_leftUnclosed_isDroppedWhereThatWasChosen() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(1, OnConsumerDeath.DROP);
        buffer.put(new byte[] {1});
        takeAndForget(buffer);
        assertFalse(buffer.offer(new byte[] {2}));
        Running<Void> producer = Threads.start(() -> {
            other.boundedBuffer("buffer", 1, 8, OnConsumerDeath.DROP).put(new byte[] {2});
            return null;
        });
        GarbageCollections.until("there is room", producer::isDone);
        producer.result();
        assertEquals(2, buffer.take()[0]);
        assertNull(buffer.poll());
        assertEquals(1, deaths());
    }

    @Test
    void item_leftUnclosedAgainAndAgain_isRedeliveredEachTime() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(1, OnConsumerDeath.REDELIVER);
        buffer.put(new byte[] {1});
        takeAndForget(buffer);
        for (int times = 1; times <= 3; times++) {
            GarbageCollections.until("redelivered", () -> buffer.size() == 1);
            assertEquals(times, deaths());
            if (times < 3) {
                takeAndForget(buffer);
            }
        }
        assertEquals(1, buffer.take()[0]);
    }

    /** Items whose closing and whose collection meet: each is done with once. */
    @Test
    void items_closedWhileOthersAreCollected_areTakenOnce() {
        int items = Soak.scaled(200_000, 2_000);
        SharedBoundedBuffer buffer = buffer(8, OnConsumerDeath.REDELIVER);
        AtomicBoolean stop = new AtomicBoolean();
        Running<Void> collector = Threads.start(() -> {
            while (!stop.get()) {
                System.gc();
            }
            return null;
        });
        AtomicInteger redelivered = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        Threads.runAll(3, number -> {
            if (number == 0) {
                for (int i = 0; i < items; i++) {
                    buffer.put(new byte[1]);
                }
                return;
            }
            while (taken.get() < items) {
                try (UnackedItem item = buffer.pollUnacked(Duration.ofMillis(10))) {
                    if (item != null) {
                        taken.incrementAndGet();
                        redelivered.addAndGet(item.redelivered() ? 1 : 0);
                    }
                }
            }
        });
        stop.set(true);
        collector.result();
        assertEquals(items, taken.get());
        assertEquals(0, redelivered.get(), "none was lost");
        assertEquals(0, deaths());
    }

    /** Of neighbours that share a ticket: 64 cells apart, taken between the same two collections. */
    @Test
    void item_leftUnclosedBesideOneThatIsKept_isFoundWhenThatIsClosed() throws InterruptedException {
        int cells = 128;
        SharedBoundedBuffer buffer = buffer(cells, OnConsumerDeath.REDELIVER);
        for (int i = 0; i < cells; i++) {
            buffer.put(new byte[] {(byte) i});
        }
        takeAndForget(buffer);
        for (int i = 1; i < 64; i++) {
            buffer.take();
        }
        UnackedItem kept = buffer.takeUnacked();
        GarbageCollections.pass(COLLECTIONS);
        assertEquals(64, kept.bytes()[0]);
        kept.close();
        GarbageCollections.until("redelivered", () -> {
            try (UnackedItem item = buffer.pollUnacked()) { // one of those behind it, if it is not there yet
                assertTrue(item == null || !item.redelivered() || item.bytes()[0] == 0);
                return item != null && item.redelivered();
            }
        });
        assertEquals(1, deaths());
    }
}
