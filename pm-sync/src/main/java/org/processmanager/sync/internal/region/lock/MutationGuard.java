package org.processmanager.sync.internal.region.lock;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Changes of the region by this handle that take several steps, under lock bytes that keep others out. Closing waits for the
 * changes in progress before it releases the lock bytes, since on the portable path the memory stays mapped.
 */
public final class MutationGuard {
    private final ReentrantReadWriteLock inProgress = new ReentrantReadWriteLock();
    private volatile boolean closed;

    /**
     * Begins a change; other threads may change at the same time. To be followed by {@link #exit}.
     *
     * @throws IllegalStateException if the region is closed
     */
    public void enter() {
        inProgress.readLock().lock();
        if (closed) {
            inProgress.readLock().unlock();
            checkOpen();
        }
    }

    /** Ends a change. */
    public void exit() {
        inProgress.readLock().unlock();
    }

    /** Refuses a closed region: for a change that waits for something. */
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the region was closed");
        }
    }

    /** Refuses further changes, and waits until those in progress have ended. */
    public void close() {
        closed = true;
        inProgress.writeLock().lock();
        inProgress.writeLock().unlock();
    }
}
