package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;
import static org.processmanager.sync.internal.buffer.BufferLayout.FULL;
import static org.processmanager.sync.internal.buffer.BufferLayout.REDELIVER;
import static org.processmanager.sync.internal.buffer.BufferLayout.SKIPPED;
import static org.processmanager.sync.internal.buffer.BufferLayout.TAKEN;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A ring of cells, each with one word that names its owner and its lap: decides which cell is next.
 *
 * <p>The cells are authoritative. A producer claims the first cell that is free in its lap, and a consumer takes the first
 * that is full. All cells before one that was claimed or taken were claimed or taken as well, so a handle starts where it last
 * succeeded. Head and tail in the region are hints for handles that have not succeeded for long: they are written only now
 * and then, to spare the cache lines of the others.
 */
final class CellRing extends SharedObject {
    /** No position. */
    static final long NONE = Long.MIN_VALUE;

    /** Head and tail are written every so many positions; a power of two. */
    private static final int SHARED_STEP = 32;

    private static final int TAKES = 16;
    private static final int PUTS = 32;
    private static final int CURSORS = 48;

    private final int cells;
    private final int cellBytes;
    private final int first;
    private final int stride;
    /** Divides by the number of cells if that is a power of two, since a division costs more than the rest; otherwise -1. */
    private final int lapShift;

    private final WakeWord filled;
    private final WakeWord room;
    /** Where this handle looks first; a race costs only a few reads. Padded against false sharing. */
    private final AtomicLongArray cursors = new AtomicLongArray(CURSORS);

    CellRing(SharedObject buffer, RegionObject object, WakeWord filled, WakeWord room) {
        super(buffer);
        this.filled = filled;
        this.room = room;
        cells = object.dimension(0);
        cellBytes = object.dimension(1);
        first = BufferLayout.cell(offset, 0, cellBytes);
        stride = (int) BufferLayout.stride(cellBytes);
        lapShift = Integer.bitCount(cells) == 1 ? Integer.numberOfTrailingZeros(cells) : -1;
        cursors.setOpaque(TAKES, BufferLayout.headVolatile(memory, offset));
        cursors.setOpaque(PUTS, BufferLayout.tailVolatile(memory, offset));
    }

    /** Claims the next cell; returns its position, or {@link #NONE} if there is no room. */
    long claim() {
        region.checkMapped();
        long position = cursors.getOpaque(PUTS);
        while (true) {
            int lap = lap(position);
            int cell = cell(position);
            long word = BufferLayout.wordVolatile(memory, cell);
            int ahead = BufferLayout.lap(word) - lap;
            if (ahead == 0 && BufferLayout.state(word) == FREE) {
                long claimed = BufferLayout.word(lap, CLAIMED, self);
                if (BufferLayout.casWord(memory, cell, word, claimed)) {
                    CrashPoint.reach("buffer.claimed");
                    putTo(position + 1);
                    if (handle.isUnusable()) {
                        skip(position);
                        handle.checkUsable();
                    }
                    return position;
                }
            } else if (ahead >= 0) {
                position = Math.max(position + 1, BufferLayout.tailVolatile(memory, offset));
            } else if (!passDeadProducer()) {
                cursors.setOpaque(PUTS, position);
                handle.checkOpen();
                return NONE;
            }
        }
    }

    private void putTo(long next) {
        cursors.setOpaque(PUTS, next);
        if ((next & SHARED_STEP - 1) == 0) {
            BufferLayout.passTail(memory, offset, next);
        }
    }

    private void takenTo(long next) {
        cursors.setOpaque(TAKES, next);
        if ((next & SHARED_STEP - 1) == 0) {
            BufferLayout.passHead(memory, offset, next);
        }
    }

    /** Abandons a cell that was claimed. */
    void skip(long position) {
        int lap = lap(position);
        BufferLayout.casWord(
                memory, cell(position), BufferLayout.word(lap, CLAIMED, self), BufferLayout.word(lap, SKIPPED, 0));
        filled.signal();
    }

