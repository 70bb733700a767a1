package org.processmanager.core.internal.util;

import java.time.Duration;

/** Durations as nanoseconds that can be added to {@link System#nanoTime()} without going around its end. */
public final class Nanos {
    /** 73 years: for ever, as processes go. */
    public static final long FOR_EVER = Long.MAX_VALUE / 4;

    private Nanos() {}

    /** The duration, or about a lifetime if it is longer; 0 if it is negative. */
    public static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(Duration.ofNanos(FOR_EVER)) < 0 ? duration.toNanos() : FOR_EVER;
    }
}
