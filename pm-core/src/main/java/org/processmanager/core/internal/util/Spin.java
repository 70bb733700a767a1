package org.processmanager.core.internal.util;

/** Looking again before going to sleep, for about as long as a sleep and a wake-up would take. */
public final class Spin {
    /** None on one processor, where nobody could change the word meanwhile. */
    private static final long NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;

    private static final int LOOKS_PER_CLOCK_READING = 16;

    private Spin() {}

    /** Tries until it succeeds or the time is over. */
    public static boolean until(Attempt attempt) {
        if (NANOS == 0) {
            return false;
        }
        long start = System.nanoTime();
        do {
            for (int i = 0; i < LOOKS_PER_CLOCK_READING; i++) {
                if (attempt.succeeds()) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < NANOS);
        return false;
    }

    /** Something that may work the next time. */
    @FunctionalInterface
    public interface Attempt {
        boolean succeeds();
    }
}
