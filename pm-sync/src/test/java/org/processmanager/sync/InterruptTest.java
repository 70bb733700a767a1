package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** A storm of interrupts: each wait ends with the exception or with what it waited for, never with both or neither. */
@Scenario("sync/13")
@Scenario("research-sync/37")
class InterruptTest {
    private static final int THREADS = 6;
    private static final Duration STORM = Soak.scaled(Duration.ofSeconds(60), Duration.ofMillis(500));
    private static final Duration WATCHDOG = Duration.ofSeconds(90);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong had = new AtomicLong();
    private final AtomicLong interrupted = new AtomicLong();

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("i"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("i"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private interface Step {
        void run(SharedMemory mine) throws InterruptedException;
    }

    private void storm(Step step) {
        List<Running<Void>> threads = Threads.startAll(THREADS, number -> {
            SharedMemory mine = number % 2 == 0 ? memory : other;
            while (!stop.get()) {
                try {
                    step.run(mine);
                    had.incrementAndGet();
                } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                }
            }
        });
        long start = System.nanoTime();
        Duration storm = STORM;
        while (System.nanoTime() - start < storm.toNanos()) {
            threads.forEach(running -> running.thread().interrupt());
            Eventually.await(Duration.ofNanos(200_000), () -> false);
            storm = had.get() > 0 && interrupted.get() > 0 ? STORM : WATCHDOG; // on a machine that is too busy for both
        }
        stop.set(true);
        threads.forEach(running -> running.thread().interrupt());
        threads.forEach(Running::result);
        assertTrue(had.get() > 0 && interrupted.get() > 0, had + " had, " + interrupted + " interrupted");
    }

    /** Every other time a thread needs one of two tokens: a lost signal would stop those that wait for one. */
    @Test
    void mutex_isHeldOrNot_andNoSignalIsLost() throws InterruptedException {
        long[] inside = new long[1];
        long[] tokens = {2};
        AtomicLong failures = new AtomicLong();
        storm(mine -> {
            SharedMutex mutex = mine.mutex("mutex");
            SharedCondition condition = mutex.condition("condition");
            boolean takes = had.get() % 2 == 0;
            try (Hold hold = mutex.acquire()) {
                if (++inside[0] != 1 || hold.previousOwnerDied()) {
                    failures.incrementAndGet();
                }
                inside[0]--;
                while (takes && tokens[0] == 0) {
                    condition.await();
                }
                tokens[0] -= takes ? 1 : 0;
            }
            try (Hold hold = mutex.acquireUninterruptibly()) {
                tokens[0] += takes ? 1 : 0;
                condition.signal();
            }
        });
        assertEquals(0, failures.get());
        assertEquals(2, tokens[0]);
        assertNotNull(memory.mutex("mutex").tryAcquire());
        assertEquals(0, memory.mutex("mutex").condition("condition").waiters());
    }

    @Test
    void semaphore_losesNoPermit() {
        storm(mine -> {
            SharedSemaphore semaphore = mine.semaphore("semaphore", 2);
            if (had.get() % 2 == 0) {
                semaphore.acquire();
            } else if (!semaphore.tryAcquire(Duration.ofSeconds(5))) {
                return;
            }
            semaphore.release();
        });
        assertEquals(2, memory.semaphore("semaphore", 2).availablePermits());
    }

    @Test
    @Scenario("research-sync/37")
    void leasedSemaphore_losesNoPermit() {
        storm(mine -> {
            LeasedSemaphore semaphore = mine.leasedSemaphore("leased", 2);
            Lease lease = had.get() % 2 == 0 ? semaphore.acquire() : semaphore.tryAcquire(Duration.ofSeconds(5));
            if (lease != null) {
                lease.close();
            }
        });
        assertEquals(2, memory.leasedSemaphore("leased", 2).availablePermits());
    }

    @Test
    void buffer_losesNoItemAndNoCell() throws InterruptedException {
        int cells = 3;
        memory.boundedBuffer("buffer", cells, 8).put(new byte[] {1});
        storm(mine -> {
            SharedBoundedBuffer buffer = mine.boundedBuffer("buffer", cells, 8);
            byte[] item = buffer.take();
            boolean back = false;
            while (!back) {
                try {
                    buffer.put(item);
                    back = true;
                } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                }
            }
        });
        SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", cells, 8);
        assertEquals(1, buffer.size());
        for (int i = 1; i < cells; i++) {
            assertTrue(buffer.offer(new byte[0]));
        }
        assertEquals(1, buffer.take().length);
    }
}