    /** Takes the next item; returns its position, marked if it is {@link #redelivered}, or {@link #NONE}. */
    long claimItem() {
        region.checkMapped();
        long position = cursors.getOpaque(TAKES);
        while (true) {
            if (BufferLayout.redeliverVolatile(memory, offset)) {
                long again = claimRedelivered();
                if (again != NONE) {
                    return again;
                }
            }
            int lap = lap(position);
            int cell = cell(position);
            long word = BufferLayout.wordVolatile(memory, cell);
            int ahead = BufferLayout.lap(word) - lap;
            int state = BufferLayout.state(word);
            if (ahead == 0 && state == FULL) {
                long taken = BufferLayout.word(lap, TAKEN, self);
                if (BufferLayout.casWord(memory, cell, word, taken)) {
                    CrashPoint.reach("buffer.taken");
                    takenTo(position + 1);
                    checkStillUsable(cell, taken);
                    return position;
                }
            } else if (isPassed(ahead, state)) {
                position = Math.max(position + 1, BufferLayout.headVolatile(memory, offset));
            } else if (ahead == 0 && state == SKIPPED) {
                pass(position, cell, word);
            } else {
                cursors.setOpaque(TAKES, position);
                handle.checkOpen();
                return NONE;
            }
        }
    }

    private static boolean isPassed(int ahead, int state) {
        return ahead > 0 || (ahead == 0 && (state == TAKEN || state == REDELIVER));
    }

    private void checkStillUsable(int cell, long taken) {
        if (handle.isUnusable()) {
            redeliver(cell, taken);
            handle.checkUsable();
        }
    }

    /** Returns an item that was taken, to be taken again before all others; returns false if the cell was lost. */
    boolean giveBack(long position, boolean drops) {
        region.checkMapped();
        int lap = lap(position);
        long taken = BufferLayout.word(lap, TAKEN, self);
        if (drops) {
            boolean freed = BufferLayout.casWord(memory, cell(position), taken, BufferLayout.word(lap + 1, FREE, 0));
            room.signal();
            return freed;
        }
        boolean returned = redeliver(cell(position), taken);
        filled.signal();
        return returned;
    }

    private boolean redeliver(int cell, long taken) {
        boolean marked =
                BufferLayout.casWord(memory, cell, taken, BufferLayout.word(BufferLayout.lap(taken), REDELIVER, 0));
        if (marked) {
            BufferLayout.redeliverVolatile(memory, offset, true);
        }
        return marked;
    }

    private long claimRedelivered() {
        // Before the scan: a process that marks a cell that the scan has passed sets the hint after that.
        BufferLayout.redeliverVolatile(memory, offset, false);
        for (int index = 0; index < cells; index++) {
            int cell = first + index * stride;
            long word = BufferLayout.wordVolatile(memory, cell);
            if (BufferLayout.state(word) == REDELIVER) {
                long taken = BufferLayout.word(BufferLayout.lap(word), TAKEN, self);
                if (BufferLayout.casWord(memory, cell, word, taken)) {
                    CrashPoint.reach("buffer.redelivered");
                    BufferLayout.redeliverVolatile(memory, offset, true);
                    checkStillUsable(cell, taken);
                    return ~(Integer.toUnsignedLong(BufferLayout.lap(word)) * cells + index);
                }
            }
        }
        return NONE;
    }

    /** Returns whether an item of {@link #claimItem} was taken by another consumer before. */
    static boolean redelivered(long item) {
        return item < 0;
    }

    /** Returns the position of an item of {@link #claimItem}. */
    static long position(long item) {
        return item < 0 ? ~item : item;
    }

    /** Frees a skipped cell at the head. */
    private void pass(long position, int cell, long skipped) {
        if (BufferLayout.casWord(memory, cell, skipped, BufferLayout.word(BufferLayout.lap(skipped) + 1, FREE, 0))) {
            takenTo(position + 1);
            room.signal();
        }
    }

    /** Frees the cell at the head if it is skipped; returns whether there may be room now. */
    private boolean passDeadProducer() {
        long position = head();
        int cell = cell(position);
        long word = BufferLayout.wordVolatile(memory, cell);
        if (BufferLayout.lap(word) == lap(position) && BufferLayout.state(word) == SKIPPED) {
            pass(position, cell, word);
            return true;
        }
        return false;
    }

