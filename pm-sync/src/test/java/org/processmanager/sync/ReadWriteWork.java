package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.FlavourWork.LONG;
import static org.processmanager.sync.FlavourWork.SHORT;
import static org.processmanager.sync.FlavourWork.WORKERS;
import static org.processmanager.sync.FlavourWork.awaitWaiters;
import static org.processmanager.sync.FlavourWork.meet;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.processmanager.sync.Threads.Running;

/** What one worker of {@link FlavoursIT} does with a read-write lock, mostly as one of {@code java.util.concurrent}. */
final class ReadWriteWork {
    private ReadWriteWork() {}

    static void addTo(Map<String, FlavourWork.Task> tasks) {
        tasks.put("rw.data", ReadWriteWork::data);
        tasks.put("rw.share", (memory, worker, times) -> share(memory));
        tasks.put("rw.exclude", (memory, worker, times) -> exclude(memory, worker));
        tasks.put("rw.nest", (memory, worker, times) -> nest(memory, worker));
        tasks.put("rw.downgrade", (memory, worker, times) -> downgrade(memory, worker));
        tasks.put("rw.wait", (memory, worker, times) -> await(memory, worker));
    }

    private static SharedReadWriteLock lock(SharedMemory memory) {
        return memory.readWriteLock("lock");
    }

    private static Lock read(SharedMemory memory) {
        return lock(memory).asReadWriteLock().readLock();
    }

    private static Lock write(SharedMemory memory) {
        return lock(memory).asReadWriteLock().writeLock();
    }

    /** Returns how often the worker wrote: two numbers, which are equal for each reader. */
    private static String data(SharedMemory memory, int worker, int times) throws Exception {
        SharedLong left = memory.atomicLong("left");
        SharedLong right = memory.atomicLong("right");
        int written = 0;
        for (int i = 0; i < times; i++) {
            if ((i + worker) % 4 == 0) {
                try (Hold hold = lock(memory).acquireWrite()) {
                    left.set(left.get() + 1);
                    right.set(right.get() + 1);
                    written++;
                }
            } else {
                try (ReadHold hold = lock(memory).acquireRead()) {
                    assertEquals(left.get(), right.get());
                }
            }
        }
        return "" + written;
    }

    /** All hold it for reading at the same time. */
    private static String share(SharedMemory memory) throws Exception {
        read(memory).lock();
        meet(memory);
        assertTrue(read(memory).tryLock());
        assertFalse(write(memory).tryLock());
        assertThrows(IllegalStateException.class, write(memory)::lock);
        read(memory).unlock();
        meet(memory);
        read(memory).unlock();
        assertThrows(IllegalMonitorStateException.class, read(memory)::unlock);
        meet(memory);
        assertTrue(write(memory).tryLock(LONG.toNanos(), TimeUnit.NANOSECONDS));
        write(memory).unlock();
        return "";
    }

    private static String exclude(SharedMemory memory, int worker) throws Exception {
        if (worker == 0) {
            write(memory).lockInterruptibly();
        }
        meet(memory);
        if (worker != 0) {
            assertRefused(read(memory));
            assertRefused(write(memory));
        }
        meet(memory);
        if (worker == 0) {
            write(memory).unlock();
            assertThrows(IllegalMonitorStateException.class, write(memory)::unlock);
        }
        meet(memory);
        assertTrue(read(memory).tryLock());
        read(memory).unlock();
        return "";
    }

    private static void assertRefused(Lock lock) throws InterruptedException {
        assertFalse(lock.tryLock());
        FlavourWork.assertEndsByTimeAndInterrupt(wait -> lock.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS));
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        Running<Boolean> waiter = Threads.start(() -> {
                    lock.lockInterruptibly();
                    return true;
                })
                .awaitAsleep();
        waiter.thread().interrupt();
        assertInstanceOf(InterruptedException.class, waiter.failure());
    }

    /** Holds are released one by one; the last one of the writer lets others in. */
    private static String nest(SharedMemory memory, int worker) throws Exception {
        Lock read = read(memory);
        Lock write = write(memory);
        for (int i = 0; i < 3 && worker == 0; i++) {
            write.lock();
            read.lock();
        }
        for (int held = 6; held >= 0; held--) {
            meet(memory);
            if (worker != 0) {
                boolean had = write.tryLock(held == 0 ? LONG.toNanos() : 0, TimeUnit.NANOSECONDS);
                assertEquals(held == 0, had, held + " holds left");
                if (had) {
                    write.unlock();
                }
            }
            meet(memory);
            if (worker == 0 && held > 0) {
                (held > 3 ? write : read).unlock();
            }
        }
        if (worker == 0) {
            assertThrows(IllegalMonitorStateException.class, read::unlock);
            assertThrows(IllegalMonitorStateException.class, write::unlock);
        }
        return "";
    }

    private static String downgrade(SharedMemory memory, int worker) throws Exception {
        if (worker == 0) {
            write(memory).lock();
            read(memory).lock();
            write(memory).unlock();
        }
        meet(memory);
        assertTrue(read(memory).tryLock(LONG.toNanos(), TimeUnit.NANOSECONDS));
        read(memory).unlock();
        if (worker != 0) {
            assertFalse(write(memory).tryLock());
            assertFalse(write(memory).tryLock(SHORT.toNanos(), TimeUnit.NANOSECONDS));
        }
        meet(memory);
        if (worker == 0) {
            read(memory).unlock();
        }
        meet(memory);
        assertTrue(write(memory).tryLock(LONG.toNanos(), TimeUnit.NANOSECONDS));
        write(memory).unlock();
        return "";
    }

    /** Two readers and a writer wait for a writer; an interrupt ends none of these waits. */
    private static String await(SharedMemory memory, int worker) throws Exception {
        SharedReadWriteLock lock = lock(memory);
        if (worker == 0) {
            write(memory).lock();
        }
        meet(memory);
        if (worker == 0) {
            meet(memory);
            awaitWaiters(WORKERS - 1, lock::snapshot);
            write(memory).unlock();
            meet(memory);
            assertEquals("free", lock.snapshot().state());
            return "";
        }
        Lock mine = worker == 1 ? write(memory) : read(memory);
        Running<Boolean> waiter = Threads.start(() -> {
                    mine.lock();
                    mine.unlock();
                    return Thread.interrupted();
                })
                .awaitAsleep();
        waiter.thread().interrupt();
        meet(memory);
        assertTrue(waiter.result(), "the interrupt is preserved");
        meet(memory);
        return "";
    }
}
