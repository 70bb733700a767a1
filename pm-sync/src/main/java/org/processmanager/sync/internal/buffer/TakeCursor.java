package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FULL;
import static org.processmanager.sync.internal.buffer.BufferLayout.REDELIVER;
import static org.processmanager.sync.internal.buffer.BufferLayout.TAKEN;
import static org.processmanager.sync.internal.buffer.Cells.NONE;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.SharedObject;

/**
 * Where this handle takes next. A consumer takes the first item that has been put, and passes cells whose put has not finished.
 * It looks at these again when it has found a later item, or none: if one is still unfinished then, no item of it had to come
 * before the later one, and none was there when the search found none. So the order of two puts holds if one returns before the
 * other begins, and nothing is found only if nothing was there at one moment.
 *
 * <p>All that a handle knows remains true: a position that was passed stays so. So threads of a handle need not agree on where
 * it looks first.
 */
final class TakeCursor extends SharedObject {
    private static final int NEXT = 16;
    private static final int PADDED = 32;
    private static final long[] NO_POSITIONS = {};

    private final Cells cells;
    /** Where to look first if no position before it is unfinished; all before it are passed. Padded against false sharing. */
    private final AtomicLongArray cursor = new AtomicLongArray(PADDED);
    /** Where to look first; null if no position is unfinished. */
    private volatile @Nullable Frontier frontier;

    /**
     * Where to look first, if an item before that has not been there yet.
     *
     * @param next all positions before it are passed, except
     * @param unfinished these, in order
     */
    private record Frontier(long next, long[] unfinished) {}

    TakeCursor(SharedObject buffer, Cells cells) {
        super(buffer);
        this.cells = cells;
        cursor.setOpaque(NEXT, head());
    }

    /** Takes the next item; returns its cell, marked if it is {@link #redelivered}, or {@link Cells#NO_CELL}. */
    int take() {
        region.checkMapped();
        while (true) {
            if (BufferLayout.redeliverVolatile(memory, offset)) {
                int again = takeRedelivered();
                if (again != Cells.NO_CELL) {
                    return again;
                }
            }
            if (frontier == null) {
                long next = cursor.getOpaque(NEXT);
                int cell = takeAt(next);
                if (cell != Cells.NO_CELL) {
                    cursor.setOpaque(NEXT, next + 1);
                    return cell;
                }
            }
            long position = search();
            if (position == NONE) {
                handle.checkOpen();
                return Cells.NO_CELL;
            }
            int cell = takeAt(position);
            if (cell != Cells.NO_CELL) {
                return cell;
            }
        }
    }

    /** Takes the item at a position; returns its cell, or {@link Cells#NO_CELL} if there is none. */
    private int takeAt(long position) {
        int lap = cells.lap(position);
        int cell = cells.at(position);
        long full = BufferLayout.word(lap, FULL, 0);
        if (cells.word(cell) != full || !cells.cas(cell, full, BufferLayout.word(lap, TAKEN, self))) {
            return Cells.NO_CELL;
        }
        CrashPoint.reach("buffer.taken");
        if (Cells.isShared(position + 1)) {
            Frontier known = frontier;
            BufferLayout.passHead(memory, offset, known == null ? cursor.getOpaque(NEXT) : known.unfinished[0]);
        }
        checkStillUsable(cell);
        return cell;
    }

    private void checkStillUsable(int cell) {
        if (handle.isUnusable()) {
            redeliver(cell);
            handle.checkUsable();
        }
    }

    /** Returns an item that was taken, to be taken again before all others; returns false if the cell was lost. */
    boolean redeliver(int cell) {
        boolean marked = cells.change(cell, TAKEN, REDELIVER);
        if (marked) {
            BufferLayout.redeliverVolatile(memory, offset, true);
        }
        return marked;
    }

    private int takeRedelivered() {
        // Before the scan: a process that marks a cell that the scan has passed sets the hint after that.
        BufferLayout.redeliverVolatile(memory, offset, false);
        for (int index = 0; index < cells.count; index++) {
            int cell = cells.cell(index);
            long word = cells.word(cell);
            while (BufferLayout.state(word) == REDELIVER) { // again if a producer has passed the cell meanwhile
                if (cells.cas(cell, word, BufferLayout.word(BufferLayout.lap(word), TAKEN, self))) {
                    CrashPoint.reach("buffer.redelivered");
                    BufferLayout.redeliverVolatile(memory, offset, true);
                    checkStillUsable(cell);
                    return ~cell;
                }
                word = cells.word(cell);
            }
        }
        return Cells.NO_CELL;
    }

