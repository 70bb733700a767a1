package org.processmanager.sync.internal.wait;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.core.internal.util.StackSpace;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/**
 * Waits until an attempt succeeds, which other threads and processes make possible and announce on a {@link WakeWord}.
 *
 * <p>A thread spins for a moment and then queues within this handle; the first of the queue arms the word, tries again and
 * sleeps, in slices. A thread that has slept and leaves, for whatever reason, arms and signals the word: it may have consumed
 * the only wake-up of a word on which others still sleep. Before each sleep but the first it repairs what dead participants own.
 * If a woken process dies, the next slice of the others makes up for the lost wake-up.
 */
public final class Waiting extends SharedObject {
    /** A goal that one waiter reaches at a time. */
    public interface OneByOne extends Goal {
        /** Returns whether another waiter would succeed now. */
        boolean isOpen();
    }

    private final WakeWord word;
    private final String flagged;
    private final String woken;
    private final LocalQueue queue = new LocalQueue();

    /**
     * Waits on one word of an object.
     *
     * @param flagged crash point after the word was armed, before the sleep
     * @param woken crash point after a sleep
     */
    public Waiting(SharedObject object, WakeWord word, String flagged, String woken) {
        super(object);
        this.word = word;
        this.flagged = flagged;
        this.woken = woken;
    }

    /** Waits until the attempt succeeds; returns false on timeout. */
    public boolean until(Deadline deadline, OneByOne goal) throws InterruptedException {
        if (Spin.until(goal::attempt)) {
            return true;
        }
        StackSpace.requireForWait();
        int wait = participants.beginWait(offset, WaitLayout.ACQUIRE, deadline);
        try {
            if (!queue.enter(deadline)) {
                return false;
            }
            try {
                return untilAsHead(deadline, goal);
            } finally {
                queue.leave();
            }
        } finally {
            participants.endWait(offset, wait);
        }
    }

    private boolean untilAsHead(Deadline deadline, OneByOne goal) throws InterruptedException {
        Slices slices = parking.slices();
        boolean slept = false;
        boolean done = false;
        try {
            while (true) {
                done = goal.attempt();
                if (done) {
                    return true;
                }
                int armed = word.arm();
                CrashPoint.reach(flagged);
                done = goal.attempt();
                if (done) {
                    return true;
                }
                handle.checkUsable();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (slices.searchDead(deadline)) {
                    goal.searchDead();
                }
                long nanos = slices.nextNanos(deadline);
                if (nanos <= 0) {
                    done = goal.attempt(); // the search may have repaired what it waits for
                    return done;
                }
                word.await(armed, nanos);
                slept = true;
                CrashPoint.reach(woken);
            }
        } finally {
            if (slept && !region.isClosed()) {
                word.arm();
                if (!done || goal.isOpen()) {
                    word.signal();
                }
            }
        }
    }
}
