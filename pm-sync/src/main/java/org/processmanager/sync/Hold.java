package org.processmanager.sync;

import org.processmanager.sync.internal.mutex.RobustMutex;

/**
 * One acquisition of a {@link SharedMutex}, released by {@link #close()} in the thread that acquired it.
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
    private final long ownership;
    private final boolean previousOwnerDied;
    private boolean closed;

    /** For the thread that has just acquired it. */
    Hold(RobustMutex mutex) {
        this.mutex = mutex;
        ownership = mutex.ownership();
        previousOwnerDied = mutex.isOrphaned();
    }

    /**
     * Whether the mutex was taken over from an owner that died, so that what it protects may be half changed. It stays so
     * until {@link #markConsistent()}: if this owner dies too, the next one is told as well. A hold within such a hold says
     * the same.
     *
     * @return true if the data needs a look
     */
    public boolean previousOwnerDied() {
        return previousOwnerDied;
    }

    /**
     * Says that what the mutex protects is consistent again. Without it, releasing a mutex that was taken over from a dead
     * owner poisons it. Does nothing if nobody died.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public void markConsistent() {
        mutex.markConsistent();
    }

    /**
     * A number that is greater than that of every earlier acquisition of this mutex, in all processes: a service outside can
     * refuse who comes with a smaller one than it has seen.
     *
     * @return the number of this acquisition; a hold within a hold has the same
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
     * Whether the mutex is still held by this acquisition. It is lost when the region is closed.
     *
     * @return false if it was released or lost
     */
    public boolean isValid() {
        return !closed && mutex.isStill(ownership);
    }

    /**
     * Releases the mutex, or this hold of it if the thread has others. Closing again does nothing.
     *
     * @throws IllegalMonitorStateException if the current thread is not the one that acquired it
     * @throws IllegalStateException if the region was closed meanwhile: the mutex was given up then, and what was done since
     *     was not protected
     */
    @Override
    public void close() {
        if (!closed) {
            mutex.checkOwned();
            closed = true;
            mutex.unlock();
        }
    }
}
