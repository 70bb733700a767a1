package org.processmanager.sync.internal.event;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.BroadcastWaiting;
import org.processmanager.sync.internal.wait.Waiting;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A flag on one word, set and cleared by compare-and-set; with automatic reset, a wait clears it.
 *
 * <p>A process that dies after it has set the flag and before it wakes the sleepers delays them by one slice. Crash points:
 * {@code event.set} (before the wake-up), {@code event.flagged} (armed, not asleep), {@code event.woken}.
 */
public final class EventState extends SharedObject {
    private final boolean autoReset;
    private final WakeWord wakeWord;
    /** With automatic reset. */
    private final Waiting waitingForOne;
    /** Without it: their goals differ, since each waits for the next time that the event is set. */
    private final BroadcastWaiting waitingForAll;

    /** Uses an event, whose shape tells whether it resets itself. */
    public EventState(Region region, RegionObject object) {
        super(region, object);
        autoReset = object.dimension(0) != 0;
        wakeWord = new WakeWord(memory, parking, EventLayout.wakeWord(offset));
        waitingForOne = new Waiting(this, wakeWord, "event.flagged", "event.woken");
        waitingForAll = new BroadcastWaiting(this, wakeWord, "event.flagged", "event.woken");
    }

    public boolean isAutoReset() {
        return autoReset;
    }

    public void set() {
        while (true) {
            handle.checkUsable();
            long word = EventLayout.wordVolatile(memory, offset);
            if (EventLayout.casWord(memory, offset, word, EventLayout.set(word))) {
                break;
            }
        }
        CrashPoint.reach("event.set");
        if (autoReset) {
            wakeWord.signal();
        } else {
            wakeWord.signalAll();
        }
        handle.checkUsable();
    }

    /** Clears the flag; returns whether it was set. */
    public boolean clear() {
        while (true) {
            handle.checkUsable();
            long word = EventLayout.wordVolatile(memory, offset);
            if (!EventLayout.isSet(word)) {
                return false;
            }
            if (EventLayout.casWord(memory, offset, word, EventLayout.cleared(word))) {
                handle.checkUsable();
                return true;
            }
        }
    }

    public boolean isSet() {
        boolean set = EventLayout.isSet(EventLayout.wordVolatile(memory, offset));
        handle.checkUsable();
        return set;
    }

    /** Waits for the flag; returns false on timeout. */
    public boolean await(Deadline deadline) throws InterruptedException {
        return await(deadline, new Occurrence());
    }

    /** Waits for the flag. One wait for all interrupts, so that none hides an event that was set and cleared meanwhile. */
    public void awaitUninterruptibly() {
        Occurrence occurrence = new Occurrence();
        Uninterruptibles.run(() -> await(Deadline.NEVER, occurrence));
    }

    private boolean await(Deadline deadline, Occurrence occurrence) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return occurrence.attempt()
                || (!deadline.isOver()
                        && (autoReset
                                ? waitingForOne.until(deadline, occurrence)
                                : waitingForAll.until(deadline, occurrence)));
    }

    /** The event is set, or was set since the wait began. */
    private final class Occurrence implements Waiting.OneByOne {
        private final long timesBefore = EventLayout.times(EventLayout.wordVolatile(memory, offset));

        @Override
        public boolean attempt() {
            if (autoReset) {
                return clear();
            }
            long word = EventLayout.wordVolatile(memory, offset);
            handle.checkUsable(); // after reading the word, since closing makes all words 0
            return EventLayout.isSet(word) || EventLayout.times(word) != timesBefore;
        }

        @Override
        public boolean isOpen() {
            return EventLayout.isSet(EventLayout.wordVolatile(memory, offset));
        }

        @Override
        public void searchDead() {
            // an event has no owner
        }
    }
}
