package org.processmanager.sync.internal.latch;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.BroadcastWaiting;
import org.processmanager.sync.internal.wait.Goal;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A count that goes down to 0 by compare-and-set; at 0 it wakes all sleepers.
 *
 * <p>A process that dies between the two delays them by one slice. Crash points: {@code latch.counted} (before the wake-up),
 * {@code latch.flagged} (armed, not asleep), {@code latch.woken}.
 */
public final class LatchCount extends SharedObject {
    private final WakeWord wakeWord;
    private final BroadcastWaiting waiting;
    private final Goal zero = new Zero();

    /** Uses a latch. */
    public LatchCount(Region region, RegionObject object) {
        super(region, object);
        wakeWord = new WakeWord(memory, parking, LatchLayout.wakeWord(offset));
        waiting = new BroadcastWaiting(this, wakeWord, "latch.flagged", "latch.woken");
    }

    /** Returns the current count. */
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

    /** Waits until the count is 0; returns false on timeout. */
    public boolean await(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return zero.attempt() || (!deadline.isOver() && waiting.until(deadline, zero));
    }

    private final class Zero implements Goal {
        @Override
        public boolean attempt() {
            return count() == 0;
        }

        @Override
        public void beforeSleep() {
            // a count has no owner
        }
    }
}
