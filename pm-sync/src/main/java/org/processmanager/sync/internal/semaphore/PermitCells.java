package org.processmanager.sync.internal.semaphore;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.CoarseClock;
import org.processmanager.sync.internal.wait.Waiting;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Permits that name their owners: one cell each.
 *
 * <p>Acquiring is a compare-and-set of a free cell to this participant, releasing one to free; then sleepers are signalled. A
 * cell whose owner is proven dead counts as free: a thread that finds no free cell checks each owner, and takes the cell of a
 * dead one directly. Nothing is stored that could disagree with the cells (owners in cells: the index set of iceoryx2).
 *
 * <p>Several permits at once are taken cell by cell, after as many were counted free. If other threads take some of them
 * meanwhile, the cells are released and the thread tries again after a random pause; it never blocks while it has some, so
 * threads that collect permits cannot deadlock, and permits of a collector that is killed become free like any others.
 * A free permit may be of no use to the one sleeper that is woken if that one waits for several; once a thread has waited for
 * several, releasing wakes all sleepers.
 *
 * <p>Crash points: {@code leased.taken}, {@code leased.flagged} (armed, not asleep), {@code leased.woken},
 * {@code leased.freed} (the cell is free, no sleeper was signalled).
 */
public final class PermitCells extends SharedObject {
    /** No cell: there was no permit. */
    public static final int NONE = -1;

    private static final int COLLECT_ATTEMPTS = 16;
    private static final int LONGEST_PAUSE_NANOS = 50_000;

    private final int permits;
    private final WakeWord word;
    private final Waiting waiting;
    /** For threads that wait for several permits: others of this handle must not queue behind them. */
    private final Waiting collecting;
    /** Where to look first, so that handles rarely collide; a race costs only a few reads. */
    private int hint;

    /** Uses a leased semaphore. */
    public PermitCells(Region region, RegionObject object) {
        super(region, object);
        permits = object.dimension(0);
        hint = Participants.slot(self) % permits;
        word = new WakeWord(memory, parking, LeasedLayout.word(offset));
        waiting = new Waiting(this, word, "leased.flagged", "leased.woken");
        collecting = new Waiting(this, word, "leased.flagged", "leased.woken");
    }

    /** Waits for a permit; returns its cell, or {@link #NONE} on timeout. */
    public int acquire(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int cell = tryAcquire();
        if (cell != NONE || deadline.isOver()) {
            return cell;
        }
        OnePermit goal = new OnePermit();
        return waiting.until(deadline, goal) ? goal.cell : NONE;
    }

    /** Acquires a permit that is free or whose owner is dead; returns its cell, or {@link #NONE}. */
    public int tryAcquire() {
        int cell = takeFree();
        return cell != NONE ? cell : takeFromDead();
    }

    /** Waits for several permits; returns their cells, or null on timeout. */
    public int @Nullable [] acquire(int count, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int[] cells = tryAcquire(count);
        if (cells != null || deadline.isOver()) {
            return cells;
        }
        LeasedLayout.raiseSeveral(memory, offset);
        SeveralPermits goal = new SeveralPermits(count);
        return collecting.until(deadline, goal) ? goal.cells : null;
    }

    /** Acquires several permits that are free or whose owners are dead; returns their cells, or null. */
    public int @Nullable [] tryAcquire(int count) {
        int[] cells = collect(count);
        if (cells == null) {
            freeOfDead();
            cells = collect(count);
        }
        return cells;
    }

    /**
     * Returns the word of the cell of a permit that was just acquired, which identifies the acquisition.
     *
     * @throws IllegalStateException if the region was closed meanwhile
     */
    public long word(int cell) {
        long taken = LeasedLayout.wordVolatile(memory, offset, cell);
        if (LeasedLayout.owner(taken) != self) {
            handle.checkOpen();
            throw new IllegalStateException(
                    String.format("permit %d of %s was lost: its word is %016x", cell, this, taken));
        }
        return taken;
    }

    private int takeFree() {
        region.checkMapped();
        int cell = hint;
        for (int i = 0; i < permits; i++) {
            if (takeIfFree(cell)) {
                return cell;
            }
            cell = cell + 1 == permits ? 0 : cell + 1;
        }
        handle.checkOpen();
        return NONE;
    }

    private boolean takeIfFree(int cell) {
        long free = LeasedLayout.wordVolatile(memory, offset, cell);
        if (LeasedLayout.owner(free) != 0) {
            return false;
        }
        long mine = LeasedLayout.taken(free, self);
        if (!LeasedLayout.casWord(memory, offset, cell, free, mine)) {
            return false;
        }
        taken(cell, mine);
        return true;
    }

    private void taken(int cell, long mine) {
        CrashPoint.reach("leased.taken");
        if (handle.isUnusable()) {
            LeasedLayout.casWord(memory, offset, cell, mine, LeasedLayout.free(mine));
            handle.checkUsable();
        }
        if (hint != cell) {
            hint = cell;
        }
        LeasedLayout.ownerPlain(memory, offset, cell, Thread.currentThread().getId(), CoarseClock.millis());
    }

    private int takeFromDead() {
        DeathCache deaths = new DeathCache(region);
        for (int cell = 0; cell < permits; cell++) {
            long found = LeasedLayout.wordVolatile(memory, offset, cell);
            int owner = LeasedLayout.owner(found);
            if (owner == 0 ? takeIfFree(cell) : owner != self && deaths.test(owner) && takeOver(cell, found)) {
                return cell;
            }
        }
        handle.checkOpen();
        return NONE;
    }

