package org.processmanager.sync.internal.latch;

import static org.processmanager.sync.internal.latch.OwnedLatchLayout.COUNTED;
import static org.processmanager.sync.internal.latch.OwnedLatchLayout.DEAD;
import static org.processmanager.sync.internal.latch.OwnedLatchLayout.FREE;
import static org.processmanager.sync.internal.latch.OwnedLatchLayout.REGISTERED;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.PartyDiedException;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.VictimLayout;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * A latch with a cell for each party, which names its owner until it has counted down. The count is derived from the cells, so
 * that nothing can disagree with them after a death.
 *
 * <p>Crash points: {@code owned-latch.registered}, {@code owned-latch.counted} (before the wake-up),
 * {@code owned-latch.flagged} (armed, not asleep), {@code owned-latch.woken}.
 */
public final class LatchParties extends Latch {
    private final int parties;
    /** Where to look first for a free cell; a race costs only a few reads. */
    private int hint;

    /** Uses a latch. */
    public LatchParties(Region region, RegionObject object) {
        super(region, object, OwnedLatchLayout.wakeWord(object.offset()), "owned-latch.flagged", "owned-latch.woken");
        parties = object.dimension(0);
    }

    /**
     * Takes a free cell.
     *
     * @return its number
     * @throws IllegalStateException if none is free, or the region is closed
     */
    public int register() {
        long free = OwnedLatchLayout.word(FREE, 0);
        int cell = hint;
        for (int i = 0; i < parties; i++) {
            if (OwnedLatchLayout.wordVolatile(memory, offset, cell) == free
                    && OwnedLatchLayout.casWord(memory, offset, cell, free, OwnedLatchLayout.word(REGISTERED, self))) {
                handle.checkUsable();
                CrashPoint.reach("owned-latch.registered");
                hint = cell;
                return cell;
            }
            cell = cell + 1 == parties ? 0 : cell + 1;
        }
        handle.checkUsable();
        throw new IllegalStateException(
                this + " has its " + parties + " parties already (expected: at most as many as it was opened with)");
    }

    /** Counts down for the party of a cell; returns false if it had counted down or left before. */
    public boolean countDown(int cell) {
        boolean counted = leave(cell, COUNTED);
        if (counted) {
            CrashPoint.reach("owned-latch.counted");
            if (wakeWord.isArmed() && isOpen()) {
                wakeWord.signalAll();
            }
        }
        return counted;
    }

    /** Returns whether all parties have counted down; of two that do so at the same time, at least one finds that. */
    private boolean isOpen() {
        for (int cell = 0; cell < parties; cell++) {
            if (OwnedLatchLayout.state(OwnedLatchLayout.wordVolatile(memory, offset, cell)) != COUNTED) {
                return false;
            }
        }
        return true;
    }

    /** Makes the cell of a party free for another one, unless it has counted down. */
    public void deregister(int cell) {
        leave(cell, FREE);
    }

    private boolean leave(int cell, int state) {
        handle.checkUsable();
        boolean left = OwnedLatchLayout.casWord(
                memory, offset, cell, OwnedLatchLayout.word(REGISTERED, self), OwnedLatchLayout.word(state, 0));
        handle.checkUsable();
        return left;
    }

    /**
     * Returns how many parties have not counted down.
     *
     * @throws PartyDiedException if one died before
     */
    @Override
    public int count() {
        int count = 0;
        for (int cell = 0; cell < parties; cell++) {
            int state = OwnedLatchLayout.state(OwnedLatchLayout.wordVolatile(memory, offset, cell));
            count += state == COUNTED ? 0 : 1;
            if (state == DEAD) {
                handle.checkUsable();
                int victim = OwnedLatchLayout.victim(offset);
                throw new PartyDiedException(
                        this + " cannot open: its party " + VictimLayout.describe(memory, victim)
                                + " died before it counted down",
                        VictimLayout.pidVolatile(memory, victim));
            }
        }
        handle.checkUsable(); // after reading the cells, since closing makes all words 0
        return count;
    }

    @Override
    void searchDead() {
        region.repairDead();
    }
}
