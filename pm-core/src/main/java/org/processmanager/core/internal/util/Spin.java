package org.processmanager.core.internal.util;

/** Busy waiting before a thread blocks, for about as long as blocking and waking up would take. */
public final class Spin {
    /** 0 on one processor, where no other thread can run meanwhile. */
    private static final long NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;

    private static final int ATTEMPTS_PER_CLOCK_READING = 16;

    private Spin() {}

    /** Tries until the attempt succeeds or 20 microseconds have passed; returns whether it succeeded. */
    public static boolean until(Attempt attempt) {
        if (NANOS == 0) {
            return false;
        }
        long start = System.nanoTime();
        do {
            for (int i = 0; i < ATTEMPTS_PER_CLOCK_READING; i++) {
                if (attempt.succeeds()) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < NANOS);
        return false;
    }

    /** An operation that may succeed when it is tried again. */
    @FunctionalInterface
    public interface Attempt {
        boolean succeeds();
    }
}
