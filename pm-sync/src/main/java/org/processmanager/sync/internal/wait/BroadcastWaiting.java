package org.processmanager.sync.internal.wait;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.core.internal.util.StackSpace;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/**
 * Waits until a goal is reached, where every change wakes all sleepers of a {@link WakeWord}. Unlike {@link Waiting} the threads
 * of a handle do not queue: their goals may differ, and a later one may be reached first.
 *
 * <p>One thread of the handle, the sleeper, sleeps on the word in slices; the others wait for it here. It arms the word under
 * the lock, and a thread that finds a sleeper tries once more under the lock: a change after that changes the armed word, and
 * so the sleeper returns and wakes the others. When it leaves, another one takes its place.
 */
public final class BroadcastWaiting extends SharedObject {
    private static final long LONGEST_NANOS = 1_000_000_000;

    private final WakeWord word;
    private final int purpose;
    private final String flagged;
    private final String woken;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Whether a thread of this handle is the sleeper. Guarded by the lock. */
    private boolean sleeping;

    /**
     * Waits on one word of an object.
     *
     * @param flagged crash point after the word was armed, before the sleep
     * @param woken crash point after a sleep
     */
    public BroadcastWaiting(SharedObject object, WakeWord word, String flagged, String woken) {
        this(object, word, WaitLayout.ACQUIRE, flagged, woken);
    }

    /**
     * Waits on one word of an object.
     *
     * @param purpose of the threads, one of those of {@link WaitLayout}
     * @param flagged crash point after the word was armed, before the sleep
     * @param woken crash point after a sleep
     */
    public BroadcastWaiting(SharedObject object, WakeWord word, int purpose, String flagged, String woken) {
        super(object);
        this.word = word;
        this.purpose = purpose;
        this.flagged = flagged;
        this.woken = woken;
    }

    /** Waits until the goal is reached; returns false on timeout. */
    public boolean until(Deadline deadline, Goal goal) throws InterruptedException {
        return Spin.until(goal::attempt) || untilWithoutSpin(deadline, goal);
    }

    /** As {@link #until}, for threads whose peers need the processor. */
    public boolean untilWithoutSpin(Deadline deadline, Goal goal) throws InterruptedException {
        StackSpace.requireForWait();
        int wait = participants.beginWait(offset, purpose, deadline);
        try {
            return sleepUntil(deadline, goal, wait);
        } finally {
            participants.endWait(offset, wait);
        }
    }

    private boolean sleepUntil(Deadline deadline, Goal goal, int wait) throws InterruptedException {
        Slices slices = parking.slices();
        boolean wasSleeper = false;
        lock.lockInterruptibly();
        try {
            while (true) {
                if (attempt(goal, wait)) {
                    return true;
                }
                if (deadline.isOver() && (sleeping || wasSleeper)) {
                    return false; // else it searches for dead owners first, however late it came here
                }
                if (sleeping) {
                    awaitSleeper(deadline);
                } else {
                    wasSleeper = true;
                    if (sleep(deadline, goal, slices, wait)) {
                        return true;
                    }
                }
            }
        } finally {
            if (wasSleeper) {
                changed.signalAll(); // one of them takes its place
            }
            lock.unlock();
        }
    }

    private boolean attempt(Goal goal, int wait) {
        participants.waits().beginAttempt(wait);
        boolean done = goal.attempt();
        if (!done) {
            participants.waits().endAttempt(wait);
        }
        return done;
    }

    /** Waits for the sleeper to see a change, or to leave; for a limited time, since it may not see one that was undone. */
    private void awaitSleeper(Deadline deadline) throws InterruptedException {
        changed.awaitNanos(Math.min(deadline.leftNanos(), LONGEST_NANOS));
    }

    /**
     * Sleeps for one slice, as the sleeper, without the lock.
     *
     * @return whether the goal was reached instead
     */
    private boolean sleep(Deadline deadline, Goal goal, Slices slices, int wait) throws InterruptedException {
        sleeping = true;
        int armed = word.arm();
        lock.unlock();
        try {
            CrashPoint.reach(flagged);
            if (attempt(goal, wait)) {
                return true; // not attempted again: a reader would enter twice
            }
            handle.checkUsable();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (slices.searchDead(deadline)) {
                goal.searchDead();
            }
            long nanos = slices.nextNanos(deadline);
            if (nanos > 0) {
                word.await(armed, nanos);
                CrashPoint.reach(woken);
            }
            return false;
        } finally {
            lock.lock();
            sleeping = false;
            if (!word.is(armed)) {
                changed.signalAll();
            }
        }
    }
}
