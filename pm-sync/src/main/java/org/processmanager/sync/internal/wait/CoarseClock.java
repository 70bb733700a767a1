package org.processmanager.sync.internal.wait;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Threads;

/**
 * The time of day to about 10 ms, at the cost of a nanosecond: reading the system clock would cost more than acquiring an
 * uncontended mutex. A thread advances it while it is being read, sleeps otherwise, and terminates after a while of that. If no
 * thread can be created, each call reads the system clock.
 */
public final class CoarseClock {
    private static final long TICK_NANOS = 10_000_000;
    private static final long LONGEST_SLEEP_NANOS = 1_000_000_000;

    /** 0 while no thread advances it. */
    private static volatile long now;

    /** Not volatile, as it would cost more: if a write is seen late, the clock stops, and the next call wakes it up. */
    private static boolean read;

    private static @Nullable Thread ticker; // guarded by the class

    private CoarseClock() {}

    /** Returns milliseconds since 1970. */
    public static long millis() {
        long millis = now;
        if (millis == 0) {
            return wakeUp();
        }
        if (!read) {
            read = true;
        }
        return millis;
    }

    /** Starts or wakes the thread that advances the time; returns the time. */
    private static synchronized long wakeUp() {
        read = true;
        long millis = System.currentTimeMillis();
        if (ticker != null) {
            LockSupport.unpark(ticker);
        } else {
            Thread thread = Threads.daemon("pm-clock", new Ticker());
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                return millis; // no thread can be created: the next call tries again
            }
            ticker = thread;
        }
        now = millis; // until the thread runs
        return millis;
    }

    /** Returns whether the clock was read since the last call; if not, the thread that calls it must terminate. */
    private static synchronized boolean isNeeded() {
        if (!read) {
            ticker = null;
        }
        return read;
    }

    private static final class Ticker implements Runnable {
        @Override
        public void run() {
            while (isNeeded()) {
                do {
                    read = false;
                    now = System.currentTimeMillis();
                    LockSupport.parkNanos(CoarseClock.class, TICK_NANOS);
                } while (read);
                now = 0;
                LockSupport.parkNanos(CoarseClock.class, LONGEST_SLEEP_NANOS);
            }
        }
    }
}
