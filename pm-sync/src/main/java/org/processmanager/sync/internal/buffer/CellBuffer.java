package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;
import static org.processmanager.sync.internal.buffer.BufferLayout.FULL;
import static org.processmanager.sync.internal.buffer.BufferLayout.TAKEN;
import static org.processmanager.sync.internal.buffer.Cells.NO_CELL;

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
 * A bounded buffer in a ring of {@link Cells}, in which survivors find and repair what a dead process was doing.
 *
 * <pre>
 *   FREE -> CLAIMED -> FULL -> TAKEN -> FREE      the way of an item; the last step leads to the next lap
 *   CLAIMED -> FREE                               its producer died or failed
 *   TAKEN -> REDELIVER -> TAKEN                   its consumer died or gave it back
 *   CLAIMED, TAKEN, REDELIVER -> same, next lap   passed by a producer that found a free cell behind it
 * </pre>
 *
 * <p>A producer claims the next cell, writes, and publishes it. A consumer takes the first cell that is published, reads, and
 * frees it. What a dead consumer took is taken before the next item, or is dropped. (Cells with laps: D. Vyukov's bounded queue;
 * the owner in each cell makes deaths visible, and lets others pass a cell that has one. Consumers that pass what is not
 * published yet: M. Herlihy and J. Wing's queue.)
 *
 * <p>Crash points: {@code buffer.claimed} (tail not moved), {@code buffer.passed} (a cell of another party, nothing claimed),
 * {@code buffer.written}, {@code buffer.put} (not signalled), {@code buffer.taken} (head not moved), {@code buffer.read},
 * {@code buffer.freed} (not signalled), {@code buffer.redelivered} (taken again, the hint is cleared), {@code buffer.ended} (not
 * signalled), and of waits {@code buffer.flagged}, {@code buffer.woken}.
 */
public final class CellBuffer extends SharedObject {
    private static final long PROBE_NANOS = 10_000_000;
    /** Instead of an item: there will be none. */
    private static final int ENDED = NO_CELL + 1;

    private final boolean drops;
    private final WakeWord filled;
    private final WakeWord room;
    private final Cells cells;
    private final BufferRun run;
    private final PutCursor puts;
    private final TakeCursor takes;
    private final Waiting consumers;
    private final Waiting producers;
    private volatile long probedNanos = System.nanoTime();

    /** Uses a buffer. */
    public CellBuffer(Region region, RegionObject object) {
        super(region, object);
        drops = object.dimension(2) != 0;
        filled = new WakeWord(memory, parking, BufferLayout.filled(offset));
        room = new WakeWord(memory, parking, BufferLayout.room(offset));
        cells = new Cells(this, object);
        run = new BufferRun(this, cells, filled, room);
        puts = new PutCursor(this, cells, run);
        takes = new TakeCursor(this, cells);
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
        int cell = puts.claim();
        if (cell == NO_CELL) {
            cell = deadline.isOver() ? NO_CELL : claimSlowly(deadline);
            if (cell == NO_CELL) {
                return false;
            }
        }
        fill(cell, item);
        return true;
    }

    private int claimSlowly(Deadline deadline) throws InterruptedException {
        Room goal = new Room();
        return producers.until(deadline, goal) ? goal.cell : NO_CELL;
    }

    /** As {@link #put} if there is room. Non-blocking. */
    public boolean offer(ByteBuffer item) {
        checkLength(item);
        int cell = puts.claim();
        if (cell == NO_CELL && probe()) {
            cell = puts.claim();
        }
        if (cell == NO_CELL) {
            return false;
        }
        fill(cell, item);
        return true;
    }

    /** Takes the oldest item, waiting for one; returns null on timeout, and if there will be none. */
    public @Nullable TakenCell take(Deadline deadline) throws InterruptedException {
        return taken(takeItem(deadline));
    }

    /** As {@link #take}, and frees its cell. */
    public byte @Nullable [] takeCopy(Deadline deadline) throws InterruptedException {
        return copyAndFree(takeItem(deadline));
    }

    private int takeItem(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int item = takes.take();
        return item != NO_CELL || deadline.isOver() ? item : takeItemSlowly(deadline);
    }

    private int takeItemSlowly(Deadline deadline) throws InterruptedException {
        Item goal = new Item();
        return consumers.until(deadline, goal) ? goal.item : NO_CELL;
    }

    /** As {@link #take} if there is an item. Non-blocking. */
    public @Nullable TakenCell poll() {
        return taken(pollItem());
    }

    /** As {@link #poll}, and frees its cell. */
    public byte @Nullable [] pollCopy() {
        return copyAndFree(pollItem());
    }

    private int pollItem() {
        int item = takes.take();
        return item == NO_CELL && probe() ? takes.take() : item;
    }

    private @Nullable TakenCell taken(int item) {
        if (item == NO_CELL || item == ENDED) {
            return null;
        }
        room.signal(); // producers can pass the cell
        return new TakenCell(this, TakeCursor.cell(item), TakeCursor.redelivered(item));
    }

    private byte @Nullable [] copyAndFree(int item) {
        if (item == NO_CELL || item == ENDED) {
            return null;
        }
        int cell = TakeCursor.cell(item);
        try {
            return copy(cell);
        } finally {
            free(cell);
        }
    }

    private void fill(int cell, ByteBuffer item) {
        boolean written = false;
        try {
            memory.put(BufferLayout.content(cell), item, item.position(), item.remaining());
            BufferLayout.lengthPlain(memory, cell, item.remaining());
            written = true;
        } finally {
            if (!written) {
                puts.abandon(cell);
            }
        }
        CrashPoint.reach("buffer.written");
        region.checkMapped();
        if (!cells.change(cell, CLAIMED, FULL)) {
            throw lost(cell);
        }
        CrashPoint.reach("buffer.put");
        filled.signal();
        handle.checkOpen();
    }

    /** Returns a copy of an item that was taken. */
    byte[] copy(int cell) {
        int length = BufferLayout.lengthPlain(memory, cell);
        cells.checkLength(cell, length);
        byte[] item = new byte[length];
        memory.get(BufferLayout.content(cell), item);
        CrashPoint.reach("buffer.read");
        region.checkOpen();
        return item;
    }

    /** Copies an item that was taken to the beginning of a buffer; returns its length. */
    int copyTo(int cell, ByteBuffer target) {
        int length = BufferLayout.lengthPlain(memory, cell);
        cells.checkLength(cell, length);
        target.put(0, memory, BufferLayout.content(cell), length);
        CrashPoint.reach("buffer.read");
        region.checkOpen();
        return length;
    }

    /** Gives an item back that was taken: it is redelivered or dropped, as after the death of a consumer. */
    void giveBack(int cell) {
        if (drops) {
            free(cell);
            return;
        }
        region.checkMapped();
        if (!takes.redeliver(cell)) {
            throw lost(cell);
        }
        filled.signal();
        region.checkOpen();
    }

    /** Returns a copy of the item that would be taken next, which stays; null if there is none. */
    public byte @Nullable [] peek() {
        return takes.peek();
    }

    /** Moves at most {@code max} items to a collection; returns how many. */
    public int drainTo(Collection<? super byte[]> target, int max) {
        int count = 0;
        while (count < max) {
            int item = pollItem();
            if (item == NO_CELL) {
                break;
            }
            int cell = TakeCursor.cell(item);
            boolean added = false;
            try {
                target.add(copy(cell));
                added = true;
            } finally {
                if (!added && !region.isClosed()) {
                    giveBack(cell);
                }
            }
            free(cell);
            count++;
        }
        return count;
    }

    /** Removes the items that are there now. */
    public void clear() {
        for (int i = 0; i < cells.count; i++) { // not forever, if others put items meanwhile
            int item = pollItem();
            if (item == NO_CELL) {
                return;
            }
            free(TakeCursor.cell(item));
        }
    }

    /** Frees a cell that was taken. */
    void free(int cell) {
        region.checkMapped();
        if (!cells.change(cell, TAKEN, FREE)) {
            throw lost(cell);
        }
        CrashPoint.reach("buffer.freed");
        run.afterFree();
        region.checkOpen();
    }

    /** Lets no item be put any longer. */
    public void end() {
        run.end();
    }

    /** Lets items be put again; returns false if the buffer was not ended. */
    public boolean reopen() {
        return run.reopen();
    }

    /** Returns whether no item may be put. */
    public boolean isEnded() {
        boolean ended = run.isEnded();
        handle.checkOpen();
        return ended;
    }

    /** Returns whether the buffer was ended and all items are done. */
    public boolean isExhausted() {
        boolean exhausted = run.isEnded() && run.isIdle();
        handle.checkOpen();
        return exhausted;
    }

    /** Returns whether all items are done. */
    public boolean isIdle() {
        return run.isIdle();
    }

    /** Waits until all items are done; returns false on timeout. */
    public boolean join(Deadline deadline) throws InterruptedException {
        return run.join(deadline);
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
        int items = cells.size();
        handle.checkOpen();
        return items;
    }

    /** Returns the capacity. */
    public int cells() {
        return cells.count;
    }

    /** Returns the largest length of an item. */
    public int cellBytes() {
        return cells.cellBytes;
    }

    /** Returns whether the items of a dead consumer are dropped. */
    public boolean drops() {
        return drops;
    }

    private void checkLength(ByteBuffer item) {
        if (Objects.requireNonNull(item, "item").remaining() > cells.cellBytes) {
            throw new IllegalArgumentException("item: " + item.remaining() + " bytes (expected: at most "
                    + cells.cellBytes + ", the cell size of " + this + ")");
        }
    }

    private RuntimeException lost(int cell) {
        region.checkOpen();
        return new IllegalStateException(
                String.format("a cell of %s was lost: its word is %016x, of another owner", this, cells.word(cell)));
    }

    private final class Room implements Waiting.OneByOne {
        int cell = NO_CELL;

        @Override
        public boolean attempt() {
            cell = puts.claim();
            return cell != NO_CELL;
        }

        @Override
        public boolean isOpen() {
            return puts.hasRoom();
        }

        @Override
        public void searchDead() {
            region.repairDead();
            region.watchOthers();
        }
    }

    private final class Item implements Waiting.OneByOne {
        private final int number = run.number();
        int item = NO_CELL;

        @Override
        public boolean attempt() {
            item = takes.take();
            if (item == NO_CELL && run.isOver(number)) {
                handle.checkOpen();
                item = ENDED;
            }
            return item != NO_CELL;
        }

        @Override
        public boolean isOpen() {
            return takes.hasItem() || run.isOver(number);
        }

        @Override
        public void searchDead() {
            region.repairDead();
            region.watchOthers();
        }
    }
}
