package org.processmanager.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.semaphore.PermitCells;

/**
 * So many permits that processes share, each with an owner: right for what is used and returned, as connections or seats.
 * Who acquires gets a {@link Lease} and closes it; nobody else can give that permit back, so there are never more than there
 * were.
 *
 * <pre>{@code
 * LeasedSemaphore slots = shop.leasedSemaphore("slots", 4);
 * try (Lease lease = slots.acquire()) {
 *     ...
 * }
 * }</pre>
 *
 * <p><b>When a process dies</b> that has permits, or closes its region, they come back: who waits gets one within about a
 * tenth of a second plus the time that the kernel needs to take the dead process apart, who asks finds it at once. What a
 * permit stood for may be half changed; unlike {@link SharedMutex} it does not tell so. A process that is merely stopped
 * keeps its permits. A lease that is never closed keeps its permit until its process exits or closes the region.
 *
 * <p>It is not fair: who comes may overtake who waits. Within one handle those who wait do so in the order of their coming.
 */
public final class LeasedSemaphore {
    private final PermitCells cells;

    LeasedSemaphore(PermitCells cells) {
        this.cells = cells;
    }

    /**
     * Takes one permit, waiting until one is free.
     *
     * @return the lease; closing it gives the permit back, closing it again does nothing
     * @throws InterruptedException if interrupted before or while waiting; no permit is then held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting, or its content is damaged
     */
    public Lease acquire() throws InterruptedException {
        return new Lease(cells, cells.acquire(Deadline.NEVER));
    }

    /**
     * Takes one permit if one is free, without waiting.
     *
     * @return the lease, or null if others have all permits
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public @Nullable Lease tryAcquire() {
        return lease(cells.tryAcquire());
    }

    /**
     * Takes one permit, waiting at most so long for one.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the lease, or null if others had all permits all the time
     * @throws InterruptedException if interrupted before or while waiting; no permit is then held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting, or its content is damaged
     */
    public @Nullable Lease tryAcquire(Duration wait) throws InterruptedException {
        return lease(cells.acquire(Deadline.after(wait)));
    }

    /**
     * How many permits are free at this moment; those of the dead are.
     *
     * @return a number that may be another already
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public int availablePermits() {
        return cells.available();
    }

    /**
     * How many permits there are, free or not.
     *
     * @return the number that it was made with
     */
    public int permits() {
        return cells.permits();
    }

    /**
     * Looks at this semaphore as {@link SharedMemory#inspect()} does at all objects: takes no part, writes nothing, waits for
     * nobody; by any thread.
     *
     * @return who has permits and since when, how many wait for one, how many deaths were made good for at this moment; it may have changed since
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionInfo.NamedObject inspect() {
        return cells.inspect();
    }

    /**
     * The name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return cells.name();
    }

    private @Nullable Lease lease(int cell) {
        return cell == PermitCells.NONE ? null : new Lease(cells, cell);
    }

    @Override
    public String toString() {
        return cells.toString();
    }
}
