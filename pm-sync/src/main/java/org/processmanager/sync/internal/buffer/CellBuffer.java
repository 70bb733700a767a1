package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;
import static org.processmanager.sync.internal.buffer.BufferLayout.FULL;
import static org.processmanager.sync.internal.buffer.BufferLayout.TAKEN;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.Waiting;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A bounded buffer in a {@link CellRing}, in which survivors find and repair what a dead process was doing.
 *
 * <p>A producer changes the next cell from FREE to CLAIMED, writes, and changes it to FULL. A consumer changes the next cell
 * from FULL to TAKEN, reads, and changes it to FREE for the next lap. A consumer that meets a CLAIMED cell waits for its
 * producer, which preserves the order. A cell that a dead producer claimed becomes SKIPPED, which all pass over; one that a
 * dead consumer took becomes REDELIVER, which is taken before the next item, or is dropped. (Cells with laps: D. Vyukov's
 * bounded queue; the owner in each cell makes deaths visible.)
 *
 * <p>Crash points: {@code buffer.claimed} (tail not moved), {@code buffer.written}, {@code buffer.put} (not signalled),
 * {@code buffer.taken} (head not moved), {@code buffer.read}, {@code buffer.freed} (not signalled),
 * {@code buffer.redelivered} (taken again, the hint is cleared), and of waits {@code buffer.flagged}, {@code buffer.woken}.
 */
public final class CellBuffer extends SharedObject {
    private static final long PROBE_NANOS = 10_000_000;

    private final int cells;
    private final int cellBytes;
    private final boolean drops;
    private final WakeWord filled;
    private final WakeWord room;
    private final CellRing ring;
    private final Waiting consumers;
    private final Waiting producers;
    private volatile long probedNanos = System.nanoTime();

    /** Uses a buffer. */
    public CellBuffer(Region region, RegionObject object) {
        super(region, object);
        cells = object.dimension(0);
        cellBytes = object.dimension(1);
        drops = object.dimension(2) != 0;
        filled = new WakeWord(memory, parking, BufferLayout.filled(offset));
        room = new WakeWord(memory, parking, BufferLayout.room(offset));
        ring = new CellRing(this, object, filled, room);
        consumers = new Waiting(this, filled, "buffer.flagged", "buffer.woken");
        producers = new Waiting(this, room, "buffer.flagged", "buffer.woken");
        region.repairPeriodically();
    }

    /** Puts the bytes between position and limit of the item, waiting for room; returns false on timeout. */
    public boolean put(ByteBuffer item, Deadline deadline) throws InterruptedException {
        checkLength(item);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long position = ring.claim();
        if (position == CellRing.NONE) {
            position = deadline.isOver() ? CellRing.NONE : claimSlowly(deadline);
            if (position == CellRing.NONE) {
                return false;
            }
        }
        fill(position, item);
        return true;
    }

    private long claimSlowly(Deadline deadline) throws InterruptedException {
        Room goal = new Room();
        return producers.until(deadline, goal) ? goal.position : CellRing.NONE;
    }

    /** As {@link #put} if there is room. Non-blocking. */
    public boolean offer(ByteBuffer item) {
        checkLength(item);
        long position = ring.claim();
        if (position == CellRing.NONE && probe()) {
            position = ring.claim();
        }
        if (position == CellRing.NONE) {
            return false;
        }
        fill(position, item);
        return true;
    }

    /** Takes the oldest item, waiting for one; returns null on timeout. */
    public @Nullable TakenCell take(Deadline deadline) throws InterruptedException {
        return taken(claimItem(deadline));
    }

    /** As {@link #take}, and frees its cell. */
    public byte @Nullable [] takeCopy(Deadline deadline) throws InterruptedException {
        return copyAndFree(claimItem(deadline));
    }

    private long claimItem(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long item = ring.claimItem();
        return item != CellRing.NONE || deadline.isOver() ? item : claimItemSlowly(deadline);
    }

    private long claimItemSlowly(Deadline deadline) throws InterruptedException {
        Item goal = new Item();
        return consumers.until(deadline, goal) ? goal.item : CellRing.NONE;
    }

    /** As {@link #take} if there is an item. Non-blocking. */
    public @Nullable TakenCell poll() {
        return taken(claimItem());
    }

    /** As {@link #poll}, and frees its cell. */
    public byte @Nullable [] pollCopy() {
        return copyAndFree(claimItem());
    }

    private long claimItem() {
        long item = ring.claimItem();
        return item == CellRing.NONE && probe() ? ring.claimItem() : item;
    }

    private @Nullable TakenCell taken(long item) {
        return item == CellRing.NONE ? null : new TakenCell(this, CellRing.position(item), CellRing.redelivered(item));
    }

    private byte @Nullable [] copyAndFree(long item) {
        if (item == CellRing.NONE) {
            return null;
        }
        long position = CellRing.position(item);
        try {
            return copy(position);
        } finally {
            free(position);
        }
    }

