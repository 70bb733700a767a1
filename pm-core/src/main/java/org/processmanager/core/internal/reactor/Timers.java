package org.processmanager.core.internal.reactor;

import java.util.TreeSet;
import java.util.function.Consumer;
import org.processmanager.core.internal.util.Nanos;

/** What an event loop has to do at a time of the monotonic clock, the earliest first. Of the loop's thread alone. */
final class Timers {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TreeSet<Timer> pending = new TreeSet<>();
    private long next;

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** Has an action run once, after that time. */
    Timer schedule(long nanos, Runnable action) {
        Timer timer = new Timer(System.nanoTime() + Math.min(nanos, Nanos.FOREVER), next++, action);
        pending.add(timer);
        return timer;
    }

    /** How long until the earliest is due, rounded up; 0 if it is. There must be one. */
    long millisToFirst() {
        long nanos = pending.first().deadlineNanos - System.nanoTime();
        return Math.max(0, nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }

    /** Gives away the actions that are due, in their order, and those that become due meanwhile. */
    void fire(Consumer<Runnable> runner) {
        while (!pending.isEmpty() && pending.first().deadlineNanos - System.nanoTime() <= 0) {
            runner.accept(pending.pollFirst().action);
        }
    }

    /** An action that waits for its time. */
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
