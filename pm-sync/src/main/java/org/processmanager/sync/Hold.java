package org.processmanager.sync;

import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.mutex.SuspendedHolds;
import org.processmanager.sync.internal.rwlock.RobustReadWriteLock;

/**
 * One acquisition of a {@link SharedMutex}, or of a {@link SharedReadWriteLock} for writing, released by {@link #close()} in
 * the thread that acquired it. Not thread-safe.
 *
 * <pre>{@code
 * try (Hold hold = mutex.acquire()) {
 *     if (hold.previousOwnerDied()) {
 *         repair();
 *         hold.markConsistent();
 *     }
 *     ...
 * }
 * }</pre>
 */
public final class Hold implements AutoCloseable {
    private final RobustMutex mutex;
    /** Null if the mutex is not that of a read-write lock. */
    private final @Nullable RobustReadWriteLock readWriteLock;

    private final long ownership;
    private boolean previousOwnerDied;
    private boolean closed;

    /** For the thread that has just acquired the mutex. */
    Hold(RobustMutex mutex) {
        this(mutex, null);
    }

    /** For the thread that has just acquired the lock for writing. */
    Hold(RobustReadWriteLock lock) {
        this(lock.mutex(), lock);
    }

    private Hold(RobustMutex mutex, @Nullable RobustReadWriteLock readWriteLock) {
        this.mutex = mutex;
        this.readWriteLock = readWriteLock;
        ownership = mutex.ownership();
        previousOwnerDied = mutex.isOrphaned();
    }

    /**
     * Returns whether the mutex was taken over from an owner that died, so that the data it protects may be inconsistent. This
     * stays so until {@link #markConsistent()}: if this owner dies, too, the next one gets the same answer. A nested hold
     * returns the same. After a wait for a {@link SharedCondition} it is the answer of that moment, when the mutex was acquired
     * again.
     *
     * @return true if the data must be checked
     */
    public boolean previousOwnerDied() {
        SuspendedHolds resumed = mutex.resumed(ownership);
        if (resumed != null) {
            previousOwnerDied = resumed.orphaned();
        }
        return previousOwnerDied;
    }

    /**
     * Marks the data that the mutex protects as consistent. Without it, releasing a mutex that was taken over from a dead owner
     * poisons it. Does nothing if no owner died.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public void markConsistent() {
        if (readWriteLock == null) {
            mutex.markConsistent();
        } else {
            readWriteLock.markConsistent();
        }
    }

    /**
     * Returns a number that is greater than that of every earlier acquisition of this mutex, in all processes: an external
     * service can reject requests with a smaller number than it has seen.
     *
     * @return the number of this acquisition; the same for nested holds, another one after a wait for a {@link SharedCondition}
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     * @throws IllegalStateException if this hold or its region is closed
     */
    public long fencingToken() {
        if (closed) {
            throw new IllegalStateException("this hold of " + mutex + " is closed");
        }
        return mutex.fencingToken();
    }

    /**
     * Returns whether this acquisition still lasts. It is lost when the region is closed, and within two seconds after the
     * region was deleted or replaced.
     *
     * @return false if it was released or lost
     */
    public boolean isValid() {
        return !closed && mutex.lasts(ownership);
    }

    /**
     * Releases the mutex, or this hold of it if the thread has others. Idempotent.
     *
     * @throws IllegalMonitorStateException if the current thread is not the one that acquired it
     * @throws IllegalStateException if the region was closed meanwhile: the mutex was released then, and the data was no longer
     *     protected
     * @throws RegionException if the region was deleted or replaced: the mutex was released, and the data was not protected
     *     from processes that have opened the path since
     */
    @Override
    public void close() {
        if (!closed) {
            mutex.checkOwned();
            previousOwnerDied(); // it is the last time that the mutex knows
            closed = true;
            if (readWriteLock == null) {
                mutex.unlockOwned();
            } else {
                readWriteLock.unlockWrite();
            }
        }
    }
}
