package org.processmanager.benchmarks.suite;

/**
 * How long a fork measures: a fixed time, or in a quick run whatever fits, up to {@code quickMillis}.
 *
 * @param fixed whether the quick time is fixed too
 */
public record MeasureTime(int quickMillis, int fullMillis, boolean fixed) {
    public static final MeasureTime ADAPTED = new MeasureTime(1_000, 2_500, false);

    /** For operations of a millisecond, of which a JVM needs a thousand to warm up. */
    public static final MeasureTime OF_LAUNCHES = new MeasureTime(2_500, 5_000, false);

    /** For few operations in much time: a JVM is warm after seconds only. */
    public static final MeasureTime OF_ROUND_TRIPS = new MeasureTime(1_000, 6_000, false);

    public static MeasureTime fixed(int quickMillis, int fullMillis) {
        return new MeasureTime(quickMillis, fullMillis, true);
    }
}
