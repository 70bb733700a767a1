package org.processmanager.core.internal.util;

/**
 * Checks a condition for a short time before the caller goes to sleep. Not thread-safe: an object belongs to one waiter and
 * adapts to its peer.
 *
 * <p>How long: at most 20 us and a pause, which is less than a sleep and a wake-up cost. If spinning does not help, because the
 * peer is slow or needs this very processor, the time is halved for each wait, and the full time is tried now and then. With
 * one processor it does not spin.
 *
 * <p>How often: a receiver that checks all the time, right behind a busy sender, takes the cache line of the next record away
 * from it each time, and both become slow. So if check after check finds a little at once, the pauses between them grow; if a
 * pause found little, as in a round trip, or nothing, they become as short as possible.
 */
public final class Spin {
    private static final long LONGEST_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;
    private static final long SHORTEST_NANOS = 1_000;
    /** The full time is tried whenever these bits of the count of waits are 0. */
    private static final int FULL_TIME_MASK = 31;

    private static final int LONGEST_PAUSE = 256;
    /** A pause is too long if it found one message alone, or not more than one per so many turns of it. */
    private static final int TURNS_PER_MESSAGE = 16;
    /** So many immediate checks that succeed make the pause longer, if they find enough for that. */
    private static final int STREAK = 4;
    /** Checks between two readings of the clock, each of which costs as much as several checks. */
    private static final int CHECKS_PER_CLOCK_READING = 8;

    private long nanos = LONGEST_NANOS;
    private int waits;
    private int pause = 1;
    private int streak;
    private int checks;

    /** What the caller waits for. */
    @FunctionalInterface
    public interface Condition {
        /** Returns whether it holds now; checked again and again. */
        boolean holds();
    }

    /** Creates a spinner for one waiter. */
    public Spin() {}

    /** Checks a condition for the full time; for waits that have nothing to learn from each other. */
    public static boolean until(Condition condition) {
        return LONGEST_NANOS > 0 && new Spin().await(condition);
    }

    /** Reports how many messages a check found, if any; after waits and between them. */
    public void found(int messages) {
        streak = checks <= 1 ? streak + 1 : 0;
        int longer = Math.min(pause * 4, LONGEST_PAUSE);
        if (pause > 1 && checks > 0 && messages <= Math.max(1, pause / TURNS_PER_MESSAGE)) {
            pause = 1;
            streak = 0;
        } else if (streak >= STREAK && messages >= longer / TURNS_PER_MESSAGE) {
            pause = longer;
            streak = 0;
        }
        checks = 0;
    }

    /**
     * For a caller that checks by itself, after a check that found nothing: lets a busy peer run ahead for a pause.
     *
     * @return whether it paused, so that checking again at once makes sense
     */
    public boolean pauseIfBusy() {
        checks++;
        if (pause == 1 || LONGEST_NANOS == 0) {
            return false;
        }
        if (checks > 1) { // the last pause found nothing: the peer is not busy
            pause = 1;
            streak = 0;
            return false;
        }
        pauseOnce();
        return true;
    }

    /** Checks a condition for a while; returns whether it held. */
    public boolean await(Condition condition) {
        checks = 0;
        if (LONGEST_NANOS == 0) {
            return condition.holds();
        }
        boolean found = spin(condition, (++waits & FULL_TIME_MASK) == 0 ? LONGEST_NANOS : nanos);
        nanos = found ? Math.min(nanos * 2, LONGEST_NANOS) : Math.max(nanos / 2, SHORTEST_NANOS);
        return found;
    }

    private boolean spin(Condition condition, long limit) {
        long start = 0;
        while (true) {
            for (int round = pause == 1 ? CHECKS_PER_CLOCK_READING : 1; round > 0; round--) {
                pauseOnce();
                checks++;
                if (condition.holds()) {
                    return true;
                }
            }
            long now = System.nanoTime();
            if (start == 0) {
                start = now;
            } else if (now - start >= limit) {
                return false;
            }
        }
    }

    private void pauseOnce() {
        for (int i = 0; i < pause; i++) {
            Thread.onSpinWait();
        }
    }
}
