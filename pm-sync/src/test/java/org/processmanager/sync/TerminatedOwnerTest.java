package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Mutexes whose owner is a terminated thread of a live process. */
class TerminatedOwnerTest {
    private static final Duration WATCHDOG = Duration.ofSeconds(60);
    private static final Duration DETECTED_HERE = Duration.ofSeconds(2); // 100 ms, on a busy machine

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private SharedMutex mutex;
    private SharedMutex otherMutex;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("m"));
        mutex = memory.mutex("mutex");
        otherMutex = other.mutex("mutex");
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @Test
    void tryAcquire_afterOwnerTerminated_takesOver() throws Exception {
        lockInTerminatedThread();
        try (Hold hold = mutex.tryAcquire()) {
            assertNotNull(hold);
            assertTrue(hold.previousOwnerDied());
            hold.markConsistent();
        }
        assertEquals(1, mutex.snapshot().deathsRepaired());
    }

    @Test
    @Scenario("research-sync/35")
    void acquire_whenOwnerTerminates_takesOver() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Running<Boolean> owner = Threads.start(() -> {
            mutex.asLock().lock();
            held.countDown();
            return end.await(WATCHDOG.toSeconds(), TimeUnit.SECONDS);
        });
        assertTrue(held.await(WATCHDOG.toSeconds(), TimeUnit.SECONDS));
        Running<Boolean> waiter = Threads.start(() -> previousOwnerDied(mutex)).awaitAsleep();
        end.countDown();
        assertTrue(owner.result());
        assertTrue(waiter.result());
    }

    @Test
    void acquire_byOtherHandleOfProcess_takesOver() throws Exception {
        lockInTerminatedThread();
        long start = System.nanoTime();
        assertTrue(previousOwnerDied(otherMutex));
        assertTrue(System.nanoTime() - start < DETECTED_HERE.toNanos());
    }

    @Test
    void mutex_afterOwnerTerminated_isOrphaned() throws Exception {
        lockInTerminatedThread();
        // Another process can only read the words, so this process must free them without being asked.
        Eventually.assertThat(
                WATCHDOG, "orphaned", () -> otherMutex.snapshot().state().equals("orphaned"));
    }

    @Test
    void hold_leftUnclosedByLiveThread_staysHeld() throws Exception {
        mutex.acquire();
        assertFalse(otherMutex.asLock().tryLock(1_200, TimeUnit.MILLISECONDS));
        assertTrue(mutex.isHeldByCurrentThread());
    }

    private void lockInTerminatedThread() throws InterruptedException {
        Thread owner = new Thread(() -> mutex.asLock().lock());
        owner.start();
        owner.join();
    }

    private static boolean previousOwnerDied(SharedMutex mutex) throws InterruptedException {
        try (Hold hold = mutex.acquire()) {
            hold.markConsistent();
            return hold.previousOwnerDied();
        }
    }
}
