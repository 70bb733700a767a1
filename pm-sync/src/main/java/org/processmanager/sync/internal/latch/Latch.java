package org.processmanager.sync.internal.latch;

import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.BroadcastWaiting;
import org.processmanager.sync.internal.wait.Goal;
import org.processmanager.sync.internal.wait.WakeWord;

/** What threads wait for until its count is 0, whether or not it knows the parties that lower it. */
public abstract class Latch extends SharedObject {
    /** To be signalled when the count has become 0. */
    final WakeWord wakeWord;

    private final BroadcastWaiting waiting;
    private final Goal open = new Open();

    /**
     * A latch.
     *
     * @param wakeWordAt the offset of its wake word
     * @param flagged crash point after the word was armed, before the sleep
     * @param woken crash point after a sleep
     */
    Latch(Region region, RegionObject object, int wakeWordAt, String flagged, String woken) {
        super(region, object);
        wakeWord = new WakeWord(memory, parking, wakeWordAt);
        waiting = new BroadcastWaiting(this, wakeWord, flagged, woken);
    }

    /** Returns the current count; throws if it can no longer become 0. */
    public abstract int count();

    /** Repairs what dead participants own, if anything. */
    abstract void searchDead();

    /** Waits until the count is 0; returns false on timeout. */
    public final boolean await(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return open.attempt() || (!deadline.isOver() && waiting.until(deadline, open));
    }

    private final class Open implements Goal {
        @Override
        public boolean attempt() {
            return count() == 0;
        }

        @Override
        public void searchDead() {
            Latch.this.searchDead();
        }
    }
}
