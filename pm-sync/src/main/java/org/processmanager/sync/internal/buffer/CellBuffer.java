package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;
import static org.processmanager.sync.internal.buffer.BufferLayout.FULL;
import static org.processmanager.sync.internal.buffer.BufferLayout.TAKEN;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.Waiting;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A bounded buffer in a {@link CellRing}, so that what a dead one had is found and made good for.
 *
 * <p>How it works. A producer turns the next cell from FREE to CLAIMED by itself, writes, and turns it FULL. A consumer turns
 * the next one from FULL to TAKEN by itself, reads, and turns it FREE for the next lap. A consumer that meets a CLAIMED cell
 * waits for its producer: order is kept. What a dead producer claimed becomes SKIPPED, which everybody passes; what a dead
 * consumer took becomes REDELIVER, which consumers take before the next item, or is dropped. (Cells with laps: D. Vyukov's bounded queue; owners in them are what makes deaths visible.)
 *
 * <p>Crash points: {@code buffer.claimed} (tail not moved), {@code buffer.written}, {@code buffer.put} (nobody signalled),
 * {@code buffer.taken} (head not moved), {@code buffer.read}, {@code buffer.freed} (nobody signalled),
 * {@code buffer.redelivered} (taken again, the hint is down), and of waits {@code buffer.flagged}, {@code buffer.woken}.
 */
public final class CellBuffer {
    private static final long PROBE_NANOS = 10_000_000;

    private final String name;
    private final Region region;
    private final ObjectHandle use;
    private final ByteBuffer memory;
    private final int cells;
    private final int cellBytes;
    private final boolean drops;
    private final int self;
    private final WakeWord filled;
    private final WakeWord room;
    private final CellRing ring;
    private final Waiting consumers;
    private final Waiting producers;
    private volatile long probedNanos = System.nanoTime();

    /** The buffer that lies there. */
    public CellBuffer(Region region, RegionObject object) {
        this.region = region;
        name = object.name();
        use = region.objects().use(name, object.offset());
        memory = region.memory();
        int at = object.offset();
        cells = object.dimension(0);
        cellBytes = object.dimension(1);
        drops = object.dimension(2) != 0;
        self = region.participants().self();
        filled = new WakeWord(memory, region.parking(), BufferLayout.filled(at));
        room = new WakeWord(memory, region.parking(), BufferLayout.room(at));
        ring = new CellRing(region, use, object, filled, room);
        consumers = new Waiting(region, use, at, filled, "buffer.flagged", "buffer.woken");
        producers = new Waiting(region, use, at, room, "buffer.flagged", "buffer.woken");
    }

    /** Puts the bytes between position and limit of the item, which stays as it is, waiting for room; false if time is over. */
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
        long[] position = {CellRing.NONE};
        producers.until(
                deadline, () -> (position[0] = ring.claim()) != CellRing.NONE, ring::hasRoom, region::repairDead);
        return position[0];
    }

    /** As {@link #put} if there is room, without waiting for it. */
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

    /** Takes the oldest item, waiting for one; null if time is over. */
    public @Nullable TakenCell take(Deadline deadline) throws InterruptedException {
        return taken(claimItem(deadline));
    }

    /** As {@link #take}, and is done with it at once. */
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
        long[] item = {CellRing.NONE};
        consumers.until(
                deadline, () -> (item[0] = ring.claimItem()) != CellRing.NONE, ring::hasItem, region::repairDead);
        return item[0];
    }

    /** As {@link #take} if there is an item, without waiting for one. */
    public @Nullable TakenCell poll() {
        return taken(claimItem());
    }

    /** As {@link #poll}, and is done with it at once. */
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
        region.checkReach();
        if (!BufferLayout.casWord(memory, cell, claimed, BufferLayout.word(lap, FULL, 0))) {
            throw lost(cell, claimed);
        }
        CrashPoint.reach("buffer.put");
        filled.signal();
        use.checkOpen();
    }

    /** A copy of the item in a cell that is taken. */
    byte[] copy(long position) {
        int cell = ring.cell(position);
        int length = BufferLayout.lengthPlain(memory, cell);
        if (length < 0 || length > cellBytes) {
            region.checkOpen();
            throw new RegionException(
                    RegionException.Reason.CORRUPT,
                    this + " has an item of " + length + " bytes at " + cell + " (expected: 0 to " + cellBytes
                            + "); delete the region");
        }
        byte[] item = new byte[length];
        memory.get(BufferLayout.content(cell), item);
        CrashPoint.reach("buffer.read");
        region.checkOpen();
        return item;
    }

    /** Frees a cell that was taken. */
    void free(long position) {
        int cell = ring.cell(position);
        int lap = ring.lap(position);
        long taken = BufferLayout.word(lap, TAKEN, self);
        region.checkReach();
        if (!BufferLayout.casWord(memory, cell, taken, BufferLayout.word(lap + 1, FREE, 0))) {
            throw lost(cell, taken);
        }
        CrashPoint.reach("buffer.freed");
        room.signal();
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

    /** How many items there are at this moment. */
    public int size() {
        int items = ring.size();
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

    /** What it is at this moment, for people. */
    public RegionInfo.NamedObject inspect() {
        return use.inspect();
    }

    public String name() {
        return name;
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

    @Override
    public String toString() {
        return "bounded buffer '" + name + "' of " + region;
    }
}
