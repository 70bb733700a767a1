package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
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

class SharedReadWriteLockTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private SharedReadWriteLock lock;
    private SharedReadWriteLock remote;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("rw"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("rw"));
        lock = memory.readWriteLock("lock");
        remote = other.readWriteLock("lock");
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @Test
    void readers_shareTheLock() throws InterruptedException {
        assertSame(lock, memory.readWriteLock("lock"));
        try (ReadHold first = lock.acquireRead();
                ReadHold second = remote.acquireRead();
                ReadHold nested = lock.acquireRead()) {
            assertNull(lock.tryAcquireWrite());
            assertNull(Threads.start(() -> remote.tryAcquireWrite(SHORT)).result());
            assertEquals("free, 3 read holds", lock.snapshot().state());
            assertEquals(2, lock.snapshot().owners().size());
            assertFalse(first.previousOwnerDied() || second.previousOwnerDied() || nested.previousOwnerDied());
        }
        remote.acquireWrite().close();
    }

    @Test
    void writer_excludesAll() throws InterruptedException {
        try (Hold hold = lock.acquireWrite();
                Hold nested = lock.acquireWrite()) {
            assertTrue(hold.isValid() && nested.fencingToken() == hold.fencingToken());
            assertEquals("held for writing", lock.snapshot().state());
            nested.close();
            assertNull(remote.tryAcquireRead());
            assertNull(remote.tryAcquireRead(SHORT));
            assertNull(remote.tryAcquireWrite());
            assertNull(remote.tryAcquireUpdate(SHORT));
            Running<Boolean> sameHandle = Threads.start(() -> lock.tryAcquireRead() != null);
            assertFalse(sameHandle.result());
        }
        remote.acquireRead().close();
    }

    @Test
    void writeHold_isDowngraded() throws InterruptedException {
        Hold write = lock.acquireWrite();
        ReadHold read = lock.acquireRead();
        assertNull(remote.tryAcquireRead());
        write.close();
        had(remote.tryAcquireRead()).close();
        assertNull(remote.tryAcquireWrite());
        read.close();
        had(remote.tryAcquireWrite()).close();
    }

    private static <T> T had(T hold) {
        assertTrue(hold != null, "the lock is not to be had");
        return hold;
    }

    @Test
    void upgradeOfReadHold_isRefused() throws InterruptedException {
        try (ReadHold read = lock.acquireRead()) {
            IllegalStateException e = assertThrows(IllegalStateException.class, lock::acquireWrite);
            assertTrue(e.getMessage().contains("acquireUpdate()"), e.getMessage());
            assertNull(lock.tryAcquireWrite());
            had(remote.tryAcquireUpdate(SHORT)).close();
            read.close();
            read.close();
        }
    }

    @Test
    void updateHold_letsOthersReadUntilUpgraded() throws InterruptedException {
        ReadHold read = remote.acquireRead();
        try (UpdateHold update = lock.acquireUpdate()) {
            remote.acquireRead().close();
            assertNull(remote.tryAcquireUpdate(Duration.ZERO));
            assertNull(remote.tryAcquireWrite());
            assertNull(update.tryUpgrade(SHORT), "another thread reads");
            had(remote.tryAcquireRead()).close();
            read.close();
            try (Hold write = update.upgrade();
                    ReadHold mine = lock.acquireRead()) {
                assertTrue(write.isValid() && !mine.previousOwnerDied());
                assertNull(remote.tryAcquireRead());
            }
            had(remote.tryAcquireRead()).close();
        }
        had(remote.tryAcquireWrite()).close();
    }

    @Test
    void updateHold_withoutInterruptOrWait_isAcquired() throws InterruptedException {
        ReadHold read = remote.acquireRead();
        UpdateHold update = lock.tryAcquireUpdate();
        assertNull(remote.tryAcquireUpdate());
        Running<Boolean> next = Threads.start(() -> {
                    Thread.currentThread().interrupt();
                    try (UpdateHold mine = remote.acquireUpdateUninterruptibly();
                            Hold write = mine.upgradeUninterruptibly()) {
                        return write.isValid() && Thread.interrupted();
                    }
                })
                .awaitAsleep();
        update.close();
        Eventually.assertThat(LONG, "it updates and waits for the reader", () -> {
            ReadHold another = lock.tryAcquireRead();
            if (another != null) {
                another.close();
            }
            return another == null;
        });
        next.thread().interrupt();
        read.close();
        assertTrue(next.result());
        had(lock.tryAcquireWrite()).close();
    }

    @Test
    void writer_waitsForReaders() throws InterruptedException {
        ReadHold read = lock.acquireRead();
        Running<Boolean> writer = Threads.start(() -> {
                    try (Hold hold = remote.acquireWrite()) {
                        return hold.isValid();
                    }
                })
                .awaitAsleep();
        assertNull(other.readWriteLock("lock").tryAcquireRead(), "the waiting writer comes before new readers");
        lock.acquireRead().close(); // but not before a nested hold
        read.close();
        assertTrue(writer.result());
    }

    /** Readers that have waited for a writer come before the next writer. */
    @Test
    void waitingReaders_comeBeforeTheNextWriter() throws InterruptedException {
        SharedLong order = memory.atomicLong("order");
        Hold first = lock.acquireWrite();
        Running<Long> second = Threads.start(() -> {
                    try (Hold hold = lock.acquireWrite()) {
                        return order.incrementAndGet();
                    }
                })
                .awaitAsleep();
        Running<Long> reader = Threads.start(() -> {
                    try (ReadHold hold = remote.acquireRead()) {
                        return order.incrementAndGet();
                    }
                })
                .awaitAsleep();
        first.close();
        assertEquals(1, reader.result());
        assertEquals(2, second.result());
    }

    @Test
    void data_underContention_isNeverTorn() {
        int rounds = Soak.scaled(50_000, 1_000);
        SharedLong left = memory.atomicLong("left");
        SharedLong right = memory.atomicLong("right");
        Threads.runAll(6, number -> {
            SharedReadWriteLock mine = number % 2 == 0 ? lock : remote;
            for (int i = 0; i < rounds; i++) {
                if (number < 2) {
                    try (Hold hold = mine.acquireWrite()) {
                        left.set(left.get() + 1);
                        right.set(right.get() + 1);
                    }
                } else if (number == 2 && i % 4 == 0) {
                    try (UpdateHold update = mine.acquireUpdate();
                            Hold hold = update.upgrade()) {
                        left.set(left.get() + 1);
                        right.set(right.get() + 1);
                    }
                } else {
                    try (ReadHold hold = mine.acquireRead()) {
                        assertEquals(left.get(), right.get());
                    }
                }
            }
        });
        assertEquals(2L * rounds + rounds / 4, left.get());
        assertEquals("free", lock.snapshot().state());
    }

    @Test
    void closedReader_isIgnored() throws InterruptedException {
        remote.acquireRead();
        Running<Boolean> writer = Threads.start(() -> {
                    try (Hold hold = lock.acquireWrite()) {
                        return hold.previousOwnerDied();
                    }
                })
                .awaitAsleep();
        other.close();
        assertFalse(writer.result(), "a reader leaves no inconsistent data");
    }

    @Test
    void closedWriter_isReportedToTheNextReader() throws InterruptedException {
        remote.acquireWrite();
        Running<Boolean> reader = Threads.start(() -> {
                    try (ReadHold hold = lock.acquireRead()) {
                        boolean died = hold.previousOwnerDied();
                        assertFalse(Threads.start(() -> lock.tryAcquireRead() != null)
                                .result());
                        hold.markConsistent();
                        assertTrue(Threads.start(() -> lock.tryAcquireRead() != null)
                                .result());
                        return died;
                    }
                })
                .awaitAsleep();
        other.close();
        assertTrue(reader.result());
        try (ReadHold hold = lock.acquireRead()) {
            assertFalse(hold.previousOwnerDied());
        }
        assertEquals(1, lock.snapshot().deathsRepaired());
    }

    @Test
    void deadWritersData_notMarked_poisonsTheLock() throws InterruptedException {
        remote.acquireWrite();
        other.close();
        other = SharedMemory.open(tmp.name("rw"));
        remote = other.readWriteLock("lock");
        ReadHold first = had(lock.tryAcquireRead());
        assertTrue(first.previousOwnerDied() && lock.previousOwnerDied());
        first.close();
        assertThrows(MutexPoisonedException.class, lock::acquireRead);
        assertThrows(MutexPoisonedException.class, remote::acquireWrite);
        assertTrue(lock.reset());
        assertFalse(remote.reset());
        remote.acquireRead().close();
        lock.acquireWrite().close();
    }

    @Test
    void deadWriter_isReportedUntilConsistent() throws InterruptedException {
        remote.acquireWrite();
        other.close();
        try (UpdateHold update = lock.acquireUpdate()) {
            assertTrue(update.previousOwnerDied());
            assertNull(Threads.start(() -> lock.tryAcquireRead()).result());
            update.markConsistent();
        }
        assertEquals("free", lock.snapshot().state());
        try (Hold hold = lock.acquireWrite()) {
            assertFalse(hold.previousOwnerDied());
        }
    }

    @Test
    void deadUpdater_leavesConsistentData() throws InterruptedException {
        remote.acquireUpdate();
        other.close();
        try (Hold hold = lock.acquireWrite()) {
            assertFalse(hold.previousOwnerDied());
        }
    }

    @Test
    void terminatedReader_losesItsHold() {
        Threads.start(() -> lock.acquireRead()).result();
        Running<Boolean> writer = Threads.start(() -> {
            try (Hold hold = remote.acquireWrite()) {
                return hold.previousOwnerDied();
            }
        });
        assertFalse(writer.result());
    }

    @Test
    void waits_endByInterruptTimeoutAndClose() throws InterruptedException {
        Hold write = lock.acquireWrite();
        Running<ReadHold> reader = Threads.start(() -> remote.acquireRead()).awaitAsleep();
        reader.thread().interrupt();
        assertInstanceOf(InterruptedException.class, reader.failure());
        Running<Boolean> uninterrupted = Threads.start(() -> {
                    try (ReadHold hold = remote.acquireReadUninterruptibly()) {
                        return Thread.interrupted();
                    }
                })
                .awaitAsleep();
        uninterrupted.thread().interrupt();
        write.close();
        assertTrue(uninterrupted.result());
        ReadHold read = lock.acquireRead();
        Running<Hold> writer = Threads.start(() -> remote.acquireWrite()).awaitAsleep();
        writer.thread().interrupt();
        assertInstanceOf(InterruptedException.class, writer.failure());
        assertNull(remote.tryAcquireWrite(SHORT));
        had(remote.tryAcquireRead(Duration.ZERO)).close(); // a writer that gave up has opened the gate
        Running<Hold> closed = Threads.start(() -> remote.acquireWrite()).awaitAsleep();
        other.close();
        assertInstanceOf(IllegalStateException.class, closed.failure());
        read.close();
    }

    @Test
    void otherThread_mayNotRelease() throws InterruptedException {
        ReadHold read = lock.acquireRead();
        assertInstanceOf(
                IllegalMonitorStateException.class,
                Threads.start(() -> {
                            read.close();
                            return true;
                        })
                        .failure());
        read.close();
        Hold write = lock.acquireWrite();
        assertInstanceOf(
                IllegalMonitorStateException.class,
                Threads.start(() -> {
                            write.close();
                            return true;
                        })
                        .failure());
        write.close();
    }

    @Test
    @Scenario("jdk/27")
    void jucLock_isTheSameLock() throws InterruptedException {
        Lock read = lock.asReadWriteLock().readLock();
        Lock write = lock.asReadWriteLock().writeLock();
        read.lock();
        read.lockInterruptibly();
        assertFalse(remote.asReadWriteLock().writeLock().tryLock(10, TimeUnit.MILLISECONDS));
        read.unlock();
        read.unlock();
        assertThrows(IllegalMonitorStateException.class, read::unlock);
        write.lock();
        assertTrue(write.tryLock() && read.tryLock());
        assertFalse(remote.asReadWriteLock().readLock().tryLock());
        write.unlock();
        write.unlock();
        assertThrows(IllegalMonitorStateException.class, write::unlock);
        assertTrue(remote.asReadWriteLock().readLock().tryLock());
        read.unlock();
        assertThrows(UnsupportedOperationException.class, write::newCondition);
    }

    @Test
    void operations_afterCloseOrRemove_throw() throws InterruptedException {
        ReadHold read = remote.acquireRead();
        assertTrue(memory.remove("lock"));
        assertEquals(
                RegionException.Reason.REMOVED,
                assertThrows(RegionException.class, lock::acquireRead).reason());
        assertThrows(RegionException.class, lock::acquireWrite);
        other.close();
        assertThrows(IllegalStateException.class, read::close);
        assertThrows(IllegalStateException.class, remote::tryAcquireRead);
        assertThrows(IllegalStateException.class, remote::acquireUpdate);
    }
}
