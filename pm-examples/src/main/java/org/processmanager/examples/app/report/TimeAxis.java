package org.processmanager.examples.app.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Places moments between two horizontal coordinates.
 *
 * @param start the moment of the left one
 * @param length the time up to the right one; more than nothing
 * @param left the left coordinate
 * @param right the right one
 */
record TimeAxis(Instant start, Duration length, double left, double right) {
    private static final int MOST_TICKS = 8;
    private static final long[] STEP_MILLIS = {
        1,
        2,
        5,
        10,
        20,
        50,
        100,
        200,
        500,
        1_000,
        2_000,
        5_000,
        10_000,
        15_000,
        30_000,
        60_000,
        120_000,
        300_000,
        600_000,
        900_000,
        1_800_000,
        3_600_000,
        7_200_000,
        21_600_000,
        43_200_000,
        86_400_000
    };

    /** A mark of the axis, and the time since its start. */
    record Tick(double x, String label) {}

    static TimeAxis of(Activity activity, double left, double right) {
        Duration length = activity.length();
        return new TimeAxis(activity.start(), length.isZero() ? Duration.ofMillis(1) : length, left, right);
    }

    double x(Instant moment) {
        double share = (double) Duration.between(start, moment).toNanos() / length.toNanos();
        return left + Math.max(0, Math.min(1, share)) * (right - left);
    }

    List<Tick> ticks() {
        long millis = Math.max(1, length.toMillis());
        long step = STEP_MILLIS[STEP_MILLIS.length - 1];
        for (int i = STEP_MILLIS.length - 1; i >= 0 && millis / STEP_MILLIS[i] <= MOST_TICKS; i--) {
            step = STEP_MILLIS[i];
        }
        while (millis / step > MOST_TICKS) {
            step *= 2;
        }
        List<Tick> ticks = new ArrayList<>();
        for (long at = 0; at <= millis; at += step) {
            ticks.add(new Tick(x(start.plusMillis(at)), label(at)));
        }
        return ticks;
    }

    private static String label(long millis) {
        if (millis == 0) {
            return "0";
        }
        if (millis % 1_000 != 0) {
            return millis < 1_000 ? millis + " ms" : Markup.number(millis / 1e3) + " s";
        }
        long seconds = millis / 1_000;
        if (seconds % 60 != 0) {
            return seconds < 60 ? seconds + " s" : seconds / 60 + " m " + seconds % 60 + " s";
        }
        long minutes = seconds / 60;
        return minutes % 60 != 0 ? minutes + " m" : minutes / 60 + " h";
    }
}
