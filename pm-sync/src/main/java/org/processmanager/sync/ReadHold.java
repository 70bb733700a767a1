package org.processmanager.sync;

import org.processmanager.sync.internal.rwlock.RobustReadWriteLock;

/**
 * One acquisition of a {@link SharedReadWriteLock} for reading, released by {@link #close()} in the thread that acquired it.
 * Not thread-safe.
 */
public final class ReadHold implements AutoCloseable {
    private final RobustReadWriteLock lock;
    private final boolean previousOwnerDied;
    private boolean closed;

    /** For the thread that has just acquired the lock. */
    ReadHold(RobustReadWriteLock lock) {
        this.lock = lock;
        previousOwnerDied = lock.isRecovering();
    }

    /**
     * Returns whether a writer died, so that the data may be inconsistent. The current thread has the lock alone then, and may
     * repair the data, until {@link #markConsistent()}.
     *
     * @return true if the data must be checked
     */
    public boolean previousOwnerDied() {
        return previousOwnerDied;
    }

    /**
     * Marks the data that the lock protects as consistent, and lets others read, too. Without it, releasing a lock that was
     * taken over from a dead writer poisons it.
     *
     * @throws IllegalMonitorStateException if no writer died, or the current thread does not have the lock alone
     */
    public void markConsistent() {
        lock.markConsistent();
    }

    /**
     * Releases this hold. Idempotent.
     *
     * @throws IllegalMonitorStateException if the current thread is not the one that acquired it
     * @throws IllegalStateException if the region was closed meanwhile: the lock was released then
     * @throws RegionException if the region was deleted or replaced: the lock was released, and the data was not protected from
     *     processes that have opened the path since
     */
    @Override
    public void close() {
        if (!closed) {
            lock.unlockRead();
            closed = true;
        }
    }
}
