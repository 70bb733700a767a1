package org.processmanager.ipc.internal.mapped;

/**
 * How long an end looks for the other's next step before it sleeps, and how often.
 *
 * <p>The length is a time and not a number of turns: 20 us, less than a sleep and a wake-up cost, and none where there is
 * one processor. How often: a receiver that looks all the time, right behind a busy sender, takes the line of the next
 * record away from it with each look, and both slow down. So where every look finds a little, the pauses between looks grow;
 * where a pause found a single message, as in a round trip, they are as short as can be.
 */
final class Spin {
    private static final long NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;
    private static final int LONGEST_PAUSE = 64;
    /** Looks at once that each found something, after which a longer pause is tried. */
    private static final int STREAK = 4;

    private int pause = 1;
    private int streak;
    private int looks;

    /** What a look found; called with the number of messages before each wait. */
    void found(int messages) {
        if (looks <= 1 && messages > 0) {
            streak++;
        } else {
            streak = 0;
        }
        if (pause > 1 && messages < pause / 16) {
            pause = 1;
            streak = 0;
        } else if (streak >= STREAK) {
            pause = Math.min(pause * 4, LONGEST_PAUSE);
            streak = 0;
        }
    }

    interface Look {
        boolean found();
    }

    /** Looks again and again for a while; whether something was found. */
    boolean await(Look look) {
        looks = 0;
        if (NANOS == 0) {
            return look.found();
        }
        // The clock costs as much as several looks, so it is not asked at first, and then seldom.
        long start = 0;
        while (true) {
            for (int round = pause == 1 ? 8 : 1; round > 0; round--) {
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
            } else if (now - start >= NANOS) {
                return false;
            }
        }
    }
}
