package org.processmanager.sync.internal.region.lock;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * What this handle changes in the region by several steps, under lock bytes that keep others out. Closing waits for what is
 * under way before it drops those: without the native layer the memory cannot be taken from under it.
 */
public final class MutationGuard {
    private final ReentrantReadWriteLock underWay = new ReentrantReadWriteLock();
    private volatile boolean ended;

    /**
     * Makes a change, beside those of other threads.
     *
     * @throws IllegalStateException if the region is closed
     */
    public <T> T make(Supplier<T> change) {
        underWay.readLock().lock();
        try {
            checkNotEnded();
            return change.get();
        } finally {
            underWay.readLock().unlock();
        }
    }

    /** For a change that waits for something. */
    void checkNotEnded() {
        if (ended) {
            throw new IllegalStateException("the region was closed");
        }
    }

    /** Lets no more begin, and waits for those that have begun: they end by themselves. */
    public void end() {
        ended = true;
        underWay.writeLock().lock();
        underWay.writeLock().unlock();
    }
}
