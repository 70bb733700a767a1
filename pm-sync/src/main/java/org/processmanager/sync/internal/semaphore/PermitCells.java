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
    /** No permit. */
    public static final long NONE = -1;

    private static final int COLLECT_ATTEMPTS = 16;
    private static final int LONGEST_PAUSE_NANOS = 50_000;

    private final int permits;
    private final WakeWord word;
    private final Waiting waiting;
    /** For threads that wait for several permits: others of this handle must not queue behind them. */
    private final Waiting collecting;
    /** Where to look first, so that handles rarely collide; a race costs only a few reads. */
    private int hint;
    /** Of each cell. */
    private final Acquisition[] last;

    /**
     * The last acquisition of a cell through this handle, as the region describes it; used by the owner of the cell. If no other
     * handle has acquired the cell since, its thread and time are written only when they have changed.
     */
    private static final class Acquisition {
        long word;
        long thread;
        long sinceMillis;
    }

    /** Uses a leased semaphore. */
    public PermitCells(Region region, RegionObject object) {
        super(region, object);
        permits = object.dimension(0);
        last = new Acquisition[permits];
        Arrays.setAll(last, cell -> new Acquisition());
        hint = Participants.slot(self) % permits;
        word = new WakeWord(memory, parking, LeasedLayout.word(offset));
        waiting = new Waiting(this, word, "leased.flagged", "leased.woken");
        collecting = new Waiting(this, word, "leased.flagged", "leased.woken");
    }

    /**
     * Waits for a permit. Its number, cell in the low half and lease in the high half, identifies the acquisition.
     *
     * @return its number, or {@link #NONE} on timeout
     */
    public long acquire(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int cell = hint;
        long permit = take(cell, LeasedLayout.free(last[cell].word));
        return permit != NONE ? permit : acquireSlowly(deadline);
    }

    private long acquireSlowly(Deadline deadline) throws InterruptedException {
        long permit = tryAcquire();
        if (permit != NONE || deadline.isOver()) {
            return permit;
        }
        OnePermit goal = new OnePermit();
        return waiting.until(deadline, goal) ? goal.permit : NONE;
    }

    /** Acquires a permit that is free or whose owner is dead; returns its number, or {@link #NONE}. */
    public long tryAcquire() {
        long permit = takeFree();
        return permit != NONE ? permit : takeFromDead();
    }

    /** Waits for several permits; returns their numbers, or null on timeout. */
    public long @Nullable [] acquire(int count, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long[] acquired = tryAcquire(count);
        if (acquired != null || deadline.isOver()) {
            return acquired;
        }
        raiseSeveral();
        SeveralPermits goal = new SeveralPermits(count);
        return collecting.until(deadline, goal) ? goal.acquired : null;
    }

    /**
     * From now on releasing wakes all sleepers. One that has not noticed it yet may wake this thread instead of one that waits
     * for a single permit; that one is woken here.
     */
    private void raiseSeveral() {
        if (!LeasedLayout.severalVolatile(memory, offset)) {
            LeasedLayout.raiseSeveral(memory, offset);
            word.signalAll();
        }
    }

    /** Acquires several permits that are free or whose owners are dead; returns their numbers, or null. */
    public long @Nullable [] tryAcquire(int count) {
        long[] acquired = collect(count);
        if (acquired == null) {
            freeOfDead();
            acquired = collect(count);
        }
        return acquired;
    }

    private long takeFree() {
        int cell = hint;
        for (int i = 0; i < permits; i++) {
            long permit = takeIfFree(cell);
            if (permit != NONE) {
                return permit;
            }
            cell = cell + 1 == permits ? 0 : cell + 1;
        }
        handle.checkOpen();
        return NONE;
    }

    private long takeIfFree(int cell) {
        long free = LeasedLayout.wordVolatile(memory, offset, cell);
        return LeasedLayout.owner(free) == 0 ? take(cell, free) : NONE;
    }

    private long take(int cell, long free) {
        region.checkMapped();
        long mine = LeasedLayout.taken(free, self);
        return LeasedLayout.casWord(memory, offset, cell, free, mine) ? taken(cell, free, mine) : NONE;
    }

    private long taken(int cell, long before, long mine) {
        CrashPoint.reach("leased.taken");
        if (handle.isUnusable()) {
            LeasedLayout.casWord(memory, offset, cell, mine, LeasedLayout.free(mine));
            handle.checkUsable();
        }
        Acquisition acquisition = last[cell];
        long thread = Thread.currentThread().getId();
        long now = CoarseClock.millis();
        if (before != LeasedLayout.free(acquisition.word)
                || thread != acquisition.thread
                || now != acquisition.sinceMillis) {
            acquisition.thread = thread;
            acquisition.sinceMillis = now;
            LeasedLayout.ownerPlain(memory, offset, cell, thread, now);
        }
        acquisition.word = mine;
        if (hint != cell) {
            hint = cell;
        }
        return LeasedLayout.permit(mine, cell);
    }

    private long takeFromDead() {
        DeathCache deaths = new DeathCache(this::isDead);
        for (int cell = 0; cell < permits; cell++) {
            long found = LeasedLayout.wordVolatile(memory, offset, cell);
            int owner = LeasedLayout.owner(found);
            long permit = NONE;
            if (owner == 0) {
                permit = takeIfFree(cell);
            } else if (owner != self && deaths.test(owner)) {
                permit = takeOver(cell, found);
            }
            if (permit != NONE) {
                return permit;
            }
        }
        handle.checkOpen();
        return NONE;
    }

    private long takeOver(int cell, long ofDead) {
        long mine = LeasedLayout.taken(ofDead, self);
        if (!LeasedLayout.casWordOfDead(memory, offset, cell, ofDead, mine)) {
            return NONE;
        }
        long permit = taken(cell, ofDead, mine);
        region.repairQuietly(LeasedLayout.owner(ofDead));
        return permit;
    }

    /** Takes as many free cells, or none: returns null if there are fewer, or if others interfere again and again. */
    private long @Nullable [] collect(int count) {
        for (int attempt = 1; countFree() >= count; attempt++) {
            long[] acquired = takeUpTo(count);
            if (acquired.length == count) {
                return acquired;
            }
            for (long permit : acquired) {
                release(permit);
            }
            if (attempt == COLLECT_ATTEMPTS) {
                return null;
            }
            LockSupport.parkNanos(this, 1 + ThreadLocalRandom.current().nextInt(LONGEST_PAUSE_NANOS));
        }
        handle.checkOpen();
        return null;
    }

    private long[] takeUpTo(int count) {
        long[] acquired = new long[count];
        int taken = 0;
        boolean done = false;
        try {
            for (int cell = 0; cell < permits && taken < count; cell++) {
                long permit = takeIfFree(cell);
                if (permit != NONE) {
                    acquired[taken++] = permit;
                }
            }
            done = true;
            return taken == count ? acquired : Arrays.copyOf(acquired, taken);
        } finally {
            if (!done) { // the object was removed or the region deleted, by another process
                for (int i = 0; i < taken && !region.isClosed(); i++) {
                    free(acquired[i]);
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
        DeathCache deaths = new DeathCache(this::isDead);
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

    /** Releases a permit; does nothing if that acquisition has ended. */
    public void release(long permit) {
        region.checkMapped();
        if (free(permit)) {
            freed();
        }
        region.checkOpen();
    }

    private boolean free(long permit) {
        long mine = LeasedLayout.wordOf(permit, self);
        return LeasedLayout.casWord(memory, offset, (int) permit, mine, LeasedLayout.free(mine));
    }

    /** Throws if the region is closed, deleted or replaced, or the semaphore was removed. */
    public void checkOpen() {
        handle.checkOpen();
    }

    private void freed() {
        CrashPoint.reach("leased.freed");
        if (!word.isArmed()) {
            return;
        }
        if (LeasedLayout.severalVolatile(memory, offset)) {
            word.signalAll();
        } else {
            word.signal();
        }
    }

    /** Returns whether that acquisition still lasts. */
    public boolean isMine(long permit) {
        return !handle.isUnusable()
                && LeasedLayout.wordVolatile(memory, offset, (int) permit) == LeasedLayout.wordOf(permit, self);
    }

    /** Draws the next fencing token; for the holder of a permit. */
    public long nextToken() {
        long token = LeasedLayout.nextToken(memory, offset);
        handle.checkOpen();
        return token;
    }

    /** Returns how many permits are free or have a dead owner. */
    public int available() {
        DeathCache deaths = new DeathCache(this::isDead);
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
        long permit = NONE;

        @Override
        public boolean attempt() {
            permit = takeFree();
            return permit != NONE;
        }

        @Override
        public boolean isOpen() {
            return hasFree();
        }

        @Override
        public void searchDead() {
            freeOfDead();
        }
    }

    private final class SeveralPermits implements Waiting.OneByOne {
        private final int count;
        long @Nullable [] acquired;

        SeveralPermits(int count) {
            this.count = count;
        }

        @Override
        public boolean attempt() {
            acquired = collect(count);
            return acquired != null;
        }

        @Override
        public boolean isOpen() {
            return hasFree();
        }

        @Override
        public void searchDead() {
            freeOfDead();
        }
    }
}
