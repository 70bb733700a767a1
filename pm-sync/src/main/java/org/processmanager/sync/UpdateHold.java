package org.processmanager.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.rwlock.RobustReadWriteLock;

/**
 * One acquisition of a {@link SharedReadWriteLock} for updating, released by {@link #close()} in the thread that acquired it.
 * Not thread-safe.
 *
 * <pre>{@code
 * try (UpdateHold update = prices.acquireUpdate()) {
 *     if (isOutdated()) {
 *         try (Hold write = update.upgrade()) {
 *             replace();
 *         }
 *     }
 * }
 * }</pre>
 */
public final class UpdateHold implements AutoCloseable {
    private final RobustReadWriteLock lock;
    private final boolean previousOwnerDied;
    private boolean closed;

    /** For the thread that has just acquired the lock. */
    UpdateHold(RobustReadWriteLock lock) {
        this.lock = lock;
        previousOwnerDied = lock.mutex().isOrphaned();
    }

    /**
     * Waits until no other thread reads, and acquires the lock for writing.
     *
     * @return the write hold, to be closed by the same thread before this one
     * @throws InterruptedException if interrupted before or while waiting; this hold remains
     * @throws IllegalMonitorStateException if the current thread is not the one that acquired it
     * @throws IllegalStateException if this hold or the region is closed, before or while waiting
     * @throws RegionException if the lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public Hold upgrade() throws InterruptedException {
        checkHeld();
        lock.lockWrite(Deadline.NEVER);
        return new Hold(lock);
    }

    /**
     * As {@link #upgrade()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @return the write hold, to be closed by the same thread before this one
     * @throws IllegalMonitorStateException if the current thread is not the one that acquired it
     * @throws IllegalStateException if this hold or the region is closed, before or while waiting
     * @throws RegionException if the lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public Hold upgradeUninterruptibly() {
        checkHeld();
        Uninterruptibles.run(() -> lock.lockWrite(Deadline.NEVER));
        return new Hold(lock);
    }

    /**
     * Waits for at most a given time until no other thread reads, and acquires the lock for writing.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the write hold, to be closed by the same thread before this one; or null on timeout
     * @throws InterruptedException if interrupted before or while waiting; this hold remains
     * @throws IllegalMonitorStateException if the current thread is not the one that acquired it
     * @throws IllegalStateException if this hold or the region is closed, before or while waiting
     * @throws RegionException if the lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public @Nullable Hold tryUpgrade(Duration wait) throws InterruptedException {
        checkHeld();
        return lock.lockWrite(Deadline.after(wait)) ? new Hold(lock) : null;
    }

    private void checkHeld() {
        if (closed) {
            throw new IllegalStateException("this update hold of " + lock + " is closed");
        }
        lock.mutex().checkOwned();
    }

    /**
     * Returns whether a writer died, so that the data may be inconsistent. No other thread reads then, until
     * {@link #markConsistent()} and the release of this hold.
     *
     * @return true if the data must be checked
     */
    public boolean previousOwnerDied() {
        return previousOwnerDied;
    }

    /**
     * Marks the data that the lock protects as consistent. Without it, releasing a lock that was taken over from a dead writer
     * poisons it. Does nothing if no writer died.
     *
     * @throws IllegalMonitorStateException if the current thread does not have the lock for updating
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
            lock.unlockUpdate();
            closed = true;
        }
    }
}
