package org.processmanager.sync.internal.value;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.BroadcastWaiting;
import org.processmanager.sync.internal.wait.Goal;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * An object whose users wait until a number of it changes: its value, or its version.
 *
 * <p>A change costs one read of the wake word if no thread waits. Either that read sees WAITERS, or the waiter, which has set
 * it, sees the change, if there is a full fence between the change and the read; every atomic update has one. After a store of
 * a weaker order, and after a death between the change and the wake-up, a waiter may sleep to the end of its slice.
 *
 * <p>Crash points: {@code value.changed} (before the wake-up), {@code value.flagged} (armed, not asleep), {@code value.woken}.
 */
public abstract class Changeable extends SharedObject {
    private final int wakeWordOffset;
    private final WakeWord wakeWord;
    private final BroadcastWaiting waiting;

    Changeable(Region region, RegionObject object, int wakeWordOffset) {
        super(region, object);
        this.wakeWordOffset = wakeWordOffset;
        wakeWord = new WakeWord(memory, parking, wakeWordOffset);
        waiting = new BroadcastWaiting(this, wakeWord, "value.flagged", "value.woken");
    }

    /** Returns the number that threads compare; any number if the handle is closed. */
    abstract long current();

    /** After a change: wakes the waiting threads, if any. Throws if the region is closed or the object was removed. */
    public final void changed() {
        CrashPoint.reach("value.changed");
        if (Words.intVolatile(memory, wakeWordOffset) < 0) {
            wakeWord.signalAll();
        }
        handle.checkOpen();
    }

    /** Waits until the number differs from {@code old}; returns it, or {@code old} on timeout. */
    public final long awaitChange(long old, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Change change = new Change(old);
        if (!change.attempt() && !deadline.isOver()) {
            waiting.until(deadline, change);
        }
        return change.number;
    }

    /** Waits until the number differs from {@code old}; returns it. */
    public final long awaitChangeUninterruptibly(long old) {
        long[] number = new long[1];
        Uninterruptibles.run(() -> number[0] = awaitChange(old, Deadline.NEVER));
        return number[0];
    }

    /** The number differs from an old one. */
    private final class Change implements Goal {
        private final long old;
        private long number;

        Change(long old) {
            this.old = old;
        }

        @Override
        public boolean attempt() {
            number = current();
            handle.checkUsable(); // after reading the number, since closing makes all words 0
            return number != old;
        }

        @Override
        public void searchDead() {
            // a value has no owner
        }
    }
}
