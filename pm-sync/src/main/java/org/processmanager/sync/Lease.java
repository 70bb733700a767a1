package org.processmanager.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.processmanager.sync.internal.semaphore.PermitCells;
import org.processmanager.sync.internal.wait.VarHandles;

/**
 * One permit of a {@link LeasedSemaphore}, released by {@link #close()}, by any thread of the process.
 */
public final class Lease implements AutoCloseable {
    private static final long NOT_DRAWN = 0;
    private static final VarHandle TOKEN = VarHandles.ofField(MethodHandles.lookup(), "token", long.class);

    private final PermitCells cells;
    private final int cell;
    private final long word;
    /** A hint that spares a call: among threads that close at once, the word of the permit decides. */
    private boolean closed;

    private long token = NOT_DRAWN;

    /** For who has just taken it. */
    Lease(PermitCells cells, int cell) {
        this.cells = cells;
        this.cell = cell;
        word = cells.word(cell);
    }

    /**
     * A number that is greater than every one that was given out before for this semaphore, in all processes, and is drawn
     * when it is first asked for: who got the permit after this lease was lost has a greater one, so a service outside can
     * refuse who comes with a smaller number for the same thing.
     *
     * @return the number of this lease, the same each time
     * @throws IllegalStateException if this lease or its region is closed
     */
    public long fencingToken() {
        if (!isValid()) {
            throw new IllegalStateException("this lease of " + cells + " was closed or lost");
        }
        long drawn = (long) TOKEN.getVolatile(this);
        if (drawn != NOT_DRAWN) {
            return drawn;
        }
        long mine = cells.nextToken();
        long earlier = (long) TOKEN.compareAndExchange(this, NOT_DRAWN, mine);
        return earlier == NOT_DRAWN ? mine : earlier;
    }

    /**
     * Whether the permit is still held by this lease. It is lost when the region is closed.
     *
     * @return false if it was given back or lost
     */
    public boolean isValid() {
        return cells.isMine(cell, word);
    }

    /**
     * Gives the permit back. Closing again does nothing.
     *
     * @throws IllegalStateException if the region was closed meanwhile: the permit was given up then
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cells.release(cell, word);
        }
    }

    @Override
    public String toString() {
        return "permit " + cell + " of " + cells;
    }
}
