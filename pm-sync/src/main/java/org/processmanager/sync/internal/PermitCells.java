package org.processmanager.sync.internal;

import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.Deadline;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.RegionObject;

/**
 * Permits that name their owners: one cell each.
 *
 * <p>How it works. Taking is a compare-and-set of a free cell to this participant, giving back one to free; then whoever may
 * sleep is signalled. A cell of an owner that is proven dead counts as free: who waits, and who finds none, asks for each
 * owner whether it lives, and takes the cell from the dead one directly. Nothing is stored that could disagree with the
 * cells (the idea of owners in cells: iceoryx2's index set).
 *
 * <p>Crash points: {@code leased.taken}, {@code leased.flagged} (armed, not asleep), {@code leased.woken},
 * {@code leased.freed} (the cell is free, nobody was signalled).
 */
public final class PermitCells {
    private static final int NONE = -1;

    private final String name;
    private final Region region;
    private final ByteBuffer memory;
    private final int at;
    private final int permits;
    private final int self;
    private final WakeWord word;
    private final Waiting waiting;
    /** Where to look first, so that handles do not meet; races on it only cost a look. */
    private int hint;

    /** The semaphore that lies there. */
    public PermitCells(Region region, RegionObject object) {
        this.region = region;
        name = object.name();
        memory = region.memory();
        at = object.offset();
        permits = object.dimension(0);
        self = region.participants().self();
        hint = Participants.slot(self) % permits;
        word = new WakeWord(memory, region.parking(), LeasedDescriptor.word(at));
        waiting = new Waiting(region, at, word, "leased.flagged", "leased.woken");
    }

    /** Waits for a permit; the number of its cell. */
    public int acquire() throws InterruptedException {
        return acquire(Deadline.NEVER);
    }

    /** Waits for a permit at most so long; negative if there was none. */
    public int acquire(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int cell = tryAcquire();
        if (cell >= 0 || deadline.isOver()) {
            return cell;
        }
        int[] found = {NONE};
        boolean had =
                waiting.until(deadline, () -> (found[0] = takeFree()) >= 0, () -> findFree() >= 0, () -> watchOwners());
        return had ? found[0] : NONE;
    }

    /** Takes a permit that is free or whose owner is dead; negative if there is none. */
    public int tryAcquire() {
        int cell = takeFree();
        return cell >= 0 ? cell : takeFromDead();
    }

    private int takeFree() {
        int cell = hint;
        for (int i = 0; i < permits; i++) {
            if (LeasedDescriptor.ownerVolatile(memory, at, cell) == 0
                    && LeasedDescriptor.casOwner(memory, at, cell, 0, self)) {
                return taken(cell);
            }
            cell = cell + 1 == permits ? 0 : cell + 1;
        }
        region.checkOpen();
        return NONE;
    }

    private int findFree() {
        for (int cell = 0; cell < permits; cell++) {
            if (LeasedDescriptor.ownerVolatile(memory, at, cell) == 0) {
                return cell;
            }
        }
        return NONE;
    }

    private int taken(int cell) {
        CrashPoint.reach("leased.taken");
        if (region.isUnusable()) {
            LeasedDescriptor.casOwner(memory, at, cell, self, 0);
            region.checkUsable();
        }
        hint = cell;
        LeasedDescriptor.notePlain(
                memory, at, cell, (int) Thread.currentThread().getId(), CoarseClock.millis());
        return cell;
    }

    private int takeFromDead() {
        IntPredicate isDead = new Deaths(region);
        for (int cell = 0; cell < permits; cell++) {
            int owner = LeasedDescriptor.ownerVolatile(memory, at, cell);
            if (owner == 0 || (owner != self && isDead.test(owner))) {
                if (LeasedDescriptor.casOwner(memory, at, cell, owner, self)) {
                    taken(cell);
                    if (owner != 0) {
                        LeasedDescriptor.countDeath(memory, at);
                        region.repairQuietly(owner);
                    }
                    return cell;
                }
            }
        }
        region.checkOpen();
        return NONE;
    }

    /** Before a sleep: permits of the dead become free, the living are watched. */
    private void watchOwners() {
        Deaths deaths = new Deaths(region);
        int last = 0;
        for (int cell = 0; cell < permits; cell++) {
            int owner = LeasedDescriptor.ownerVolatile(memory, at, cell);
            if (owner == 0 || owner == self || owner == last) {
                continue;
            }
            last = owner;
            if (deaths.test(owner)) {
                free(cell, owner);
                LeasedDescriptor.countDeath(memory, at);
                region.repairQuietly(owner);
            } else {
                region.watchOwner(owner);
            }
        }
    }

    /** Gives a permit back that this handle has. */
    public void release(int cell) {
        if (!free(cell, self)) {
            region.checkOpen();
            throw new IllegalStateException(String.format(
                    "permit %d of %s was lost: its cell says %08x (expected: %08x)",
                    cell, this, LeasedDescriptor.ownerVolatile(memory, at, cell), self));
        }
    }

    private boolean free(int cell, int owner) {
        if (!LeasedDescriptor.casOwner(memory, at, cell, owner, 0)) {
            return false;
        }
        CrashPoint.reach("leased.freed");
        word.signal();
        return true;
    }

    /** Whether this handle still has the permit of that cell. */
    public boolean isMine(int cell) {
        return !region.isClosed() && LeasedDescriptor.ownerVolatile(memory, at, cell) == self;
    }

    /** The next token; for who has a permit. */
    public long nextToken() {
        long token = LeasedDescriptor.nextToken(memory, at);
        region.checkOpen();
        return token;
    }

    /** How many permits are free, or have a dead owner, at this moment. */
    public int available() {
        IntPredicate isDead = new Deaths(region);
        int free = 0;
        for (int cell = 0; cell < permits; cell++) {
            int owner = LeasedDescriptor.ownerVolatile(memory, at, cell);
            free += owner == 0 || (owner != self && isDead.test(owner)) ? 1 : 0;
        }
        region.checkOpen();
        return free;
    }

    /** How many permits there are in all. */
    public int permits() {
        return permits;
    }

    /** Its name in the region. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "leased semaphore '" + name + "' of " + region;
    }
}
