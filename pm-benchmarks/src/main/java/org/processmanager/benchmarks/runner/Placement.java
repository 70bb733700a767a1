package org.processmanager.benchmarks.runner;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How far apart the processors are on which two threads run just now. On a virtual machine it is the host that places them;
 * it changes its mind now and then, and then everything that two parties do together takes another time.
 *
 * <p>Two threads pass a word to and fro for 20 ms. Seen on the machines where this was written: 60 to 130 ns a round trip when
 * near, 470 to 520 when far. The quickest of many stretches counts, so that a thread that had to wait for a processor does not
 * look far.
 */
public final class Placement {
    public static final String NEAR = "near";
    public static final String FAR = "far";

    private static final long FAR_FROM_NANOS = 250;
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int STRETCH = 20; // round trips
    private static final int TRIES = 5; // when the threads got no two processors at the same time
    private static final double NEVER_MET_NANOS = 20_000;
    private static final int THERE = 32;
    private static final int BACK = 64;
    private static final long STOP = -1;

    private final AtomicLongArray words = new AtomicLongArray(96);
    private String last = NEAR;

    /** Probes; tells what the last probe told if there was but one processor to be had. */
    public String probe() {
        for (int i = 0; i < TRIES && Runtime.getRuntime().availableProcessors() > 1; i++) {
            double nanos = roundTripNanos();
            if (nanos < NEVER_MET_NANOS) {
                last = tagOf(nanos);
                break;
            }
        }
        return last;
    }

    static String tagOf(double roundTripNanos) {
        return roundTripNanos < FAR_FROM_NANOS ? NEAR : FAR;
    }

    /** The quickest stretch of a probe. */
    public double roundTripNanos() {
        words.set(THERE, 0);
        words.set(BACK, 0);
        Thread other = new Thread(this::echo, "placement probe");
        other.setDaemon(true);
        other.start();
        double quickest = Double.MAX_VALUE;
        long start = System.nanoTime();
        long now = start;
        for (long word = 0; now - start < PROBE_NANOS; ) {
            long before = System.nanoTime();
            for (int i = 0; i < STRETCH; i++) {
                words.setRelease(THERE, ++word);
                while (words.getAcquire(BACK) != word) {
                    Thread.onSpinWait();
                }
            }
            now = System.nanoTime();
            quickest = Math.min(quickest, (double) (now - before) / STRETCH);
        }
        words.setRelease(THERE, STOP);
        return quickest;
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
