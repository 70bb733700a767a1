package org.processmanager.sync;

import java.time.Duration;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.semaphore.CountingSemaphore;

/**
 * A count of permits that processes share, with the meaning of {@link java.util.concurrent.Semaphore}: whoever wants a permit
 * takes one, and anyone may give some, also who took none. Right for signalling, as "so many items are there".
 *
 * <p><b>When a process dies</b>, nothing comes back: permits belong to nobody, so what it took stays taken. Where permits
 * stand for something that is used and returned, that is a leak. A process that dies while it waits takes none.
 *
 * <p>It is not fair: who comes may overtake who waits. Within one handle those who wait do so in the order of their coming.
 */
public final class SharedSemaphore {
    private final CountingSemaphore semaphore;

    SharedSemaphore(CountingSemaphore semaphore) {
        this.semaphore = semaphore;
    }

    /**
     * Takes one permit, waiting until there is one.
     *
     * @throws InterruptedException if interrupted before or while waiting; no permit is then taken
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting
     */
    public void acquire() throws InterruptedException {
        semaphore.acquire();
    }

    /**
     * Takes one permit if there is one, without waiting.
     *
     * @return whether it took one
     * @throws IllegalStateException if the region is closed
     */
    public boolean tryAcquire() {
        return semaphore.tryAcquire();
    }

    /**
     * Takes one permit, waiting at most so long for one.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether it took one
     * @throws InterruptedException if interrupted before or while waiting; no permit is then taken
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting
     */
    public boolean tryAcquire(Duration wait) throws InterruptedException {
        return semaphore.tryAcquire(Deadline.after(wait));
    }

    /**
     * Gives one permit.
     *
     * @throws IllegalStateException if there are {@link Integer#MAX_VALUE} already, or the region is closed
     */
    public void release() {
        semaphore.release(1);
    }

    /**
     * Gives permits.
     *
     * @param permits how many, 0 or more
     * @throws IllegalArgumentException if the number is negative
     * @throws IllegalStateException if there would be more than {@link Integer#MAX_VALUE}, or the region is closed; none is
     *     then given
     */
    public void release(int permits) {
        semaphore.release(permits);
    }

    /**
     * How many permits there are at this moment.
     *
     * @return a number that may be another's already
     * @throws IllegalStateException if the region is closed
     */
    public int availablePermits() {
        return semaphore.permits();
    }

    /**
     * Looks at this semaphore as {@link SharedMemory#inspect()} does at all objects: takes no part, writes nothing, waits for
     * nobody; by any thread.
     *
     * @return its permits, and how many wait for one at this moment; it may have changed since
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionInfo.NamedObject inspect() {
        return semaphore.inspect();
    }

    /**
     * The name by which it was opened.
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
