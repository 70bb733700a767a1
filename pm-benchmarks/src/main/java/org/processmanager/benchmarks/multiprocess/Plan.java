package org.processmanager.benchmarks.multiprocess;

import java.util.concurrent.TimeUnit;

/**
 * Divides the time of a fork into warm-up and measurement.
 *
 * <p>A JVM warms up by operations, not by time: a program with slow operations declares in the parameter {@link
 * #WARM_UP} the number after which it is warm. It then finishes earlier, and the runner distributes the time that is
 * left.
 */
public final class Plan {
    /** Parameter: operations of each variant after which it is warm; if absent, only the time counts. */
    public static final String WARM_UP = "warm-up";

    private static final double WARM_UP_PART =
            0.6; // hundreds of milliseconds in a quick run, as the compiler needs them
    private static final double WARM_UP_PART_OF_COUNTED = 0.75; // more, since it is skipped when it is not needed

    private final long totalNanos;
    private final int warmUpOperations;
    private final double warmUpPart;
    private final int variants;

    private Plan(long totalNanos, int warmUpOperations, int variants) {
        this.totalNanos = totalNanos;
        this.warmUpOperations = warmUpOperations;
        this.warmUpPart = warmUpOperations == Integer.MAX_VALUE ? WARM_UP_PART : WARM_UP_PART_OF_COUNTED;
        this.variants = variants;
    }

    /** @param variants that share the time */
    public static Plan of(Params settings, int variants) {
        return new Plan(
                TimeUnit.MILLISECONDS.toNanos(settings.number("millis")),
                settings.number(WARM_UP, Integer.MAX_VALUE),
                variants);
    }

    /** Starts the warm-up of one variant. */
    public TimeBudget warmUp() {
        return TimeBudget.of(warmUpNanos(), warmUpOperations);
    }

    /** Starts the measurement of one variant. */
    public TimeBudget measuring() {
        return TimeBudget.ofNanos(measureNanos());
    }

    /** Returns the warm-up time of each variant. */
    public long warmUpNanos() {
        return (long) (totalNanos * warmUpPart) / variants;
    }

    /** Returns the measured time of each variant. */
    public long measureNanos() {
        return (long) (totalNanos * (1 - warmUpPart)) / variants;
    }
}
