package org.processmanager.benchmarks.runner;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Measures the distance of the processors that two threads currently run on. On a virtual machine the host places the
 * processors and may move them, which changes every latency between two threads.
 *
 * <p>Two threads pass a word back and forth for 20 ms. Observed values: 60 to 130 ns a round trip when near, 470 to
 * 520 ns when far. The fastest of many batches counts, so that a thread that had to wait for a processor does not
 * appear far.
 */
public final class Placement {
    public static final String NEAR = "near";
    public static final String FAR = "far";

    private static final long FAR_FROM_NANOS = 250;
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int BATCH = 20; // round trips
    private static final int TRIES = 5; // if the threads did not run on two processors at the same time
    private static final double NOT_PARALLEL_NANOS = 20_000;
    private static final int THERE = 32;
    private static final int BACK = 64;
    private static final long STOP = -1;

    private final AtomicLongArray words = new AtomicLongArray(96);
    private String last = NEAR;

    /** Measures and returns the tag; returns the previous tag if only one processor was available. */
    public String probe() {
        for (int i = 0; i < TRIES && Runtime.getRuntime().availableProcessors() > 1; i++) {
            double nanos = roundTripNanos();
            if (nanos < NOT_PARALLEL_NANOS) {
                last = tagOf(nanos);
                break;
            }
        }
        return last;
    }

    static String tagOf(double roundTripNanos) {
        return roundTripNanos < FAR_FROM_NANOS ? NEAR : FAR;
    }

    /** Returns the round trip of the fastest batch, in nanoseconds. */
    public double roundTripNanos() {
        words.set(THERE, 0);
        words.set(BACK, 0);
        Thread other = new Thread(this::echo, "placement probe");
        other.setDaemon(true);
        other.start();
        double fastest = Double.MAX_VALUE;
        long start = System.nanoTime();
        long now = start;
        for (long word = 0; now - start < PROBE_NANOS; ) {
            long before = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                words.setRelease(THERE, ++word);
                while (words.getAcquire(BACK) != word) {
                    Thread.onSpinWait();
                }
            }
            now = System.nanoTime();
            fastest = Math.min(fastest, (double) (now - before) / BATCH);
        }
        words.setRelease(THERE, STOP);
        return fastest;
    }

    private void echo() {
        long last = 0;
        while (last != STOP) {
            long word = words.getAcquire(THERE);
            if (word == last) {
                Thread.onSpinWait();
            } else {
                words.setRelease(BACK, word);
                last = word;
            }
        }
    }
}
