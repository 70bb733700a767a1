package org.processmanager.sync.internal;

import static org.processmanager.sync.internal.BufferDescriptor.CLAIMED;
import static org.processmanager.sync.internal.BufferDescriptor.FREE;
import static org.processmanager.sync.internal.BufferDescriptor.FULL;
import static org.processmanager.sync.internal.BufferDescriptor.REDELIVER;
import static org.processmanager.sync.internal.BufferDescriptor.SKIPPED;
import static org.processmanager.sync.internal.BufferDescriptor.TAKEN;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.Deadline;
import org.processmanager.sync.internal.region.ObjectUse;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.RegionObject;

/**
 * A ring of cells of which each says in one word whose it is and in which lap, so that what a dead one had is found and made
 * good for.
 *
 * <p>How it works. A producer turns the cell at the tail from FREE to CLAIMED by itself, moves the tail, writes, and turns
 * it FULL. A consumer turns the cell at the head from FULL to TAKEN by itself, moves the head, reads, and turns it FREE for
 * the next lap. The cells decide; head and tail are only where to look, and whoever finds one behind moves it. A consumer
 * that meets a CLAIMED cell waits for its producer: order is kept. What a dead producer claimed becomes SKIPPED, which
 * everybody passes; what a dead consumer took becomes REDELIVER, which consumers take before the next item, or is dropped.
 * (Cells with laps: D. Vyukov's bounded queue; owners in them are what makes deaths visible.)
 *
 * <p>Crash points: {@code buffer.claimed} (tail not moved), {@code buffer.written}, {@code buffer.put} (nobody signalled),
 * {@code buffer.taken} (head not moved), {@code buffer.read}, {@code buffer.freed} (nobody signalled),
 * {@code buffer.redelivered} (taken again, the hint is down), and of waits {@code buffer.flagged}, {@code buffer.woken}.
 */
public final class CellBuffer {
    private static final long NONE = -1;
    private static final long PROBE_NANOS = 10_000_000;

    private final String name;
    private final Region region;
    private final ObjectUse use;
    private final ByteBuffer memory;
    private final int at;
    private final int cells;
    private final int cellBytes;
    private final int first;
    private final int stride;
    /** Divides by the number of cells where that is a power of two, since a division costs more than the rest; else -1. */
    private final int lapShift;

    private final boolean drops;
    private final int self;
    private final WakeWord filled;
    private final WakeWord room;
    private final Waiting consumers;
    private final Waiting producers;
    final UnclosedItems unclosed;
    private volatile long probedNanos = System.nanoTime();

    /** The buffer that lies there. */
    public CellBuffer(Region region, RegionObject object) {
        this.region = region;
        name = object.name();
        use = region.use(name, object.offset());
        memory = region.memory();
        at = object.offset();
        cells = object.dimension(0);
        cellBytes = object.dimension(1);
        first = BufferDescriptor.cell(at, 0, cellBytes);
        stride = (int) BufferDescriptor.stride(cellBytes);
        lapShift = Integer.bitCount(cells) == 1 ? Integer.numberOfTrailingZeros(cells) : -1;
        drops = object.dimension(2) != 0;
        self = region.participants().self();
        filled = new WakeWord(memory, region.parking(), BufferDescriptor.filled(at));
        room = new WakeWord(memory, region.parking(), BufferDescriptor.room(at));
        consumers = new Waiting(region, use, at, filled, "buffer.flagged", "buffer.woken");
        unclosed = new UnclosedItems(region, use, object);
        producers = new Waiting(region, use, at, room, "buffer.flagged", "buffer.woken");
    }

    /** Puts the bytes between position and limit of the item, which stays as it is, waiting for room; false if time is over. */
    public boolean put(ByteBuffer item, Deadline deadline) throws InterruptedException {
        checkLength(item);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long position = claim();
        if (position == NONE) {
            position = deadline.isOver() ? NONE : claimSlowly(deadline);
            if (position == NONE) {
                return false;
            }
        }
        fill(position, item);
        return true;
    }

    private long claimSlowly(Deadline deadline) throws InterruptedException {
        long[] position = {NONE};
        producers.until(deadline, () -> (position[0] = claim()) != NONE, this::hasRoom, region::repairDead);
        return position[0];
    }

    /** As {@link #put} if there is room, without waiting for it. */
    public boolean offer(ByteBuffer item) {
        checkLength(item);
        long position = claim();
        if (position == NONE && probe()) {
            position = claim();
        }
        if (position == NONE) {
            return false;
        }
        fill(position, item);
        return true;
    }

    /** Takes the oldest item, waiting for one; null if time is over. */
    public @Nullable TakenCell take(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        TakenCell taken = claimItem();
        return taken != null || deadline.isOver() ? taken : claimItemSlowly(deadline);
    }

