package org.processmanager.benchmarks.fork.lock;

/** Waiting that is busy, as the work in a critical section is. */
final class Clock {
    private Clock() {}

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