    private boolean takeOver(int cell, long ofDead) {
        long mine = LeasedLayout.taken(ofDead, self);
        if (!LeasedLayout.casWordOfDead(memory, offset, cell, ofDead, mine)) {
            return false;
        }
        taken(cell, mine);
        region.repairQuietly(LeasedLayout.owner(ofDead));
        return true;
    }

    /** Takes as many free cells, or none: returns null if there are fewer, or if others interfere again and again. */
    private int @Nullable [] collect(int count) {
        for (int attempt = 1; countFree() >= count; attempt++) {
            int[] cells = takeUpTo(count);
            if (cells.length == count) {
                return cells;
            }
            for (int cell : cells) {
                release(cell, word(cell));
            }
            if (attempt == COLLECT_ATTEMPTS) {
                return null;
            }
            LockSupport.parkNanos(this, 1 + ThreadLocalRandom.current().nextInt(LONGEST_PAUSE_NANOS));
        }
        handle.checkOpen();
        return null;
    }

    private int[] takeUpTo(int count) {
        region.checkMapped();
        int[] cells = new int[count];
        int taken = 0;
        boolean done = false;
        try {
            for (int cell = 0; cell < permits && taken < count; cell++) {
                if (takeIfFree(cell)) {
                    cells[taken++] = cell;
                }
            }
            done = true;
            return taken == count ? cells : Arrays.copyOf(cells, taken);
        } finally {
            if (!done) { // the object was removed or the region deleted, by another process
                for (int i = 0; i < taken && !region.isClosed(); i++) {
                    long mine = LeasedLayout.wordVolatile(memory, offset, cells[i]);
                    LeasedLayout.casWord(memory, offset, cells[i], mine, LeasedLayout.free(mine));
                }
            }
        }
    }

    private int countFree() {
        int free = 0;
        for (int cell = 0; cell < permits; cell++) {
            free += LeasedLayout.owner(LeasedLayout.wordVolatile(memory, offset, cell)) == 0 ? 1 : 0;
        }
        return free;
    }

    private boolean hasFree() {
        for (int cell = 0; cell < permits; cell++) {
            if (LeasedLayout.owner(LeasedLayout.wordVolatile(memory, offset, cell)) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Frees the permits of dead owners, and watches the live ones. */
    private void freeOfDead() {
        DeathCache deaths = new DeathCache(region);
        int last = 0;
        for (int cell = 0; cell < permits; cell++) {
            long found = LeasedLayout.wordVolatile(memory, offset, cell);
            int owner = LeasedLayout.owner(found);
            if (owner == 0 || owner == self || owner == last) {
                continue;
            }
            if (deaths.test(owner)) {
                if (LeasedLayout.casWordOfDead(memory, offset, cell, found, LeasedLayout.free(found))) {
                    freed();
                }
                region.repairQuietly(owner);
            } else {
                last = owner;
                region.watchOwner(owner);
            }
        }
    }

    /** Releases a permit; does nothing if the acquisition that the word identifies has ended. */
    public void release(int cell, long taken) {
        region.checkMapped();
        if (LeasedLayout.casWord(memory, offset, cell, taken, LeasedLayout.free(taken))) {
            freed();
        }
        region.checkOpen();
    }

    /** Throws if the region is closed, deleted or replaced, or the semaphore was removed. */
    public void checkOpen() {
        handle.checkOpen();
    }

    private void freed() {
        CrashPoint.reach("leased.freed");
        if (word.isArmed() && LeasedLayout.severalVolatile(memory, offset)) {
            word.signalAll();
        } else {
            word.signal();
        }
    }

    /** Returns whether the acquisition that the word identifies still lasts. */
    public boolean isMine(int cell, long taken) {
        return !handle.isUnusable() && LeasedLayout.wordVolatile(memory, offset, cell) == taken;
    }

    /** Draws the next fencing token; for the holder of a permit. */
    public long nextToken() {
        long token = LeasedLayout.nextToken(memory, offset);
        handle.checkOpen();
        return token;
    }

    /** Returns how many permits are free or have a dead owner. */
    public int available() {
        DeathCache deaths = new DeathCache(region);
        int free = 0;
        for (int cell = 0; cell < permits; cell++) {
            int owner = LeasedLayout.owner(LeasedLayout.wordVolatile(memory, offset, cell));
            free += owner == 0 || (owner != self && deaths.test(owner)) ? 1 : 0;
        }
        handle.checkOpen();
        return free;
    }

    /** Returns the total number of permits. */
    public int permits() {
        return permits;
    }

    private final class OnePermit implements Waiting.OneByOne {
        int cell = NONE;

        @Override
        public boolean attempt() {
            cell = takeFree();
            return cell != NONE;
        }

        @Override
        public boolean isOpen() {
            return hasFree();
        }

        @Override
        public void beforeSleep() {
            freeOfDead();
        }
    }

    private final class SeveralPermits implements Waiting.OneByOne {
        private final int count;
        int @Nullable [] cells;

        SeveralPermits(int count) {
            this.count = count;
        }

        @Override
        public boolean attempt() {
            cells = collect(count);
            return cells != null;
        }

        @Override
        public boolean isOpen() {
            return hasFree();
        }

        @Override
        public void beforeSleep() {
            freeOfDead();
        }
    }
}