    /** Returns whether an item of {@link #take} was taken by another consumer before. */
    static boolean redelivered(int item) {
        return item < 0;
    }

    /** Returns the cell of an item of {@link #take}. */
    static int cell(int item) {
        return item < 0 ? ~item : item;
    }

    /** Returns whether {@link #take} would find an item. */
    boolean hasItem() {
        return BufferLayout.redeliverVolatile(memory, offset) || search() != NONE;
    }

    /** Returns a copy of the item that would be taken next; null if there is none. */
    byte @Nullable [] peek() {
        region.checkMapped();
        while (true) {
            int cell = nextItem();
            if (cell == Cells.NO_CELL) {
                handle.checkOpen();
                return null;
            }
            long word = cells.word(cell);
            if (!BufferLayout.isFilled(word)) {
                continue;
            }
            int length = BufferLayout.lengthPlain(memory, cell);
            byte[] item = new byte[Math.max(0, Math.min(length, cells.cellBytes))];
            memory.get(BufferLayout.content(cell), item);
            VarHandle.acquireFence(); // the copy is valid only if the cell has not changed since
            if (cells.word(cell) == word) {
                handle.checkOpen();
                cells.checkLength(cell, length);
                return item;
            }
        }
    }

    private int nextItem() {
        if (BufferLayout.redeliverVolatile(memory, offset)) {
            for (int index = 0; index < cells.count; index++) {
                int cell = cells.cell(index);
                if (BufferLayout.state(cells.word(cell)) == REDELIVER) {
                    return cell;
                }
            }
        }
        long position = search();
        return position == NONE ? Cells.NO_CELL : cells.at(position);
    }

    private long head() {
        return cells.checkPosition("head", BufferLayout.headVolatile(memory, offset));
    }

    /** Returns the position of the next item, or {@link Cells#NONE}. */
    private long search() {
        Frontier from = frontier;
        long next = from == null ? cursor.getOpaque(NEXT) : from.next;
        long[] unfinished = from == null ? NO_POSITIONS : from.unfinished;
        while (true) {
            long word = cells.word(cells.at(next));
            int ahead = BufferLayout.lap(word) - cells.lap(next);
            int state = BufferLayout.state(word);
            if (ahead > 1 || ahead < -1) {
                cells.checkLap("head", next, ahead, head());
            }
            if (isPassed(ahead, state)) {
                next = Math.max(next + 1, head());
            } else if (ahead == 0 && state == CLAIMED) {
                unfinished = Arrays.copyOf(unfinished, unfinished.length + 1);
                unfinished[unfinished.length - 1] = next++;
            } else if (ahead < 0 && head() > next) {
                next = head(); // this handle was idle for so long that the laps cannot be compared
            } else {
                long first = firstItem(unfinished);
                long[] left = withoutPassed(unfinished);
                know(next, left);
                if (first != NONE) {
                    return first;
                }
                if (ahead == 0 && state == FULL) {
                    return next;
                }
                if (left.length == unfinished.length) {
                    return NONE;
                }
                unfinished = left; // what has been passed may have been an item until there was one here
            }
        }
    }

    private void know(long next, long[] unfinished) {
        if (unfinished.length > 0) {
            frontier = new Frontier(next, unfinished);
        } else {
            cursor.setOpaque(NEXT, next);
            if (frontier != null) {
                frontier = null;
            }
        }
    }

    private long[] withoutPassed(long[] positions) {
        long[] left = positions.clone();
        int count = 0;
        for (long position : positions) {
            if (!isPassed(position)) {
                left[count++] = position;
            }
        }
        return count == positions.length ? positions : Arrays.copyOf(left, count);
    }

    private long firstItem(long[] positions) {
        for (long position : positions) {
            if (cells.word(cells.at(position)) == BufferLayout.word(cells.lap(position), FULL, 0)) {
                return position;
            }
        }
        return NONE;
    }

    private boolean isPassed(long position) {
        long word = cells.word(cells.at(position));
        return isPassed(BufferLayout.lap(word) - cells.lap(position), BufferLayout.state(word));
    }

    private static boolean isPassed(int ahead, int state) {
        return ahead > 0 || (ahead == 0 && (state == TAKEN || state == REDELIVER));
    }
}
