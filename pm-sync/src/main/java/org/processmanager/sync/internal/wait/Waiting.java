package org.processmanager.sync.internal.wait;

import java.util.function.BooleanSupplier;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/**
 * Waiting until an attempt succeeds that others make possible, who signal a {@link WakeWord}.
 *
 * <p>Who fails spins for a moment and queues within this handle; the first of the queue arms the word, tries once more and
 * sleeps, in slices. Who has slept and leaves, for whatever reason, arms and signals: it may have taken the one wake-up of a
 * word on which others sleep still. Before each sleep it asks for the dead; one that is woken and dies is made good for by
 * the next slice of the others.
 */
public final class Waiting {
    private final Region region;
    private final ObjectHandle use;
    private final int object;
    private final WakeWord word;
    private final String flagged;
    private final String woken;
    private final LocalQueue queue = new LocalQueue();

    /**
     * For one word of an object.
     *
     * @param flagged crash point after it was armed, not asleep
     * @param woken crash point after a sleep
     */
    public Waiting(Region region, ObjectHandle use, int object, WakeWord word, String flagged, String woken) {
        this.region = region;
        this.use = use;
        this.object = object;
        this.word = word;
        this.flagged = flagged;
        this.woken = woken;
    }

    /**
     * Waits until the attempt succeeds; false if the time was over before.
     *
     * @param attempt without side effects unless it succeeds
     * @param more whether another waiter would succeed now
     * @param beforeSleep looks for the dead, and watches the living
     */
    public boolean until(Deadline deadline, BooleanSupplier attempt, BooleanSupplier more, Runnable beforeSleep)
            throws InterruptedException {
        if (Spin.until(attempt::getAsBoolean)) {
            return true;
        }
        region.participants().beginWait(object);
        try {
            if (!queue.enter(deadline)) {
                return false;
            }
            try {
                return untilAsHead(deadline, attempt, more, beforeSleep);
            } finally {
                queue.leave();
            }
        } finally {
            region.participants().endWait(object);
        }
    }

    private boolean untilAsHead(Deadline deadline, BooleanSupplier attempt, BooleanSupplier more, Runnable beforeSleep)
            throws InterruptedException {
        Slices slices = region.parking().slices();
        boolean slept = false;
        boolean done = false;
        try {
            while (true) {
                done = attempt.getAsBoolean();
                if (done) {
                    return true;
                }
                int armed = word.arm();
                CrashPoint.reach(flagged);
                done = attempt.getAsBoolean();
                if (done) {
                    return true;
                }
                use.checkUsable();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                beforeSleep.run();
                long nanos = slices.nextNanos(deadline);
                if (nanos <= 0) {
                    return false;
                }
                word.await(armed, nanos);
                slept = true;
                CrashPoint.reach(woken);
            }
        } finally {
            if (slept && !region.isClosed()) {
                word.arm();
                if (!done || more.getAsBoolean()) {
                    word.signal();
                }
            }
        }
    }
}
