package org.processmanager.core.internal.util;

import java.time.Duration;

/** Durations in nanoseconds that can be added to {@link System#nanoTime()} without overflow. */
public final class Nanos {
    /** 73 years: no process lives longer. */
    public static final long FOREVER = Long.MAX_VALUE / 4;

    private Nanos() {}

    /** Returns a duration in nanoseconds: 0 if it is negative, at most {@link #FOREVER}. */
    public static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(Duration.ofNanos(FOREVER)) < 0 ? duration.toNanos() : FOREVER;
    }
}
