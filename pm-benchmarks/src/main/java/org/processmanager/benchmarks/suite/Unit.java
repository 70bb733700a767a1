package org.processmanager.benchmarks.suite;

/** The unit of the figures of a case, and whether higher values are better. */
public enum Unit {
    NANOSECONDS("ns", false),
    MICROSECONDS("us", false),
    MILLISECONDS("ms", false),
    PERCENT_OF_ONE_CPU("%cpu", false),
    PER_SECOND("1/s", true),
    MILLIONS_PER_SECOND("M/s", true);

    private final String symbol;
    private final boolean moreIsBetter;

    Unit(String symbol, boolean moreIsBetter) {
        this.symbol = symbol;
        this.moreIsBetter = moreIsBetter;
    }

    public String symbol() {
        return symbol;
    }

    public boolean moreIsBetter() {
        return moreIsBetter;
    }

    /** Returns whether figures are durations. */
    public boolean isTime() {
        return this == NANOSECONDS || this == MICROSECONDS || this == MILLISECONDS;
    }

    /** Returns the ratio by which our figure is better than the other one. */
    public double advantage(double ours, double theirs) {
        return moreIsBetter ? ours / theirs : theirs / ours;
    }
}
