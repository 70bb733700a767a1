package org.processmanager.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.semaphore.PermitCells;
import org.processmanager.sync.internal.wait.VarHandles;

/**
 * One or more permits of a {@link LeasedSemaphore}, released by {@link #close()}. Thread-safe: any thread of the process may
 * close it.
 */
public final class Lease implements AutoCloseable {
    private static final long NOT_DRAWN = 0;
    private static final VarHandle TOKEN = VarHandles.ofField(MethodHandles.lookup(), "token", long.class);

    private final PermitCells permits;
    private final long permit;
    /** Of the other permits, if it has several. */
    private final @Nullable Lease next;
    /** A hint that spares a call: if several threads close at once, the number of the permit decides. */
    private boolean closed;

    private long token = NOT_DRAWN;

    /** For a permit that was just acquired. */
    Lease(PermitCells permits, long permit, @Nullable Lease next) {
        this.permits = permits;
        this.permit = permit;
        this.next = next;
    }

    /** For permits that were just acquired. */
    static Lease of(PermitCells permits, long[] acquired) {
        Lease lease = null;
        for (long permit : acquired) {
            lease = new Lease(permits, permit, lease);
        }
        if (lease == null) {
            throw new IllegalArgumentException("no permits");
        }
        return lease;
    }

    /**
     * Returns how many permits it was acquired with.
     *
     * @return 1 or more
     */
    public int permits() {
        int count = 0;
        for (Lease lease = this; lease != null; lease = lease.next) {
            count++;
        }
        return count;
    }

    /**
     * Returns a number that is greater than every number that was returned before for this semaphore, in all processes. It is
     * drawn on the first call. If this lease is lost and another process acquires the permit, that process draws a greater
     * number, so an external service can reject requests with a smaller number than it has seen.
     *
     * @return the number of this lease, the same on each call
     * @throws IllegalStateException if this lease or its region is closed
     */
    public long fencingToken() {
        permits.checkOpen();
        if (!isValid()) {
            throw new IllegalStateException("this lease of " + permits + " was closed or lost");
        }
        long drawn = (long) TOKEN.getVolatile(this);
        if (drawn != NOT_DRAWN) {
            return drawn;
        }
        long mine = permits.nextToken();
        long earlier = (long) TOKEN.compareAndExchange(this, NOT_DRAWN, mine);
        return earlier == NOT_DRAWN ? mine : earlier;
    }

    /**
     * Returns whether this lease still has its permits. They are lost when the region is closed, and within two seconds after
     * the region was deleted or replaced.
     *
     * @return false if they were released or lost
     */
    public boolean isValid() {
        for (Lease lease = this; lease != null; lease = lease.next) {
            if (!permits.isMine(lease.permit)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Releases all its permits. Idempotent.
     *
     * @throws IllegalStateException if the region was closed meanwhile: the permits were released then
     * @throws RegionException if the region was deleted or replaced: the permits were released, and processes that have opened
     *     the path since may have had the same ones
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            permits.release(permit);
            if (next != null) {
                closeAll(next);
            }
        }
    }

    private static void closeAll(Lease first) {
        for (Lease lease = first; lease != null; lease = lease.next) {
            lease.permits.release(lease.permit);
        }
    }

    @Override
    public String toString() {
        return next == null ? "permit " + (int) permit + " of " + permits : permits() + " permits of " + permits;
    }
}
