package org.processmanager.sync.internal.rwlock;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.park.Deadline;

/** A read-write lock as one of {@code java.util.concurrent}. */
public final class ReadWriteLocks implements ReadWriteLock {
    private final RobustReadWriteLock lock;
    private final Lock read = new Read();
    private final Lock write = new Write();

    /** Locks that lock. */
    public ReadWriteLocks(RobustReadWriteLock lock) {
        this.lock = lock;
    }

    @Override
    public Lock readLock() {
        return read;
    }

    @Override
    public Lock writeLock() {
        return write;
    }

    @Override
    public String toString() {
        return "locks of " + lock;
    }

    private abstract static class Part implements Lock {
        abstract boolean lock(Deadline deadline) throws InterruptedException;

        @Override
        public void lock() {
            Uninterruptibles.run(() -> lock(Deadline.NEVER));
        }

        @Override
        public void lockInterruptibly() throws InterruptedException {
            lock(Deadline.NEVER);
        }

        @Override
        public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
            return lock(Deadline.after(Duration.ofNanos(unit.toNanos(time))));
        }

        @Override
        public Condition newCondition() {
            throw new UnsupportedOperationException(this + " has no conditions; use those of a SharedMutex");
        }
    }

    private final class Read extends Part {
        @Override
        boolean lock(Deadline deadline) throws InterruptedException {
            return lock.lockRead(deadline);
        }

        @Override
        public boolean tryLock() {
            return lock.tryLockRead();
        }

        @Override
        public void unlock() {
            lock.unlockRead();
        }

        @Override
        public String toString() {
            return "read lock of " + lock;
        }
    }

    private final class Write extends Part {
        @Override
        boolean lock(Deadline deadline) throws InterruptedException {
            return lock.lockWrite(deadline);
        }

        @Override
        public boolean tryLock() {
            return lock.tryLockWrite();
        }

        @Override
        public void unlock() {
            lock.unlockWrite();
        }

        @Override
        public String toString() {
            return "write lock of " + lock;
        }
    }
}
