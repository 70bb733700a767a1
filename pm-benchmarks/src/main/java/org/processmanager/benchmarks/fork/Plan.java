package org.processmanager.benchmarks.fork;

import java.util.concurrent.TimeUnit;

/** How a fork spends its time: a part of it to warm up, the rest measured. */
public final class Plan {
    private static final double WARM_UP = 0.6; // in a quick run some hundred milliseconds, which the compiler needs

    private final long totalNanos;
    private final int variants;

    private Plan(long totalNanos, int variants) {
        this.totalNanos = totalNanos;
        this.variants = variants;
    }

    /** @param variants that share the time */
    public static Plan of(Fields settings, int variants) {
        return new Plan(TimeUnit.MILLISECONDS.toNanos(settings.number("millis")), variants);
    }

    /** For each variant. */
    public long warmUpNanos() {
        return (long) (totalNanos * WARM_UP) / variants;
    }

    /** For each variant. */
    public long measureNanos() {
        return (long) (totalNanos * (1 - WARM_UP)) / variants;
    }
}
