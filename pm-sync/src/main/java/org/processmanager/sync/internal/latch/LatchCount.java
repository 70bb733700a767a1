package org.processmanager.sync.internal.latch;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * A count that goes down to 0 by compare-and-set; at 0 it wakes all sleepers.
 *
 * <p>A process that dies between the two delays them by one slice. Crash points: {@code latch.counted} (before the wake-up),
 * {@code latch.flagged} (armed, not asleep), {@code latch.woken}.
 */
public final class LatchCount extends Latch {
    /** Uses a latch. */
    public LatchCount(Region region, RegionObject object) {
        super(region, object, LatchLayout.wakeWord(object.offset()), "latch.flagged", "latch.woken");
    }

    @Override
    public int count() {
        int count = LatchLayout.countVolatile(memory, offset);
        handle.checkUsable(); // after reading the count, since closing makes all words 0
        return count;
    }

    /** Lowers the count by 1; does nothing at 0. */
    public void countDown() {
        int count;
        do {
            count = count();
            if (count == 0) {
                return;
            }
        } while (!LatchLayout.casCount(memory, offset, count, count - 1));
        CrashPoint.reach("latch.counted");
        if (count == 1) {
            wakeWord.signalAll();
        }
        handle.checkUsable();
    }

    @Override
    void searchDead() {
        // a count has no owner
    }
}
