package org.processmanager.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.semaphore.PermitCells;

/**
 * A fixed number of permits that processes share, each with an owner: for resources that are used and returned, such as
 * connections. Acquiring returns a {@link Lease}; only closing that lease releases the permits, so there are never more than
 * the semaphore was created with. Thread-safe.
 *
 * <pre>{@code
 * LeasedSemaphore slots = shop.leasedSemaphore("slots", 4);
 * try (Lease lease = slots.acquire()) {
 *     ...
 * }
 * }</pre>
 *
 * <p><b>When a process dies</b> that holds permits, or closes its region, its permits are released. Waiting threads acquire
 * them within about 100 ms plus the time that the kernel needs to tear down that process; {@code tryAcquire} acquires them
 * at once. The resource may be in an inconsistent state, which this class does not report, unlike {@link SharedMutex}. A
 * suspended process keeps its permits. A lease that is never closed keeps its permits until its process exits or closes the
 * region.
 *
 * <p>Not fair: a newcomer may overtake waiting threads. Threads of one handle that wait for a single permit acquire in order
 * of arrival, and so do threads that wait for several.
 */
public final class LeasedSemaphore {
    private final PermitCells permits;

    LeasedSemaphore(PermitCells permits) {
        this.permits = permits;
    }

    /**
     * Acquires a permit, blocking until one is free.
     *
     * @return the lease; closing it releases the permit
     * @throws InterruptedException if interrupted before or while waiting; no permit is then held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting, or
     *     its content is damaged
     */
    public Lease acquire() throws InterruptedException {
        // Before the lease is allocated, which makes the code small enough to be inlined; then the lease needs no
        // memory.
        long permit = permits.acquire(Deadline.NEVER);
        return new Lease(permits, permit, null);
    }

    /**
     * Acquires several permits, blocking until as many are free at the same time. All or none: while it waits it holds none,
     * so other threads may acquire free permits meanwhile, and it may wait for ever if permits are never free together, for
     * example because many threads acquire one at a time. Threads that collect permits never block each other for ever, and a
     * process that dies while it collects leaves none behind.
     *
     * @param count how many, 1 to {@link #permits()}
     * @return one lease; closing it releases all of them
     * @throws IllegalArgumentException if the number is out of range
     * @throws InterruptedException if interrupted before or while waiting; no permit is then held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting, or
     *     its content is damaged
     */
    public Lease acquire(int count) throws InterruptedException {
        Lease lease = lease(permits.acquire(check(count), Deadline.NEVER));
        if (lease == null) {
            throw new AssertionError("a wait without a limit timed out");
        }
        return lease;
    }

    /**
     * As {@link #acquire()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @return the lease; closing it releases the permit
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting, or
     *     its content is damaged
     */
    public Lease acquireUninterruptibly() {
        Lease[] lease = new Lease[1];
        Uninterruptibles.run(() -> lease[0] = acquire());
        return lease[0];
    }

    /**
     * As {@link #acquire(int)}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @param count how many, 1 to {@link #permits()}
     * @return one lease; closing it releases all of them
     * @throws IllegalArgumentException if the number is out of range
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting, or
     *     its content is damaged
     */
    public Lease acquireUninterruptibly(int count) {
        Lease[] lease = new Lease[1];
        Uninterruptibles.run(() -> lease[0] = acquire(count));
        return lease[0];
    }

    /**
     * Acquires a permit if one is free. Non-blocking.
     *
     * @return the lease, or null if all permits are held; for an instant, a thread that tries to acquire several at once may
     *     hold some of which it then releases
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public @Nullable Lease tryAcquire() {
        return lease(permits.tryAcquire());
    }

    /**
     * Acquires several permits if as many are free at the same time. All or none. Does not wait for permits, but may pause for
     * less than a millisecond when other threads try to acquire several permits at the same time.
     *
     * @param count how many, 1 to {@link #permits()}
     * @return one lease, or null if fewer are free
     * @throws IllegalArgumentException if the number is out of range
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public @Nullable Lease tryAcquire(int count) {
        return lease(permits.tryAcquire(check(count)));
    }

    /**
     * Acquires a permit, waiting for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the lease, or null on timeout
     * @throws InterruptedException if interrupted before or while waiting; no permit is then held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting, or
     *     its content is damaged
     */
    public @Nullable Lease tryAcquire(Duration wait) throws InterruptedException {
        return lease(permits.acquire(Deadline.after(wait)));
    }

    /**
     * Acquires several permits as {@link #acquire(int)} does, waiting for at most a given time.
     *
     * @param count how many, 1 to {@link #permits()}
     * @param wait on the monotonic clock; zero or less does not wait
     * @return one lease, or null on timeout
     * @throws IllegalArgumentException if the number is out of range
     * @throws InterruptedException if interrupted before or while waiting; no permit is then held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, before or while waiting, or
     *     its content is damaged
     */
    public @Nullable Lease tryAcquire(int count, Duration wait) throws InterruptedException {
        return lease(permits.acquire(check(count), Deadline.after(wait)));
    }

    /**
     * Returns the number of free permits, including those of dead processes.
     *
     * @return the current number, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public int availablePermits() {
        return permits.available();
    }

    /**
     * Returns the total number of permits.
     *
     * @return the number that it was created with
     */
    public int permits() {
        return permits.permits();
    }

    /**
     * Returns the current state: the holders and since when, the number of waiting threads, and the number of deaths repaired.
     * Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this semaphore was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return permits.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return permits.name();
    }

    private int check(int count) {
        if (count < 1 || count > permits.permits()) {
            throw new IllegalArgumentException(
                    "count: " + count + " (expected: 1 to " + permits.permits() + ", the permits of " + this + ")");
        }
        return count;
    }

    private @Nullable Lease lease(long permit) {
        return permit == PermitCells.NONE ? null : new Lease(permits, permit, null);
    }

    private @Nullable Lease lease(long @Nullable [] acquired) {
        return acquired == null ? null : Lease.of(permits, acquired);
    }

    @Override
    public String toString() {
        return permits.toString();
    }
}
