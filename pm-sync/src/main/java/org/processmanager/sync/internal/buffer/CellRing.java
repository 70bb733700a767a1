package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;
import static org.processmanager.sync.internal.buffer.BufferLayout.FULL;
import static org.processmanager.sync.internal.buffer.BufferLayout.REDELIVER;
import static org.processmanager.sync.internal.buffer.BufferLayout.SKIPPED;
import static org.processmanager.sync.internal.buffer.BufferLayout.TAKEN;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A ring of cells of which each says in one word whose it is and in which lap: who gets the next one.
 *
 * <p>How it works. The cells decide. A producer claims the first cell that is free in its lap, and a consumer takes the first
 * that is full, so that all before a cell that somebody has got were got by somebody, and where a handle got one last is
 * where it looks next. Head and tail in the region are for those who have not got any for long: they are moved now and then,
 * which spares the others their cache line.
 */
final class CellRing {
    /** No position. */
    static final long NONE = Long.MIN_VALUE;

    /** After so many positions head or tail is moved; a power of two. */
    private static final int SHARED_STEP = 32;

    private static final int TAKES = 16;
    private static final int PUTS = 32;
    private static final int CURSORS = 48;

    private final Region region;
    private final ObjectHandle use;
    private final ByteBuffer memory;
    private final int at;
    private final int cells;
    private final int first;
    private final int stride;
    /** Divides by the number of cells where that is a power of two, since a division costs more than the rest; else -1. */
    private final int lapShift;

    private final int self;
    private final WakeWord filled;
    private final WakeWord room;
    /** Where this handle looks first; races only cost a look. Far from each other and from what else there is. */
    private final AtomicLongArray cursors = new AtomicLongArray(CURSORS);

    CellRing(Region region, ObjectHandle use, RegionObject object, WakeWord filled, WakeWord room) {
        this.region = region;
        this.use = use;
        this.filled = filled;
        this.room = room;
        memory = region.memory();
        at = object.offset();
        cells = object.dimension(0);
        first = BufferLayout.cell(at, 0, object.dimension(1));
        stride = (int) BufferLayout.stride(object.dimension(1));
        lapShift = Integer.bitCount(cells) == 1 ? Integer.numberOfTrailingZeros(cells) : -1;
        self = region.participants().self();
        cursors.setOpaque(TAKES, BufferLayout.headVolatile(memory, at));
        cursors.setOpaque(PUTS, BufferLayout.tailVolatile(memory, at));
    }

    /** Claims the next cell; its position, or {@link #NONE} if there is no room. */
    long claim() {
        region.checkReach();
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
                    if (use.isUnusable()) {
                        skip(position);
                        use.checkUsable();
                    }
                    return position;
                }
            } else if (ahead >= 0) {
                position = Math.max(position + 1, BufferLayout.tailVolatile(memory, at));
            } else if (!passDeadProducer()) {
                cursors.setOpaque(PUTS, position);
                use.checkOpen();
                return NONE;
            }
        }
    }

    private void putTo(long next) {
        cursors.setOpaque(PUTS, next);
        if ((next & SHARED_STEP - 1) == 0) {
            BufferLayout.passTail(memory, at, next);
        }
    }

    private void takenTo(long next) {
        cursors.setOpaque(TAKES, next);
        if ((next & SHARED_STEP - 1) == 0) {
            BufferLayout.passHead(memory, at, next);
        }
    }

    /** Gives a cell up that was claimed. */
    void skip(long position) {
        int lap = lap(position);
        BufferLayout.casWord(
                memory, cell(position), BufferLayout.word(lap, CLAIMED, self), BufferLayout.word(lap, SKIPPED, 0));
        filled.signal();
    }

    /** Takes the next cell; its position, {@link #redelivered} with a flag, or {@link #NONE} if there is none. */
    long claimItem() {
        region.checkReach();
        long position = cursors.getOpaque(TAKES);
        while (true) {
            if (BufferLayout.redeliverVolatile(memory, at)) {
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
                position = Math.max(position + 1, BufferLayout.headVolatile(memory, at));
            } else if (ahead == 0 && state == SKIPPED) {
                pass(position, cell, word);
            } else {
                cursors.setOpaque(TAKES, position);
                use.checkOpen();
                return NONE;
            }
        }
    }

    private static boolean isPassed(int ahead, int state) {
        return ahead > 0 || (ahead == 0 && (state == TAKEN || state == REDELIVER));
    }

    private void checkStillUsable(int cell, long taken) {
        if (use.isUnusable()) {
            // As if the head had not passed it; only that the order is lost.
            if (BufferLayout.casWord(memory, cell, taken, BufferLayout.word(BufferLayout.lap(taken), REDELIVER, 0))) {
                BufferLayout.redeliverVolatile(memory, at, true);
            }
            use.checkUsable();
        }
    }

    private long claimRedelivered() {
        // Down first: who marks a cell that this look has passed already puts it up after that.
        BufferLayout.redeliverVolatile(memory, at, false);
        for (int index = 0; index < cells; index++) {
            int cell = first + index * stride;
            long word = BufferLayout.wordVolatile(memory, cell);
            if (BufferLayout.state(word) == REDELIVER) {
                long taken = BufferLayout.word(BufferLayout.lap(word), TAKEN, self);
                if (BufferLayout.casWord(memory, cell, word, taken)) {
                    CrashPoint.reach("buffer.redelivered");
                    BufferLayout.redeliverVolatile(memory, at, true);
                    checkStillUsable(cell, taken);
                    return ~(Integer.toUnsignedLong(BufferLayout.lap(word)) * cells + index);
                }
            }
        }
        return NONE;
    }

    /** Whether what {@link #claimItem} gave was had by another consumer before. */
    static boolean redelivered(long item) {
        return item < 0;
    }

    /** The position of what {@link #claimItem} gave. */
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

    /** If the cell at the head is skipped, passes it; there may be room then. */
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

    /** The position that consumers come to next. */
    private long head() {
        long position = cursors.getOpaque(TAKES);
        while (true) {
            long word = BufferLayout.wordVolatile(memory, cell(position));
            if (!isPassed(BufferLayout.lap(word) - lap(position), BufferLayout.state(word))) {
                cursors.setOpaque(TAKES, position);
                return position;
            }
            position = Math.max(position + 1, BufferLayout.headVolatile(memory, at));
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
            position = Math.max(position + 1, BufferLayout.tailVolatile(memory, at));
        }
    }

    boolean hasItem() {
        long position = head();
        long word = BufferLayout.wordVolatile(memory, cell(position));
        return BufferLayout.redeliverVolatile(memory, at)
                || (BufferLayout.lap(word) == lap(position)
                        && (BufferLayout.state(word) == FULL || BufferLayout.state(word) == SKIPPED));
    }

    /** How many cells have an item that nobody has taken. */
    int size() {
        int items = 0;
        for (int index = 0; index < cells; index++) {
            items += BufferLayout.isFilled(BufferLayout.wordVolatile(memory, first + index * stride)) ? 1 : 0;
        }
        return items;
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