    private @Nullable TakenCell claimItemSlowly(Deadline deadline) throws InterruptedException {
        TakenCell[] taken = new TakenCell[1];
        consumers.until(deadline, () -> (taken[0] = claimItem()) != null, this::hasItem, region::repairDead);
        return taken[0];
    }

    /** Before items are held: it will be noticed if they are left unclosed. */
    public void prepareHolds() {
        unclosed.prepare();
    }

    /** As {@link #take} if there is an item, without waiting for one. */
    public @Nullable TakenCell poll() {
        TakenCell taken = claimItem();
        return taken == null && probe() ? claimItem() : taken;
    }

    /** Claims the cell at the tail; {@link #NONE} if there is no room. */
    private long claim() {
        while (true) {
            long tail = BufferDescriptor.tailVolatile(memory, at);
            int lap = lap(tail);
            int cell = cell(tail);
            long word = BufferDescriptor.wordVolatile(memory, cell);
            int ahead = BufferDescriptor.lap(word) - lap;
            if (ahead == 0 && BufferDescriptor.state(word) == FREE) {
                long claimed = BufferDescriptor.word(lap, CLAIMED, self);
                if (BufferDescriptor.casWord(memory, cell, word, claimed)) {
                    CrashPoint.reach("buffer.claimed");
                    BufferDescriptor.passTail(memory, at, tail);
                    if (use.isUnusable()) {
                        skip(cell, claimed);
                        use.checkUsable();
                    }
                    return tail;
                }
            } else if (ahead >= 0) {
                BufferDescriptor.passTail(memory, at, tail);
            } else if (!passDeadProducer() && BufferDescriptor.tailVolatile(memory, at) == tail) {
                use.checkOpen();
                return NONE;
            }
        }
    }

    private void fill(long position, ByteBuffer item) {
        int cell = cell(position);
        int lap = lap(position);
        long claimed = BufferDescriptor.word(lap, CLAIMED, self);
        boolean written = false;
        try {
            memory.put(BufferDescriptor.content(cell), item, item.position(), item.remaining());
            BufferDescriptor.lengthPlain(memory, cell, item.remaining());
            written = true;
        } finally {
            if (!written) {
                skip(cell, claimed);
            }
        }
        CrashPoint.reach("buffer.written");
        if (!BufferDescriptor.casWord(memory, cell, claimed, BufferDescriptor.word(lap, FULL, 0))) {
            throw lost(cell, claimed);
        }
        CrashPoint.reach("buffer.put");
        filled.signal();
        use.checkOpen();
    }

    private void skip(int cell, long claimed) {
        BufferDescriptor.casWord(
                memory, cell, claimed, BufferDescriptor.word(BufferDescriptor.lap(claimed), SKIPPED, 0));
        filled.signal();
    }

    /** Takes the cell at the head, or one that is to be redelivered; null if there is none. */
    private @Nullable TakenCell claimItem() {
        while (true) {
            if (BufferDescriptor.redeliverVolatile(memory, at)) {
                TakenCell again = claimRedelivered();
                if (again != null) {
                    return again;
                }
            }
            long head = BufferDescriptor.headVolatile(memory, at);
            int lap = lap(head);
            int cell = cell(head);
            long word = BufferDescriptor.wordVolatile(memory, cell);
            int ahead = BufferDescriptor.lap(word) - lap;
            int state = BufferDescriptor.state(word);
            if (ahead == 0 && state == FULL) {
                long taken = BufferDescriptor.word(lap, TAKEN, self);
                if (BufferDescriptor.casWord(memory, cell, word, taken)) {
                    CrashPoint.reach("buffer.taken");
                    BufferDescriptor.passHead(memory, at, head);
                    return taken(index(head), taken, false);
                }
            } else if (ahead > 0 || (ahead == 0 && (state == TAKEN || state == REDELIVER))) {
                BufferDescriptor.passHead(memory, at, head);
            } else if (ahead == 0 && state == SKIPPED) {
                pass(head, cell, word);
            } else if (BufferDescriptor.headVolatile(memory, at) == head) {
                use.checkOpen();
                return null;
            }
        }
    }

    private TakenCell taken(int index, long word, boolean redelivered) {
        if (use.isUnusable()) {
            // As if the head had not passed it; only that the order is lost.
            if (BufferDescriptor.casWord(
                    memory, cellAt(index), word, BufferDescriptor.word(BufferDescriptor.lap(word), REDELIVER, 0))) {
                BufferDescriptor.redeliverVolatile(memory, at, true);
            }
            use.checkUsable();
        }
        return new TakenCell(this, index, word, redelivered);
    }

