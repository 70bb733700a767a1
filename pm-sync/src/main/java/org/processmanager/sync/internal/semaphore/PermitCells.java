package org.processmanager.sync.internal.semaphore;

import java.nio.ByteBuffer;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.CoarseClock;
import org.processmanager.sync.internal.wait.Waiting;
import org.processmanager.sync.internal.wait.WakeWord;

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
    /** No cell: there was no permit. */
    public static final int NONE = -1;

    private final String name;
    private final Region region;
    private final ObjectHandle use;
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
        use = region.objects().use(name, object.offset());
        memory = region.memory();
        at = object.offset();
        permits = object.dimension(0);
        self = region.participants().self();
        hint = Participants.slot(self) % permits;
        word = new WakeWord(memory, region.parking(), LeasedLayout.word(at));
        waiting = new Waiting(region, use, at, word, "leased.flagged", "leased.woken");
    }

    /** Waits for a permit at most so long; its cell, or {@link #NONE}. */
    public int acquire(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int cell = tryAcquire();
        return cell != NONE || deadline.isOver() ? cell : acquireSlowly(deadline);
    }

    private int acquireSlowly(Deadline deadline) throws InterruptedException {
        int[] found = {NONE};
        boolean had =
                waiting.until(deadline, () -> (found[0] = takeFree()) != NONE, this::hasFree, this::freeOfTheDead);
        return had ? found[0] : NONE;
    }

    /** Takes a permit that is free or whose owner is dead; its cell, or {@link #NONE}. */
    public int tryAcquire() {
        int cell = takeFree();
        return cell != NONE ? cell : takeFromDead();
    }

    /**
     * The word of the cell of a permit that was just taken, by which it is told from later takings.
     *
     * @throws IllegalStateException if the region was closed meanwhile
     */
    public long word(int cell) {
        long word = LeasedLayout.wordVolatile(memory, at, cell);
        if (LeasedLayout.owner(word) != self) {
            use.checkOpen();
            throw lost(cell, word);
        }
        return word;
    }

    private IllegalStateException lost(int cell, long word) {
        return new IllegalStateException(
                String.format("permit %d of %s was lost: its word is %016x", cell, this, word));
    }

    private int takeFree() {
        region.checkReach();
        int cell = hint;
        for (int i = 0; i < permits; i++) {
            long word = LeasedLayout.wordVolatile(memory, at, cell);
            if (LeasedLayout.owner(word) == 0) {
                long mine = LeasedLayout.taken(word, self);
                if (LeasedLayout.casWord(memory, at, cell, word, mine)) {
                    return taken(cell, mine);
                }
            }
            cell = cell + 1 == permits ? 0 : cell + 1;
        }
        use.checkOpen();
        return NONE;
    }

    private boolean hasFree() {
        for (int cell = 0; cell < permits; cell++) {
            if (LeasedLayout.owner(LeasedLayout.wordVolatile(memory, at, cell)) == 0) {
                return true;
            }
        }
        return false;
    }

    private int taken(int cell, long mine) {
        CrashPoint.reach("leased.taken");
        if (use.isUnusable()) {
            LeasedLayout.casWord(memory, at, cell, mine, LeasedLayout.free(mine));
            use.checkUsable();
        }
        if (hint != cell) {
            hint = cell;
        }
        LeasedLayout.notePlain(memory, at, cell, Thread.currentThread().getId(), CoarseClock.millis());
        return cell;
    }

    private int takeFromDead() {
        DeathCounter deaths = new DeathCounter(region);
        for (int cell = 0; cell < permits; cell++) {
            long word = LeasedLayout.wordVolatile(memory, at, cell);
            int owner = LeasedLayout.owner(word);
            if (owner != self && (owner == 0 || deaths.test(owner))) {
                long mine = LeasedLayout.taken(word, self);
                if (owner == 0
                        ? LeasedLayout.casWord(memory, at, cell, word, mine)
                        : LeasedLayout.casWordOfDead(memory, at, cell, word, mine)) {
                    taken(cell, mine);
                    if (owner != 0) {
                        region.repairQuietly(owner);
                    }
                    return cell;
                }
            }
        }
        use.checkOpen();
        return NONE;
    }

    /** Before a sleep: permits of the dead become free, the living are watched. */
    private void freeOfTheDead() {
        DeathCounter deaths = new DeathCounter(region);
        int last = 0;
        for (int cell = 0; cell < permits; cell++) {
            long word = LeasedLayout.wordVolatile(memory, at, cell);
            int owner = LeasedLayout.owner(word);
            if (owner == 0 || owner == self || owner == last) {
                continue;
            }
            if (deaths.test(owner)) {
                if (LeasedLayout.casWordOfDead(memory, at, cell, word, LeasedLayout.free(word))) {
                    freed();
                }
                region.repairQuietly(owner);
            } else {
                last = owner;
                region.watchOwner(owner);
            }
        }
    }

    /** Gives a permit back; one that was given back or lost already is left alone. */
    public void release(int cell, long word) {
        region.checkReach();
        if (!free(cell, word)) {
            region.checkOpen();
        }
    }

    boolean free(int cell, long word) {
        if (!LeasedLayout.casWord(memory, at, cell, word, LeasedLayout.free(word))) {
            return false;
        }
        freed();
        return true;
    }

    private void freed() {
        CrashPoint.reach("leased.freed");
        word.signal();
    }

    /** Whether the permit is still had as it was taken. */
    public boolean isMine(int cell, long word) {
        return !use.isRemoved() && !region.isClosed() && LeasedLayout.wordVolatile(memory, at, cell) == word;
    }

    /** The next token; for who has a permit. */
    public long nextToken() {
        long token = LeasedLayout.nextToken(memory, at);
        use.checkOpen();
        return token;
    }

    /** How many permits are free, or have a dead owner, at this moment. */
    public int available() {
        DeathCounter deaths = new DeathCounter(region);
        int free = 0;
        for (int cell = 0; cell < permits; cell++) {
            int owner = LeasedLayout.owner(LeasedLayout.wordVolatile(memory, at, cell));
            free += owner == 0 || (owner != self && deaths.test(owner)) ? 1 : 0;
        }
        use.checkOpen();
        return free;
    }

    /** How many permits there are in all. */
    public int permits() {
        return permits;
    }

    /** What it is at this moment, for people. */
    public RegionInfo.NamedObject inspect() {
        return use.inspect();
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
