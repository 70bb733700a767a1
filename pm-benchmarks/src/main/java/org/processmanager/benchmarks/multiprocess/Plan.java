package org.processmanager.benchmarks.multiprocess;

import java.util.concurrent.TimeUnit;

/**
 * How a fork spends its time: a part of it to warm up, the rest measured.
 *
 * <p>What a JVM needs to become fast is operations, not time: a program of which an operation takes long says in the field
 * {@link #WARM_UP} after how many it is warm. It then ends sooner, and the runner gives that time to all.
 */
public final class Plan {
    /** Field: operations of each variant after which it is warm; without it, the time tells. */
    public static final String WARM_UP = "warm-up";

    private static final double WARM_UP_PART = 0.6; // hundreds of milliseconds in a quick run: the compiler needs them
    private static final double WARM_UP_PART_OF_COUNTED = 0.75; // more, since it is not taken where it is not needed

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

    /** To warm up one variant; begins now. */
    public TimeBudget warmUp() {
        return TimeBudget.of(warmUpNanos(), warmUpOperations);
    }

    /** To measure one variant; begins now. */
    public TimeBudget measuring() {
        return TimeBudget.ofNanos(measureNanos());
    }

    /** For each variant. */
    public long warmUpNanos() {
        return (long) (totalNanos * warmUpPart) / variants;
    }

    /** For each variant. */
    public long measureNanos() {
        return (long) (totalNanos * (1 - warmUpPart)) / variants;
    }
}
