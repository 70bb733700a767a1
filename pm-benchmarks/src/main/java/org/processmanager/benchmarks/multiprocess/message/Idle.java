package org.processmanager.benchmarks.multiprocess.message;

import java.util.concurrent.locks.LockSupport;

/** What a party does when there was nothing to do. Not for several threads. */
public interface Idle {
    /** Waits a little; longer when called again and again. */
    void idle();

    /** There was something to do. */
    default void reset() {}

    /** For candidates that wait by their own means. */
    static Idle none() {
        return () -> {
            throw new IllegalStateException("a candidate that waits by its own means returned without a message");
        };
    }

    /** Looks again at once. */
    static Idle spinning() {
        return Thread::onSpinWait;
    }

    /**
     * Ours: leaves the other side alone for a moment, since who polls right behind it takes its cache line away at every
     * message; gives up the processor when nothing came for long.
     */
    static Idle easing() {
        return new Easing();
    }

    /** Spins, then yields, then sleeps from one microsecond to one millisecond: for those who cannot wait for each other. */
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
