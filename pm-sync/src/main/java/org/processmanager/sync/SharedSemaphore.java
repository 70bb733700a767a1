package org.processmanager.sync;

import java.time.Duration;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.semaphore.CountingSemaphore;

/**
 * A count of permits that processes share, with the meaning of {@link java.util.concurrent.Semaphore}: permits have no owner,
 * and a thread may release permits that it did not acquire. Suited to signalling, such as "n items are available".
 * Thread-safe.
 *
 * <p><b>When a process dies</b>, the permits that it acquired are not released. Where permits stand for resources that are
 * used and returned, use {@link LeasedSemaphore}. A process that dies while waiting acquires none.
 *
 * <p>One that was opened by {@link SharedMemory#semaphore} is not fair: a newcomer may overtake waiting threads. Threads that
 * wait through one handle acquire in order of arrival.
 *
 * <p>One that was opened by {@link SharedMemory#fairSemaphore} is fair: threads of all processes acquire in the order in which
 * they called, also while others wait with a limit or are interrupted. As in {@code java.util.concurrent}, only
 * {@link #tryAcquire()} and {@link #drainPermits()} do not respect that order; use {@code tryAcquire(Duration.ZERO)} where it
 * matters. A waiting thread whose process dies is skipped, within about 100 ms plus the time that the kernel needs to tear down
 * that process. A waiting process that does not run for a second, since it is suspended, is passed over until it runs again,
 * and then has its former place.
 */
public final class SharedSemaphore {
    private final CountingSemaphore semaphore;

    SharedSemaphore(CountingSemaphore semaphore) {
        this.semaphore = semaphore;
    }

    /**
     * Acquires a permit, blocking until there is one.
     *
     * @throws InterruptedException if interrupted before or while waiting; no permit is then acquired
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting
     */
    public void acquire() throws InterruptedException {
        semaphore.acquire();
    }

    /**
     * As {@link #acquire()}, but an interrupt does not end the wait; the interrupt status is preserved. In a fair semaphore,
     * an interrupted thread keeps its place.
     *
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting
     */
    public void acquireUninterruptibly() {
        semaphore.acquireUninterruptibly();
    }

    /**
     * Acquires a permit if there is one, even if the semaphore is fair and other threads wait. Non-blocking.
     *
     * @return whether a permit was acquired
     * @throws IllegalStateException if the region is closed
     */
    public boolean tryAcquire() {
        return semaphore.tryAcquire();
    }

    /**
     * Acquires a permit, waiting for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether a permit was acquired; false on timeout
     * @throws InterruptedException if interrupted before or while waiting; no permit is then acquired
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting
     */
    public boolean tryAcquire(Duration wait) throws InterruptedException {
        return semaphore.tryAcquire(Deadline.after(wait));
    }

    /**
     * Acquires all permits that are available, even if the semaphore is fair and other threads wait. Non-blocking.
     *
     * @return how many were acquired, 0 or more
     * @throws IllegalStateException if the region is closed
     */
    public int drainPermits() {
        return semaphore.drain();
    }

    /**
     * Releases a permit.
     *
     * @throws IllegalStateException if there are {@link Integer#MAX_VALUE} already, or the region is closed
     */
    public void release() {
        semaphore.release(1);
    }

    /**
     * Releases permits.
     *
     * @param permits how many, 0 or more
     * @throws IllegalArgumentException if the number is negative
     * @throws IllegalStateException if there would be more than {@link Integer#MAX_VALUE}, or the region is closed; none is
     *     then released
     */
    public void release(int permits) {
        semaphore.release(permits);
    }

    /**
     * Returns whether threads acquire permits in order of arrival.
     *
     * @return true if it was opened by {@link SharedMemory#fairSemaphore}
     */
    public boolean isFair() {
        return semaphore.isFair();
    }

    /**
     * Returns the number of available permits.
     *
     * @return the current number, which may change at any time
     * @throws IllegalStateException if the region is closed
     */
    public int availablePermits() {
        return semaphore.permits();
    }

    /**
     * Returns the current state: the permits and the number of waiting threads. Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return semaphore.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return semaphore.name();
    }

    @Override
    public String toString() {
        return semaphore.toString();
    }
}
