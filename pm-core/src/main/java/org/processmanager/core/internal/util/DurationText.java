package org.processmanager.core.internal.util;

import java.time.Duration;

/** Durations in messages. */
public final class DurationText {
    private DurationText() {}

    /** Returns whole seconds as {@code 60 s}, others as {@code 250 ms}, rounded down. */
    public static String of(Duration duration) {
        long millis = Nanos.of(duration) / 1_000_000;
        return millis % 1000 == 0 && millis > 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
