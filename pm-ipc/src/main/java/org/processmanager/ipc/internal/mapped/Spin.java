package org.processmanager.ipc.internal.mapped;

/**
 * How long an end looks for the other's next step before it sleeps, and how often.
 *
 * <p>How long: at most 20 us, measured as a time and not in turns; less than a sleep and a wake-up cost. Where looking does
 * not help, since the other end is slow or needs this very processor, it is halved each time, and tried in full now and
 * then. Not at all where there is one processor.
 *
 * <p>How often: a receiver that looks all the time, right behind a busy sender, takes the line of the next record away from
 * it with each look, and both slow down. So where look after look finds a little at once, the pauses between them grow; where
 * a pause found little, as in a round trip, they are as short as can be.
 */
final class Spin {
    private static final long LONGEST_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;
    private static final long SHORTEST_NANOS = 1_000;
    /** Each time that the low bits of the count of waits are 0 the full time is tried. */
    private static final int FULL_MASK = 31;

    private static final int LONGEST_PAUSE = 64;
    /** A pause is too long if it found less than a message per so many turns. */
    private static final int TURNS_PER_MESSAGE = 16;
    /** Looks at once that each found something, after which a longer pause is tried. */
    private static final int STREAK = 4;
    /** How often to look before the clock is asked, which costs as much as several looks. */
    private static final int LOOKS_PER_CLOCK = 8;

    private long nanos = LONGEST_NANOS;
    private int waits;
    private int pause = 1;
    private int streak;
    private int looks;

    /** What there is to look for. */
    interface Look {
        boolean found();
    }

    /** Told how many messages were there, if any were; after waits and between them. */
    void found(int messages) {
        streak = looks <= 1 ? streak + 1 : 0;
        if (pause > 1 && messages < pause / TURNS_PER_MESSAGE) {
            pause = 1;
            streak = 0;
        } else if (streak >= STREAK) {
            pause = Math.min(pause * 4, LONGEST_PAUSE);
            streak = 0;
        }
    }

    /** Looks again and again for a while; whether something was found. */
    boolean await(Look look) {
        looks = 0;
        if (LONGEST_NANOS == 0) {
            return look.found();
        }
        boolean found = lookFor(look, (++waits & FULL_MASK) == 0 ? LONGEST_NANOS : nanos);
        nanos = found ? Math.min(nanos * 2, LONGEST_NANOS) : Math.max(nanos / 2, SHORTEST_NANOS);
        return found;
    }

    private boolean lookFor(Look look, long limit) {
        long start = 0;
        while (true) {
            for (int round = pause == 1 ? LOOKS_PER_CLOCK : 1; round > 0; round--) {
                for (int i = 0; i < pause; i++) {
                    Thread.onSpinWait();
                }
                looks++;
                if (look.found()) {
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
}
