package org.processmanager.benchmarks.suite;

/**
 * The time that a fork measures: fixed, or in a quick run as much as fits, up to {@code quickMillis}.
 *
 * @param fixed whether the time of a quick run is fixed too
 */
public record MeasureTime(int quickMillis, int fullMillis, boolean fixed) {
    public static final MeasureTime ADAPTED = new MeasureTime(1_000, 2_500, false);

    /** For operations of about a millisecond, of which a JVM needs a thousand to warm up. */
    public static final MeasureTime OF_LAUNCHES = new MeasureTime(2_500, 5_000, false);

    /** For few operations per second: a JVM takes seconds to warm up. */
    public static final MeasureTime OF_ROUND_TRIPS = new MeasureTime(1_000, 6_000, false);

    public static MeasureTime fixed(int quickMillis, int fullMillis) {
        return new MeasureTime(quickMillis, fullMillis, true);
    }
}
