package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

class SharedMutexTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(60);
    /** Of the clock of owners, even if its thread is late. */
    private static final Duration CLOCK_ERROR = Duration.ofSeconds(10);

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
    void mutex_ofSameName_isSameObject() {
        assertSame(mutex, memory.mutex("mutex"));
    }

    @Test
    void acquire_isReentrant() throws InterruptedException {
        try (Hold outer = mutex.acquire()) {
            try (Hold inner = mutex.acquire()) {
                assertEquals(outer.fencingToken(), inner.fencingToken());
            }
            assertTrue(outer.isValid());
            assertTrue(mutex.isHeldByCurrentThread());
            assertNull(otherMutex.tryAcquire());
        }
        assertFalse(mutex.isHeldByCurrentThread());
    }

    @Test
    void owner_ofEachAcquisition_isNamed() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            assertOwnerIsNamed(mutex);
            assertOwnerIsNamed(otherMutex);
            Threads.start(() -> assertOwnerIsNamed(mutex)).result();
            assertOwnerIsNamed(mutex);
        }
    }

    private static Void assertOwnerIsNamed(SharedMutex mutex) throws InterruptedException {
        Instant before = Instant.now().minus(CLOCK_ERROR);
        try (Hold hold = mutex.acquire()) {
            RegionSnapshot.Owner owner = mutex.snapshot().owners().get(0);
            assertEquals(Thread.currentThread().getId(), owner.thread());
            assertFalse(owner.since().isBefore(before), owner::toString);
        }
        return null;
    }

    @Test
    void tryAcquire_whileHeld_returnsNull() throws InterruptedException {
        try (Hold hold = mutex.acquire()) {
            assertNull(Threads.start(mutex::tryAcquire).result());
            assertNull(Threads.start(() -> mutex.tryAcquire(Duration.ZERO)).result());
            assertNull(Threads.start(() -> mutex.tryAcquire(Duration.ofSeconds(-1)))
                    .result());
            assertTrue(hold.isValid());
        }
    }

    @Test
    @Scenario("sync/14")
    void handles_ofOneJvm_excludeEachOther() throws InterruptedException {
        try (Hold hold = mutex.acquire()) {
            assertNull(otherMutex.tryAcquire());
            assertNull(otherMutex.tryAcquire(SHORT));
            assertFalse(hold.previousOwnerDied());
        }
        try (Hold hold = otherMutex.tryAcquire()) {
            assertNotNull(hold);
            assertFalse(hold.previousOwnerDied());
            assertNull(mutex.tryAcquire());
        }
    }

    @Test
    void tryAcquire_withTimeout_waitsThatLong() throws InterruptedException {
        try (Hold hold = otherMutex.acquire()) {
            long start = System.nanoTime();
            assertNull(mutex.tryAcquire(SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
            assertTrue(hold.isValid());
        }
    }

    @Test
    void tryAcquire_withLongestDuration_waits() throws InterruptedException {
        Hold hold = otherMutex.acquire();
        long token = hold.fencingToken();
        Running<Long> waiter = Threads.start(() -> {
                    try (Hold had = mutex.tryAcquire(Duration.ofSeconds(Long.MAX_VALUE))) {
                        return had.fencingToken();
                    }
                })
                .awaitAsleep();
        hold.close();
        assertEquals(token + 1, waiter.result());
    }

    @Test
    void acquire_isWokenByOtherHandle() throws InterruptedException {
        Hold hold = otherMutex.acquire();
        Running<Boolean> waiter = Threads.start(() -> {
                    try (Hold had = mutex.acquire()) {
                        return had.previousOwnerDied();
                    }
                })
                .awaitAsleep();
        hold.close();
        assertFalse(waiter.result());
    }

    @Test
    void acquire_isWokenBySameHandle() throws InterruptedException {
        Hold hold = mutex.acquire();
        Running<Boolean> waiter = Threads.start(() -> {
                    try (Hold had = mutex.acquire()) {
                        return had.isValid();
                    }
                })
                .awaitAsleep();
        hold.close();
        assertTrue(waiter.result());
    }

    @Test
    void close_byOtherThread_isRefused() throws InterruptedException {
        Hold hold = mutex.acquire();
        Throwable e = Threads.start(() -> {
                    hold.close();
                    return null;
                })
                .failure();
        assertInstanceOf(IllegalMonitorStateException.class, e);
        assertTrue(hold.isValid());
        hold.close();
        assertFalse(hold.isValid());
        hold.close();
    }

    @Test
    void fencingToken_growsWithEachAcquisition() throws InterruptedException {
        long last = 0;
        for (int i = 0; i < 10; i++) {
            try (Hold hold = (i % 2 == 0 ? mutex : otherMutex).acquire()) {
                assertTrue(hold.fencingToken() > last);
                last = hold.fencingToken();
            }
        }
    }

    @Test
    void acquire_byManyThreads_excludes() {
        int rounds = Soak.scaled(200_000, 5_000);
        long[] counter = new long[1];
        Threads.runAll(6, number -> {
            SharedMutex mine = number % 2 == 0 ? mutex : otherMutex;
            for (int i = 0; i < rounds; i++) {
                try (Hold hold = mine.acquire()) {
                    counter[0]++;
                }
            }
        });
        assertEquals(6L * rounds, counter[0]);
    }

    @Test
    void acquire_whenInterruptedBefore_throws() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, mutex::acquire);
        assertFalse(mutex.isHeldByCurrentThread());
    }

    @Test
    void acquire_whenInterruptedWaiting_throws() throws InterruptedException {
        try (Hold hold = otherMutex.acquire()) {
            Running<Hold> head = Threads.start(mutex::acquire).awaitAsleep();
            Running<Hold> second = Threads.start(mutex::acquire).awaitAsleep();
            second.thread().interrupt();
            assertInstanceOf(InterruptedException.class, second.failure());
            head.thread().interrupt();
            assertInstanceOf(InterruptedException.class, head.failure());
            assertTrue(hold.isValid());
        }
        assertNotNull(mutex.tryAcquire());
    }

    @Test
    void acquire_afterOwnerClosedHandle_reportsDeath() throws InterruptedException {
        Hold lost = otherMutex.acquire();
        Running<Boolean> waiter = Threads.start(() -> {
                    try (Hold hold = mutex.acquire()) {
                        boolean died = hold.previousOwnerDied();
                        hold.markConsistent();
                        return died;
                    }
                })
                .awaitAsleep();
        other.close();
        assertTrue(waiter.result());
        assertFalse(lost.isValid());
        assertThrows(IllegalStateException.class, lost::close);
        try (Hold hold = mutex.acquire()) {
            assertFalse(hold.previousOwnerDied());
        }
    }

    @Test
    @Scenario("research-sync/9")
    void release_withoutMarkConsistent_poisons() throws InterruptedException {
        otherMutex.acquire();
        other.close();
        try (Hold hold = mutex.tryAcquire()) {
            assertTrue(hold.previousOwnerDied());
        }
        assertThrows(MutexPoisonedException.class, mutex::acquire);
        assertThrows(MutexPoisonedException.class, mutex::tryAcquire);
        assertThrows(MutexPoisonedException.class, () -> mutex.tryAcquire(LONG));
        assertTrue(mutex.reset());
        assertFalse(mutex.reset());
        try (Hold hold = mutex.acquire()) {
            assertFalse(hold.previousOwnerDied());
        }
    }

    @Test
    void acquire_afterClose_throws() {
        memory.close();
        assertThrows(IllegalStateException.class, mutex::acquire);
        assertThrows(IllegalStateException.class, mutex::tryAcquire);
        assertThrows(IllegalStateException.class, () -> mutex.tryAcquire(SHORT));
        assertFalse(mutex.isHeldByCurrentThread());
    }

    @Test
    void acquire_whenRegionIsDeleted_throws() throws InterruptedException {
        Hold hold = otherMutex.acquire();
        Running<Hold> waiter = Threads.start(mutex::acquire).awaitAsleep();
        other.delete();
        RegionException e = assertInstanceOf(RegionException.class, waiter.failure());
        assertEquals(RegionException.Reason.DELETED, e.reason());
        assertFalse(hold.isValid());
        assertThrows(RegionException.class, hold::close);
    }

    @Test
    void asLock_hasTheSameOwnerAndCount() throws Exception {
        Lock lock = mutex.asLock();
        lock.lock();
        try (Hold hold = mutex.acquire()) {
            assertTrue(lock.tryLock(1, TimeUnit.SECONDS));
            lock.unlock();
            assertFalse(mutex.previousOwnerDied());
        }
        assertTrue(mutex.isHeldByCurrentThread());
        assertFalse(Threads.start(() -> lock.tryLock(10, TimeUnit.MILLISECONDS)).result());
        assertFalse(Threads.start(() -> lock.tryLock()).result());
        lock.unlock();
        assertFalse(mutex.isHeldByCurrentThread());
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertThrows(IllegalMonitorStateException.class, mutex::previousOwnerDied);
    }

    @Test
    void asLock_withLongestTimeout_waits() throws Exception {
        Lock lock = mutex.asLock();
        for (TimeUnit unit : TimeUnit.values()) {
            assertTrue(lock.tryLock(Long.MAX_VALUE, unit), unit.name());
            lock.unlock();
            assertTrue(lock.tryLock(Long.MIN_VALUE, unit), unit.name());
            lock.unlock();
        }
        Hold hold = otherMutex.acquire();
        Running<Boolean> waiter =
                Threads.start(() -> lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).awaitAsleep();
        hold.close();
        assertTrue(waiter.result());
    }

    @Test
    @Scenario("sync/8")
    void replacedFile_isNoticedWithoutWaiting() throws Exception {
        Files.delete(memory.path());
        try (SharedMemory successor = SharedMemory.create(memory.path(), SharedMemory.megabytes(1))) {
            Eventually.assertThat(LONG, "the mutex of the old file is refused", () -> {
                try {
                    mutex.asLock().lock();
                    mutex.asLock().unlock();
                    return false;
                } catch (RegionException e) {
                    return e.reason() == RegionException.Reason.REPLACED;
                }
            });
            assertFalse(mutex.isHeldByCurrentThread());
            successor.mutex("mutex").acquire().close();
        }
    }

    @Test
    void asLock_lock_keepsInterrupt() throws Exception {
        Lock lock = mutex.asLock();
        Running<Boolean> thread = Threads.start(() -> {
            Thread.currentThread().interrupt();
            lock.lock();
            lock.unlock();
            return Thread.interrupted();
        });
        assertTrue(thread.result());
        Running<Void> other = Threads.start(() -> {
            Thread.currentThread().interrupt();
            lock.lockInterruptibly();
            return null;
        });
        assertEquals(InterruptedException.class, other.failure().getClass());
    }
}
