package org.processmanager.sync.internal.wait;

import java.util.concurrent.locks.LockSupport;

/**
 * The time of day to about 10 ms, at the cost of a nanosecond: reading the system clock would cost more than acquiring an
 * uncontended mutex. A thread advances it while it is being read, and sleeps otherwise.
 */
public final class CoarseClock {
    private static final long TICK_NANOS = 10_000_000;

    private static final Ticker TICKER = start();

    private CoarseClock() {}

    /** Returns milliseconds since 1970. */
    public static long millis() {
        long now = TICKER.millis;
        if (now == 0) {
            return TICKER.wakeUp();
        }
        if (!TICKER.read) {
            TICKER.read = true;
        }
        return now;
    }

    private static Ticker start() {
        Ticker ticker = new Ticker();
        ticker.setDaemon(true);
        ticker.start();
        return ticker;
    }

    private static final class Ticker extends Thread {
        /** 0 while the thread sleeps. */
        private volatile long millis;

        private volatile boolean read;

        Ticker() {
            super("pm-clock");
        }

        long wakeUp() {
            LockSupport.unpark(this);
            return System.currentTimeMillis();
        }

        @Override
        public void run() {
            while (true) {
                LockSupport.park(this);
                do {
                    read = false;
                    millis = System.currentTimeMillis();
                    LockSupport.parkNanos(this, TICK_NANOS);
                } while (read);
                millis = 0;
            }
        }
    }
}
