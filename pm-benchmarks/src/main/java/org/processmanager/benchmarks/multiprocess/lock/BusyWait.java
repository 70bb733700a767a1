package org.processmanager.benchmarks.multiprocess.lock;

/** Busy waiting, as a substitute for the work in a critical section. */
final class BusyWait {
    private BusyWait() {}

    /** Spins for {@code nanos} and returns the time at the end. */
    static long spin(long nanos) {
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos) {
            Thread.onSpinWait();
            now = System.nanoTime();
        }
        return now;
    }
}
