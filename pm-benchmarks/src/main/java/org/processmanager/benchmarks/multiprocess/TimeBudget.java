package org.processmanager.benchmarks.multiprocess;

/** Limits a loop by time and by number of operations, whichever is reached first; at least one operation is allowed. */
public final class TimeBudget {
    private final long nanos;
    private final int operations;
    private final long startNanos = System.nanoTime();

    private TimeBudget(long nanos, int operations) {
        this.nanos = nanos;
        this.operations = operations;
    }

    /** Creates a budget that starts now. */
    public static TimeBudget ofNanos(long nanos) {
        return new TimeBudget(nanos, Integer.MAX_VALUE);
    }

    /** Creates a budget that starts now. */
    static TimeBudget of(long nanos, int operations) {
        return new TimeBudget(nanos, operations);
    }

    public boolean continues(int done) {
        return done == 0 || done < operations && System.nanoTime() - startNanos < nanos;
    }
}