    private void fill(long position, ByteBuffer item) {
        int cell = ring.cell(position);
        int lap = ring.lap(position);
        long claimed = BufferLayout.word(lap, CLAIMED, self);
        boolean written = false;
        try {
            memory.put(BufferLayout.content(cell), item, item.position(), item.remaining());
            BufferLayout.lengthPlain(memory, cell, item.remaining());
            written = true;
        } finally {
            if (!written) {
                ring.skip(position);
            }
        }
        CrashPoint.reach("buffer.written");
        region.checkMapped();
        if (!BufferLayout.casWord(memory, cell, claimed, BufferLayout.word(lap, FULL, 0))) {
            throw lost(cell, claimed);
        }
        CrashPoint.reach("buffer.put");
        filled.signal();
        handle.checkOpen();
    }

    /** Returns a copy of an item that was taken. */
    byte[] copy(long position) {
        int cell = ring.cell(position);
        int length = BufferLayout.lengthPlain(memory, cell);
        if (length < 0 || length > cellBytes) {
            throw ring.damaged(cell, length);
        }
        byte[] item = new byte[length];
        memory.get(BufferLayout.content(cell), item);
        CrashPoint.reach("buffer.read");
        region.checkOpen();
        return item;
    }

    /** Gives an item back that was taken: it is redelivered or dropped, as after the death of a consumer. */
    void giveBack(long position) {
        if (!ring.giveBack(position, drops)) {
            throw lost(ring.cell(position), BufferLayout.word(ring.lap(position), TAKEN, self));
        }
        region.checkOpen();
    }

    /** Returns a copy of the item that would be taken next, which stays; null if there is none. */
    public byte @Nullable [] peek() {
        return ring.peek();
    }

    /** Moves at most {@code max} items to a collection; returns how many. */
    public int drainTo(Collection<? super byte[]> target, int max) {
        int count = 0;
        while (count < max) {
            long item = claimItem();
            if (item == CellRing.NONE) {
                break;
            }
            long position = CellRing.position(item);
            boolean added = false;
            try {
                target.add(copy(position));
                added = true;
            } finally {
                if (!added && !region.isClosed()) {
                    ring.giveBack(position, drops);
                }
            }
            free(position);
            count++;
        }
        return count;
    }

    /** Removes the items that are there now. */
    public void clear() {
        for (int i = 0; i < cells; i++) { // not forever, if others put items meanwhile
            long item = claimItem();
            if (item == CellRing.NONE) {
                return;
            }
            free(CellRing.position(item));
        }
    }

    /** Frees a cell that was taken. */
    void free(long position) {
        int cell = ring.cell(position);
        int lap = ring.lap(position);
        long taken = BufferLayout.word(lap, TAKEN, self);
        region.checkMapped();
        if (!BufferLayout.casWord(memory, cell, taken, BufferLayout.word(lap + 1, FREE, 0))) {
            throw lost(cell, taken);
        }
        CrashPoint.reach("buffer.freed");
        room.signal();
        region.checkOpen();
    }

    /** Repairs what dead participants own, at most every 10 ms; returns whether it did. */
    private boolean probe() {
        long now = System.nanoTime();
        if (now - probedNanos < PROBE_NANOS) {
            return false;
        }
        probedNanos = now;
        region.repairDead();
        return true;
    }

    /** Returns the current number of items; never more than there are. */
    public int size() {
        int items = ring.size();
        handle.checkOpen();
        return items;
    }

    /** Returns the capacity. */
    public int cells() {
        return cells;
    }

    /** Returns the largest length of an item. */
    public int cellBytes() {
        return cellBytes;
    }

    /** Returns whether the items of a dead consumer are dropped. */
    public boolean drops() {
        return drops;
    }

    private void checkLength(ByteBuffer item) {
        if (Objects.requireNonNull(item, "item").remaining() > cellBytes) {
            throw new IllegalArgumentException("item: " + item.remaining() + " bytes (expected: at most " + cellBytes
                    + ", the cell size of " + this + ")");
        }
    }

    private RuntimeException lost(int cell, long expected) {
        region.checkOpen();
        return new IllegalStateException(String.format(
                "a cell of %s was lost: its word is %016x (expected: %016x)",
                this, BufferLayout.wordVolatile(memory, cell), expected));
    }

    private final class Room implements Waiting.OneByOne {
        long position = CellRing.NONE;

        @Override
        public boolean attempt() {
            position = ring.claim();
            return position != CellRing.NONE;
        }

        @Override
        public boolean isOpen() {
            return ring.hasRoom();
        }

        @Override
        public void beforeSleep() {
            region.repairDead();
            region.watchOthers();
        }
    }

    private final class Item implements Waiting.OneByOne {
        long item = CellRing.NONE;

        @Override
        public boolean attempt() {
            item = ring.claimItem();
            return item != CellRing.NONE;
        }

        @Override
        public boolean isOpen() {
            return ring.hasItem();
        }

        @Override
        public void beforeSleep() {
            region.repairDead();
            region.watchOthers();
        }
    }
}
