package org.processmanager.core.internal.reactor;

import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Nanos;

/** The scheduled actions of an event loop, the earliest first. Confined to the thread of the loop. */
final class Timers {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TreeSet<Timer> pending = new TreeSet<>();
    private long next;

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** Schedules an action to run once, after a delay in nanoseconds. */
    Timer schedule(long nanos, Runnable action) {
        Timer timer = new Timer(System.nanoTime() + Math.min(nanos, Nanos.FOREVER), next++, action);
        pending.add(timer);
        return timer;
    }

    /** Returns the time until the earliest action is due, rounded up; 0 if it is due. There must be one. */
    long millisToFirst() {
        long nanos = pending.first().deadlineNanos - System.nanoTime();
        return Math.max(0, nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }

    /** Removes and returns the earliest action that is due; null if none is. */
    @Nullable
    Runnable pollDue() {
        if (pending.isEmpty() || pending.first().deadlineNanos - System.nanoTime() > 0) {
            return null;
        }
        return pending.pollFirst().action;
    }

    /** A scheduled action. */
    final class Timer implements EventLoop.Timer, Comparable<Timer> {
        private final long deadlineNanos;
        private final long number;
        private final Runnable action;

        private Timer(long deadlineNanos, long number, Runnable action) {
            this.deadlineNanos = deadlineNanos;
            this.number = number;
            this.action = action;
        }

        @Override
        public void cancel() {
            pending.remove(this);
        }

        @Override
        public int compareTo(Timer other) {
            // The difference, not the values: nanoTime may overflow.
            int byTime = Long.signum(deadlineNanos - other.deadlineNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }
}
