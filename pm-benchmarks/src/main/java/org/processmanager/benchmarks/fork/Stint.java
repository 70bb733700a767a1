package org.processmanager.benchmarks.fork;

/** How long a loop goes on: for a time, or until it has done enough, whichever comes first; once in any case. */
public final class Stint {
    private final long nanos;
    private final int enough;
    private final long startNanos = System.nanoTime();

    private Stint(long nanos, int enough) {
        this.nanos = nanos;
        this.enough = enough;
    }

    /** Begins now. */
    public static Stint ofNanos(long nanos) {
        return new Stint(nanos, Integer.MAX_VALUE);
    }

    /** Begins now. */
    static Stint of(long nanos, int enough) {
        return new Stint(nanos, enough);
    }

    public boolean goesOn(int done) {
        return done == 0 || done < enough && System.nanoTime() - startNanos < nanos;
    }
}
