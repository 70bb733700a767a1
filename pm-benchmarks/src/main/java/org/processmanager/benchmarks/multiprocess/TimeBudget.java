package org.processmanager.benchmarks.multiprocess;

/** How long a loop goes on: for a time, or until it has done enough, whichever comes first; once in any case. */
public final class TimeBudget {
    private final long nanos;
    private final int enough;
    private final long startNanos = System.nanoTime();

    private TimeBudget(long nanos, int enough) {
        this.nanos = nanos;
        this.enough = enough;
    }

    /** Begins now. */
    public static TimeBudget ofNanos(long nanos) {
        return new TimeBudget(nanos, Integer.MAX_VALUE);
    }

    /** Begins now. */
    static TimeBudget of(long nanos, int enough) {
        return new TimeBudget(nanos, enough);
    }

    public boolean continues(int done) {
        return done == 0 || done < enough && System.nanoTime() - startNanos < nanos;
    }
}