    /** Returns the position of the next cell to take. */
    private long head() {
        long position = cursors.getOpaque(TAKES);
        while (true) {
            long word = BufferLayout.wordVolatile(memory, cell(position));
            if (!isPassed(BufferLayout.lap(word) - lap(position), BufferLayout.state(word))) {
                cursors.setOpaque(TAKES, position);
                return position;
            }
            position = Math.max(position + 1, BufferLayout.headVolatile(memory, offset));
        }
    }

    boolean hasRoom() {
        long position = cursors.getOpaque(PUTS);
        while (true) {
            long word = BufferLayout.wordVolatile(memory, cell(position));
            int ahead = BufferLayout.lap(word) - lap(position);
            if (ahead < 0 || (ahead == 0 && BufferLayout.state(word) == FREE)) {
                return ahead == 0;
            }
            position = Math.max(position + 1, BufferLayout.tailVolatile(memory, offset));
        }
    }

    boolean hasItem() {
        long position = head();
        long word = BufferLayout.wordVolatile(memory, cell(position));
        return BufferLayout.redeliverVolatile(memory, offset)
                || (BufferLayout.lap(word) == lap(position)
                        && (BufferLayout.state(word) == FULL || BufferLayout.state(word) == SKIPPED));
    }

    /**
     * Returns the number of items: of cells that hold the same item in two scans. These were in the buffer at the same time,
     * between the scans, so the number is never greater than that of the items at that time. It is exact unless the buffer
     * changes meanwhile.
     */
    int size() {
        int[] laps = new int[cells];
        boolean[] filledBefore = new boolean[cells];
        for (int index = 0; index < cells; index++) {
            long word = BufferLayout.wordVolatile(memory, first + index * stride);
            laps[index] = BufferLayout.lap(word);
            filledBefore[index] = BufferLayout.isFilled(word);
        }
        int items = 0;
        for (int index = 0; index < cells; index++) {
            long word = BufferLayout.wordVolatile(memory, first + index * stride);
            items +=
                    filledBefore[index] && BufferLayout.isFilled(word) && BufferLayout.lap(word) == laps[index] ? 1 : 0;
        }
        return items;
    }

    /** Returns a copy of the item that would be taken next; null if there is none. */
    byte @Nullable [] peek() {
        region.checkMapped();
        while (true) {
            int cell = nextItem();
            if (cell < 0) {
                handle.checkOpen();
                return null;
            }
            long word = BufferLayout.wordVolatile(memory, cell);
            if (!BufferLayout.isFilled(word)) {
                continue;
            }
            int length = BufferLayout.lengthPlain(memory, cell);
            byte[] item = new byte[Math.max(0, Math.min(length, cellBytes))];
            memory.get(BufferLayout.content(cell), item);
            VarHandle.acquireFence(); // the copy is valid only if the cell has not changed since
            if (BufferLayout.wordVolatile(memory, cell) == word) {
                handle.checkOpen();
                if (length != item.length) {
                    throw damaged(cell, length);
                }
                return item;
            }
        }
    }

    /** Returns the cell of the item that would be taken next, or -1. */
    private int nextItem() {
        if (BufferLayout.redeliverVolatile(memory, offset)) {
            for (int index = 0; index < cells; index++) {
                int cell = first + index * stride;
                if (BufferLayout.state(BufferLayout.wordVolatile(memory, cell)) == REDELIVER) {
                    return cell;
                }
            }
        }
        while (true) {
            long position = head();
            int cell = cell(position);
            long word = BufferLayout.wordVolatile(memory, cell);
            if (BufferLayout.lap(word) == lap(position) && BufferLayout.state(word) == SKIPPED) {
                pass(position, cell, word);
            } else {
                return BufferLayout.lap(word) == lap(position) && BufferLayout.state(word) == FULL ? cell : -1;
            }
        }
    }

    /** Returns the exception for an item whose length is impossible. */
    RegionException damaged(int cell, int length) {
        region.checkOpen();
        return new RegionException(
                RegionException.Reason.CORRUPT,
                this + " has an item of " + length + " bytes at " + cell + " (expected: 0 to " + cellBytes
                        + "); delete the region");
    }

    int lap(long position) {
        return (int) (lapShift >= 0 ? position >>> lapShift : position / cells);
    }

    int index(long position) {
        return (int) (lapShift >= 0 ? position & cells - 1 : position % cells);
    }

    int cell(long position) {
        return first + index(position) * stride;
    }
}
