package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;

import java.util.concurrent.atomic.AtomicLongArray;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.SharedObject;

/**
 * Where this handle puts next. A producer claims the first cell that is free in its lap. All cells before one that was claimed
 * were claimed or passed, too, so a handle starts where it last succeeded.
 *
 * <p>A cell that another party has had since the previous lap does not stop a producer if a cell behind it is free: the producer
 * passes it, that is, moves its word to this lap. If a consumer has the cell, its position no longer matters. If a producer has
 * it, its item is put at the new position, behind all that are in the buffer: its put has not returned yet, so no other item
 * had to come later.
 */
final class PutCursor extends SharedObject {
    private static final int NEXT = 16;
    private static final int PADDED = 32;

    private final Cells cells;
    private final BufferRun run;
    /** Where to look first; a race costs only a few reads. Padded against false sharing. */
    private final AtomicLongArray cursor = new AtomicLongArray(PADDED);

    PutCursor(SharedObject buffer, Cells cells, BufferRun run) {
        super(buffer);
        this.cells = cells;
        this.run = run;
        cursor.setOpaque(NEXT, tail());
    }

    /** Claims the next cell; returns it, or {@link Cells#NO_CELL} if there is no room. */
    int claim() {
        region.checkMapped();
        long position = cursor.getOpaque(NEXT);
        while (true) {
            int lap = cells.lap(position);
            int cell = cells.at(position);
            long word = cells.word(cell);
            int ahead = BufferLayout.lap(word) - lap;
            if (ahead == 0 && BufferLayout.state(word) == FREE) {
                if (cells.cas(cell, word, BufferLayout.word(lap, CLAIMED, self))) {
                    CrashPoint.reach("buffer.claimed");
                    moveTo(position + 1);
                    if (isStillUsable(cell)) {
                        return cell;
                    }
                }
            } else if (ahead >= 0) {
                position = nextFrom(position, ahead);
            } else {
                long next = passHeld(position);
                if (next == Cells.NONE) {
                    cursor.setOpaque(NEXT, position);
                    handle.checkOpen();
                    run.checkNotEnded();
                    return Cells.NO_CELL;
                }
                position = next;
            }
        }
    }

    /** Returns where to continue behind a position whose cell is in this lap or a later one. */
    private long nextFrom(long position, int ahead) {
        long tail = tail();
        cells.checkLap("tail", position, ahead, tail);
        return Math.max(position + 1, tail);
    }

    private long tail() {
        return cells.checkPosition("tail", BufferLayout.tailVolatile(memory, offset));
    }

    private void moveTo(long next) {
        cursor.setOpaque(NEXT, next);
        if (Cells.isShared(next)) {
            BufferLayout.passTail(memory, offset, next);
        }
    }

    /**
     * Gives up a cell that was claimed if nothing may be put. Asked after the claim: from the end of the buffer on, a cell that
     * has once been seen free is never filled.
     */
    private boolean isStillUsable(int cell) {
        if (!handle.isUnusable() && !run.isEnded()) {
            return true;
        }
        abandon(cell);
        handle.checkUsable();
        run.checkNotEnded();
        return false; // it was reopened meanwhile
    }

    /** Gives up a cell that was claimed. */
    void abandon(int cell) {
        cells.change(cell, CLAIMED, FREE);
        run.afterFree();
    }

    /** Passes cells that other parties have; returns where to continue, or {@link Cells#NONE} if no cell behind them is free. */
    private long passHeld(long from) {
        long tail = tail();
        if (tail > from) {
            return tail; // this handle was idle for so long that the laps cannot be compared
        }
        cells.checkLap("tail", from, BufferLayout.lap(cells.word(cells.at(from))) - cells.lap(from), tail);
        long room = roomBehind(from);
        for (long position = from; position < room; position++) {
            int cell = cells.at(position);
            int lap = cells.lap(position);
            long word = cells.word(cell);
            boolean held = BufferLayout.lap(word) - lap < 0 && BufferLayout.isHeld(word);
            if (!held || !cells.cas(cell, word, BufferLayout.inLap(word, lap))) {
                return position; // a cell that has just been freed must not be passed
            }
            CrashPoint.reach("buffer.passed");
        }
        return room;
    }

    /** Returns the first position whose cell other parties do not have; {@link Cells#NONE} if an item is there, or none is left. */
    private long roomBehind(long from) {
        for (long position = from; position < from + cells.count; position++) {
            long word = cells.word(cells.at(position));
            if (BufferLayout.lap(word) - cells.lap(position) >= 0) {
                return position;
            }
            if (!BufferLayout.isHeld(word)) {
                return Cells.NONE;
            }
        }
        return Cells.NONE;
    }

    /** Returns whether {@link #claim} would find room. */
    boolean hasRoom() {
        long position = cursor.getOpaque(NEXT);
        while (true) {
            long word = cells.word(cells.at(position));
            int ahead = BufferLayout.lap(word) - cells.lap(position);
            if (ahead < 0) {
                return tail() > position || roomBehind(position) != Cells.NONE;
            }
            if (ahead == 0 && BufferLayout.state(word) == FREE) {
                return true;
            }
            position = nextFrom(position, ahead);
        }
    }
}
