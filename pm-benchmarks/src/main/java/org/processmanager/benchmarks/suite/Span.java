package org.processmanager.benchmarks.suite;

/**
 * How long a fork measures: a fixed time, or in a quick run whatever fits, up to {@code quickMillis}.
 *
 * @param fixed whether the quick time is fixed too
 */
public record Span(int quickMillis, int fullMillis, boolean fixed) {
    public static final Span ADAPTED = new Span(1_000, 2_500, false);

    /** For operations of a millisecond, of which a JVM needs a thousand to warm up. */
    public static final Span OF_LAUNCHES = new Span(2_500, 5_000, false);

    /** For few operations in much time: a JVM is warm after seconds only. */
    public static final Span OF_ROUND_TRIPS = new Span(1_000, 6_000, false);

    public static Span fixed(int quickMillis, int fullMillis) {
        return new Span(quickMillis, fullMillis, true);
    }
}
