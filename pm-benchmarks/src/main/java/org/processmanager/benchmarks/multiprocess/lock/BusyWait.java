package org.processmanager.benchmarks.multiprocess.lock;

/** Waiting that is busy, as the work in a critical section is. */
final class BusyWait {
    private BusyWait() {}

    /** @return the time at its end */
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
