package org.processmanager.benchmarks.multiprocess.message;

import java.util.concurrent.locks.LockSupport;

/** The idle strategy of a worker that finds nothing to do. Not thread-safe. */
public interface Idle {
    /** Waits briefly; longer with every consecutive call. */
    void idle();

    /** Resets the strategy after work was found. */
    default void reset() {}

    /** Returns the strategy of candidates that block. */
    static Idle none() {
        return () -> {
            throw new IllegalStateException("a candidate that blocks returned without a message");
        };
    }

    /** Returns a strategy that polls again at once. */
    static Idle spinning() {
        return Thread::onSpinWait;
    }

    /**
     * Returns our strategy: it pauses briefly between polls, since a receiver that polls right behind the sender
     * takes away its cache line with every message; it yields the processor after many empty polls.
     */
    static Idle easing() {
        return new Easing();
    }

    /**
     * Returns a strategy that spins, then yields, then parks from one microsecond to one millisecond, for candidates
     * without a blocking form.
     */
    static Idle parking() {
        return new Parking();
    }

    /** See {@link #easing()}. */
    final class Easing implements Idle {
        private static final int SPINS = 50;
        private static final int EMPTY_POLLS_UNTIL_YIELD = 20;
        private int emptyPolls;

        private Easing() {}

        @Override
        public void idle() {
            if (++emptyPolls > EMPTY_POLLS_UNTIL_YIELD) {
                Thread.yield();
                return;
            }
            for (int i = 0; i < SPINS; i++) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void reset() {
            emptyPolls = 0;
        }
    }

    /** See {@link #parking()}. */
    final class Parking implements Idle {
        private static final int SPINS = 10;
        private static final int YIELDS = 20;
        private static final long MIN_PARK_NANOS = 1_000;
        private static final long MAX_PARK_NANOS = 1_000_000;
        private int idled;
        private long parkNanos = MIN_PARK_NANOS;

        private Parking() {}

        @Override
        public void idle() {
            idled++;
            if (idled <= SPINS) {
                Thread.onSpinWait();
            } else if (idled <= SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(parkNanos);
                parkNanos = Math.min(2 * parkNanos, MAX_PARK_NANOS);
            }
        }

        @Override
        public void reset() {
            idled = 0;
            parkNanos = MIN_PARK_NANOS;
        }
    }
}
