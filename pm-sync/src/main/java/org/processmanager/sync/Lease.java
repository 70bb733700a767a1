package org.processmanager.sync;

import org.processmanager.sync.internal.PermitCells;

/** One permit of a {@link LeasedSemaphore}, given back by {@link #close()}, once, by any thread of the process. */
public final class Lease implements AutoCloseable {
    private static final long NOT_DRAWN = 0;

    private final PermitCells cells;
    private final PermitCells.Permit permit;
    private boolean closed;
    private long token = NOT_DRAWN;

    /** For who has just taken it. */
    Lease(PermitCells cells, PermitCells.Permit permit) {
        this.cells = cells;
        this.permit = permit;
    }

    /**
     * A number that is greater than every one that was given out before for this semaphore, in all processes, and is drawn
     * when it is first asked for: who got the permit after this lease was lost has a greater one, so a service outside can
     * refuse who comes with a smaller number for the same thing.
     *
     * @return the number of this lease, the same each time
     * @throws IllegalStateException if this lease or its region is closed
     */
    public synchronized long fencingToken() {
        if (!isValid()) {
            throw new IllegalStateException("this lease of " + cells + " was closed or lost");
        }
        if (token == NOT_DRAWN) {
            token = cells.nextToken();
        }
        return token;
    }

    /**
     * Whether the permit is still held by this lease. It is lost when the region is closed.
     *
     * @return false if it was given back or lost
     */
    public boolean isValid() {
        return cells.isMine(permit);
    }

    /**
     * Gives the permit back. Closing again does nothing.
     *
     * @throws IllegalStateException if the region was closed meanwhile: the permit was given up then
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true; // for this thread: among several the permit's own word decides
            cells.release(permit);
        }
    }

    @Override
    public String toString() {
        return "permit " + permit.cell() + " of " + cells;
    }
}
