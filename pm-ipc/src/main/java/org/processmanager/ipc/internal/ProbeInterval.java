package org.processmanager.ipc.internal;

import java.util.concurrent.TimeUnit;

/**
 * Decides when a caller that polls asks the kernel about its peer or its file: at most every 10 ms, and the clock is read only
 * for the first and every 16th of a series of attempts without success.
 */
public final class ProbeInterval {
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int CLOCK_READING_MASK = 15;

    private long attempts;
    private long lastNanos;

    /** Returns whether this attempt, which had no success, should ask the kernel. */
    public boolean isDue() {
        if ((attempts++ & CLOCK_READING_MASK) != 0) {
            return false;
        }
        long now = System.nanoTime();
        if (now - lastNanos < NANOS) {
            return false;
        }
        lastNanos = now;
        return true;
    }

    /** Ends a series: an attempt had success. */
    public void restart() {
        attempts = 0;
    }
}