    private @Nullable TakenCell claimRedelivered() {
        // Down first: who marks a cell that this look has passed already puts it up after that.
        BufferDescriptor.redeliverVolatile(memory, at, false);
        for (int index = 0; index < cells; index++) {
            int cell = cellAt(index);
            long word = BufferDescriptor.wordVolatile(memory, cell);
            if (BufferDescriptor.state(word) == REDELIVER) {
                long taken = BufferDescriptor.word(BufferDescriptor.lap(word), TAKEN, self);
                if (BufferDescriptor.casWord(memory, cell, word, taken)) {
                    CrashPoint.reach("buffer.redelivered");
                    BufferDescriptor.redeliverVolatile(memory, at, true);
                    return taken(index, taken, true);
                }
            }
        }
        return null;
    }

    /** A copy of the item in a cell that is taken. */
    byte[] copy(int index) {
        int cell = cellAt(index);
        int length = BufferDescriptor.lengthPlain(memory, cell);
        if (length < 0 || length > cellBytes) {
            region.checkOpen();
            throw new RegionException(
                    RegionException.Reason.CORRUPT,
                    this + " has an item of " + length + " bytes at " + cell + " (expected: 0 to " + cellBytes
                            + "); delete the region");
        }
        byte[] item = new byte[length];
        memory.get(BufferDescriptor.content(cell), item);
        CrashPoint.reach("buffer.read");
        region.checkOpen();
        return item;
    }

    /** Frees a cell that was taken with that word. */
    void free(int index, long taken) {
        int cell = cellAt(index);
        if (!BufferDescriptor.casWord(
                memory, cell, taken, BufferDescriptor.word(BufferDescriptor.lap(taken) + 1, FREE, 0))) {
            throw lost(cell, taken);
        }
        CrashPoint.reach("buffer.freed");
        room.signal();
    }

    /** Frees a skipped cell at the head. */
    private void pass(long head, int cell, long skipped) {
        if (BufferDescriptor.casWord(
                memory, cell, skipped, BufferDescriptor.word(BufferDescriptor.lap(skipped) + 1, FREE, 0))) {
            BufferDescriptor.passHead(memory, at, head);
            room.signal();
        }
    }

    /** If the cell at the head is skipped, or claimed by a dead producer, passes it; there may be room then. */
    private boolean passDeadProducer() {
        long head = BufferDescriptor.headVolatile(memory, at);
        int cell = cell(head);
        long word = BufferDescriptor.wordVolatile(memory, cell);
        if (BufferDescriptor.lap(word) == lap(head) && BufferDescriptor.state(word) == SKIPPED) {
            pass(head, cell, word);
            return true;
        }
        return false;
    }

    /** Repairs what the dead left, at most some times a second; whether it did. */
    private boolean probe() {
        long now = System.nanoTime();
        if (now - probedNanos < PROBE_NANOS) {
            return false;
        }
        probedNanos = now;
        region.repairDead();
        return true;
    }

    private boolean hasRoom() {
        long tail = BufferDescriptor.tailVolatile(memory, at);
        long word = BufferDescriptor.wordVolatile(memory, cell(tail));
        return BufferDescriptor.lap(word) == lap(tail) && BufferDescriptor.state(word) == FREE;
    }

    private boolean hasItem() {
        long head = BufferDescriptor.headVolatile(memory, at);
        long word = BufferDescriptor.wordVolatile(memory, cell(head));
        return BufferDescriptor.redeliverVolatile(memory, at)
                || (BufferDescriptor.lap(word) == lap(head)
                        && (BufferDescriptor.state(word) == FULL || BufferDescriptor.state(word) == SKIPPED));
    }

    /** How many items there are at this moment. */
    public int size() {
        int items = 0;
        for (int index = 0; index < cells; index++) {
            items += BufferDescriptor.isFilled(BufferDescriptor.wordVolatile(memory, cellAt(index))) ? 1 : 0;
        }
        use.checkOpen();
        return items;
    }

    public int cells() {
        return cells;
    }

    public int cellBytes() {
        return cellBytes;
    }

    /** Whether the items of a dead consumer are dropped. */
    public boolean drops() {
        return drops;
    }

    public String name() {
        return name;
    }

    private int lap(long position) {
        return (int) (lapShift >= 0 ? position >>> lapShift : position / cells);
    }

    private int index(long position) {
        return (int) (lapShift >= 0 ? position & cells - 1 : position % cells);
    }

    private int cell(long position) {
        return cellAt(index(position));
    }

    private int cellAt(int index) {
        return first + index * stride;
    }

    private void checkLength(ByteBuffer item) {
        if (item.remaining() > cellBytes) {
            throw new IllegalArgumentException("item: " + item.remaining() + " bytes (expected: at most " + cellBytes
                    + ", the cell size of " + this + ")");
        }
    }

    private RuntimeException lost(int cell, long expected) {
        region.checkOpen();
        return new IllegalStateException(String.format(
                "a cell of %s was lost: its word is %016x (expected: %016x)",
                this, BufferDescriptor.wordVolatile(memory, cell), expected));
    }

    @Override
    public String toString() {
        return "bounded buffer '" + name + "' of " + region;
    }
}
