package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;

import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;

/** The cells of a buffer: where they are, and the changes of those that this participant owns. */
final class Cells extends SharedObject {
    /** No position. */
    static final long NONE = -1;
    /** No cell: neither an offset nor the complement of one. */
    static final int NO_CELL = Integer.MIN_VALUE;

    /** No cell is so many laps away from the head or the tail, which are written at least once in 63 positions. */
    private static final int MOST_LAPS = 1 << 16;

    private static final long LAST_POSITION = 1L << 62;

    /** The head and the tail are written once in so many positions; the binary logarithm. */
    private static final int SHARED_STEP_SHIFT = 5;

    final int count;
    final int cellBytes;

    private final int first;
    private final int stride;
    /** Divides by the number of cells if that is a power of two, since a division costs more than the rest; otherwise -1. */
    private final int lapShift;

    Cells(SharedObject buffer, RegionObject object) {
        super(buffer);
        count = object.dimension(0);
        cellBytes = object.dimension(1);
        first = BufferLayout.cell(offset, 0, cellBytes);
        stride = (int) BufferLayout.stride(cellBytes);
        lapShift = Integer.bitCount(count) == 1 ? Integer.numberOfTrailingZeros(count) : -1;
    }

    int lap(long position) {
        return (int) (lapShift >= 0 ? position >>> lapShift : position / count);
    }

    /**
     * Returns whether the head or the tail is written when it is this. It is so in each step at another place: a cell that a
     * party has for long, and that all others pass, must not keep it from being written.
     */
    static boolean isShared(long position) {
        return (position + (position >>> SHARED_STEP_SHIFT) & (1 << SHARED_STEP_SHIFT) - 1) == 0;
    }

    /** Returns the offset of the cell at a position. */
    int at(long position) {
        return cell((int) (lapShift >= 0 ? position & count - 1 : position % count));
    }

    /** Returns the offset of a cell by its index. */
    int cell(int index) {
        return first + index * stride;
    }

    long word(int cell) {
        return BufferLayout.wordVolatile(memory, cell);
    }

    boolean cas(int cell, long expected, long word) {
        return BufferLayout.casWord(memory, cell, expected, word);
    }

    /**
     * Changes the state of a cell that this participant owns, in whatever lap producers have passed it to; a cell that becomes
     * FREE is so for the next lap. Returns false if the cell was lost.
     */
    boolean change(int cell, int state, int to) {
        while (true) {
            long word = word(cell);
            if (BufferLayout.state(word) != state || BufferLayout.participant(word) != self) {
                return false;
            }
            int lap = BufferLayout.lap(word);
            if (cas(cell, word, BufferLayout.word(to == FREE ? lap + 1 : lap, to, 0))) {
                return true;
            }
        }
    }

    /** Returns a head or tail as it was read; refuses an impossible one. */
    long checkPosition(String name, long position) {
        if (position < 0 || position > LAST_POSITION) {
            throw damaged("its " + name + " is " + position);
        }
        return position;
    }

    /**
     * Refuses a position that can only come from a damaged head or tail, since its cell is many laps away.
     *
     * @param ahead how many laps the cell is ahead
     * @param written the head or tail as it is now: a position before that belongs to a handle that was idle for long
     */
    void checkLap(String name, long position, int ahead, long written) {
        if ((ahead > MOST_LAPS || ahead < -MOST_LAPS) && written <= position) {
            throw damaged("its " + name + " is " + written + ", " + ahead + " laps from the cell there");
        }
    }

    private RegionException damaged(String what) {
        region.checkOpen();
        return new RegionException(
                RegionException.Reason.CORRUPT, this + " is damaged: " + what + "; delete the region");
    }

    /** Refuses the impossible length of an item. */
    void checkLength(int cell, int length) {
        if (length < 0 || length > cellBytes) {
            throw damaged("an item at " + cell + " has " + length + " bytes (expected: 0 to " + cellBytes + ")");
        }
    }

    /**
     * Returns the number of items: of cells that hold the same item in two scans. These were in the buffer at the same time,
     * between the scans, so the number is never greater than that of the items at that time. It is exact unless the buffer
     * changes meanwhile.
     */
    int size() {
        int[] laps = new int[count];
        boolean[] filledBefore = new boolean[count];
        for (int index = 0; index < count; index++) {
            long word = word(cell(index));
            laps[index] = BufferLayout.lap(word);
            filledBefore[index] = BufferLayout.isFilled(word);
        }
        int items = 0;
        for (int index = 0; index < count; index++) {
            long word = word(cell(index));
            items +=
                    filledBefore[index] && BufferLayout.isFilled(word) && BufferLayout.lap(word) == laps[index] ? 1 : 0;
        }
        return items;
    }
}
