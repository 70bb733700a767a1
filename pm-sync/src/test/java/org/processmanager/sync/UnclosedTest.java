package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Holds and leases that nobody can close any more, in a process that lives. */
class UnclosedTest {
    private static final Duration WATCHDOG = Duration.ofSeconds(20);
    private static final int COLLECTIONS = 5; // one more than twice what it takes
    private static final String WATCHER = "pm-unclosed";

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private SharedMutex mutex;
    private SharedMutex otherMutex;

    @BeforeEach
    void open() {
        memory = SharedMemory.named(tmp.name("m"), OpenMode.CREATE_NEW, SharedMemory.megabytes(1));
        other = SharedMemory.named(tmp.name("m"), OpenMode.OPEN_EXISTING, 0);
        mutex = memory.mutex("mutex");
        otherMutex = other.mutex("mutex");
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @Test
    void hold_leftUnclosed_isHandedOverToWhoWaitsElsewhere() throws InterruptedException {
        acquireAndForget();
        Running<Boolean> waiter = Threads.start(() -> {
            try (Hold hold = otherMutex.acquire()) {
                hold.markConsistent();
                return hold.previousOwnerDied();
            }
        });
        GarbageCollections.until("handed over", waiter::isDone);
        assertTrue(waiter.result());
        assertEquals(1, deaths("mutex"));
        assertFalse(mutex.isHeldByCurrentThread());
    }

    @Test
    void hold_leftUnclosed_isAcquiredAnewByTheSameThread() throws InterruptedException {
        acquireAndForget();
        GarbageCollections.until("freed", () -> !mutex.isHeldByCurrentThread());
        try (Hold hold = mutex.acquire()) {
            assertTrue(hold.previousOwnerDied());
            assertTrue(hold.isValid());
            hold.markConsistent();
        }
        try (Hold hold = otherMutex.tryAcquire()) {
            assertNotNull(hold);
            assertFalse(hold.previousOwnerDied());
        }
    }

    @Test
    void hold_leftUnclosedWithinAnother_isHandedOverAfterThatOneIsClosed() throws InterruptedException {
        try (Hold outer = mutex.acquire()) {
            acquireAndForget();
            assertTrue(outer.isValid());
        }
        assertTrue(mutex.isHeldByCurrentThread());
        GarbageCollections.until("freed", () -> !mutex.isHeldByCurrentThread());
        assertNotNull(otherMutex.tryAcquire());
    }

    @Test
    void hold_isKeptAsLongAsItIsReachable() throws InterruptedException {
        Hold hold = mutex.acquire();
        try (Hold inner = mutex.acquire()) {
            GarbageCollections.pass(COLLECTIONS);
            assertTrue(inner.isValid());
        }
        GarbageCollections.pass(COLLECTIONS);
        Hold late = mutex.acquire();
        GarbageCollections.pass(COLLECTIONS);
        assertTrue(hold.isValid());
        assertNull(otherMutex.tryAcquire());
        hold.close();
        GarbageCollections.pass(COLLECTIONS);
        assertTrue(late.isValid());
        late.close();
        try (Hold free = otherMutex.tryAcquire()) {
            assertNotNull(free);
            assertFalse(free.previousOwnerDied());
        }
    }

    @Test
    void lock_isKeptWithoutAHold() throws InterruptedException {
        Lock lock = mutex.asLock();
        lock.lock();
        GarbageCollections.pass(COLLECTIONS);
        assertNull(otherMutex.tryAcquire());
        lock.unlock();

        try (Hold hold = mutex.acquire()) {
            lock.lock();
            assertTrue(hold.isValid());
        }
        GarbageCollections.pass(COLLECTIONS);
        assertNull(otherMutex.tryAcquire());
        lock.unlock();
        assertNotNull(otherMutex.tryAcquire());
    }

    @Test
    void mutex_ofAnEndedThread_isHandedOverWithinItsProcessWithoutACollection() throws Exception {
        Thread owner = new Thread(() -> mutex.asLock().lock());
        owner.start();
        owner.join();
        try (Hold hold = mutex.tryAcquire()) {
            assertNotNull(hold);
            assertTrue(hold.previousOwnerDied());
            hold.markConsistent();
        }
        assertEquals(1, deaths("mutex"));
    }

    @Test
    void mutex_ofAnEndedThread_isHandedOverToWhoWaitedBefore() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Running<Boolean> owner = Threads.start(() -> {
            mutex.asLock().lock();
            held.countDown();
            return end.await(WATCHDOG.toSeconds(), TimeUnit.SECONDS);
        });
        assertTrue(held.await(WATCHDOG.toSeconds(), TimeUnit.SECONDS));
        Running<Boolean> waiter = Threads.start(() -> {
                    try (Hold hold = mutex.acquire()) {
                        return hold.previousOwnerDied();
                    }
                })
                .awaitAsleep();
        end.countDown();
        assertTrue(owner.result());
        assertTrue(waiter.result());
    }

    @Test
    void mutex_ofAnEndedThread_isHandedOverElsewhereAfterACollection() throws Exception {
        Thread owner = new Thread(() -> mutex.asLock().lock());
        owner.start();
        owner.join();
        Running<Boolean> waiter = Threads.start(() -> {
                    try (Hold hold = otherMutex.acquire()) {
                        return hold.previousOwnerDied();
                    }
                })
                .awaitAsleep();
        GarbageCollections.until("handed over", waiter::isDone);
        assertTrue(waiter.result());
    }

    @Test
    void lease_leftUnclosed_givesItsPermitBack() throws InterruptedException {
        LeasedSemaphore permits = memory.leasedSemaphore("permits", 2);
        Lease kept = permits.acquire();
        leaseAndForget(permits);
        Running<Boolean> waiter = Threads.start(() -> {
            try (Lease lease = other.leasedSemaphore("permits", 2).acquire()) {
                return lease.isValid();
            }
        });
        GarbageCollections.until("given back", waiter::isDone);
        assertTrue(waiter.result());
        GarbageCollections.pass(COLLECTIONS);
        assertTrue(kept.isValid());
        assertEquals(1, permits.availablePermits());
        kept.close();
        assertEquals(2, permits.availablePermits());
    }

    @Test
    void region_closed_leavesNoThreadBehind() {
        Eventually.assertThat(WATCHDOG, "watched", UnclosedTest::isWatched);
        other.close();
        memory.close();
        Eventually.assertThat(WATCHDOG, "watched no more", () -> !isWatched());
    }

    private static boolean isWatched() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(WATCHER));
    }

    private void acquireAndForget() throws InterruptedException {
        mutex.acquire();
    }

    private static void leaseAndForget(LeasedSemaphore permits) throws InterruptedException {
        permits.acquire();
    }

    private long deaths(String name) {
        return memory.inspect().objects().stream()
                .filter(object -> object.name().equals(name))
                .findFirst()
                .orElseThrow()
                .deathsRepaired();
    }
}
