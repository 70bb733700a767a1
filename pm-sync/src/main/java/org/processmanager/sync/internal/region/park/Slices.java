package org.processmanager.sync.internal.region.park;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a waiting thread sleeps at a time: 10 ms doubling to 100 ms, each up to a quarter shorter at random, so that many
 * threads do not wake together. After each slice the thread checks its word and the owner again, so no wait depends on the
 * wake-up of a process that may die. 1 ms where a participant cannot wake this thread; a polling thread needs no wake-up.
 */
public final class Slices {
    private static final long FIRST_NANOS = 10_000_000;
    private static final long LONGEST_NANOS = 100_000_000;
    private static final long AMONG_POLLERS_NANOS = 1_000_000;

    private final Parking parking;
    private long nanos = FIRST_NANOS;

    /** For one wait. */
    Slices(Parking parking) {
        this.parking = parking;
    }

    /**
     * Returns whether the next sleep is to be preceded by a search for dead participants: all but the first one, unless the wait
     * may end with that. The search costs a system call for each participant, more than the sleep of a thread that is soon woken.
     */
    public boolean searchDead(Deadline deadline) {
        return nanos > FIRST_NANOS || deadline.leftNanos() <= FIRST_NANOS;
    }

    /** Returns the next slice, at most the rest of the wait. */
    public long nextNanos(Deadline deadline) {
        long full = parking.isNative() && parking.hasPollers() ? AMONG_POLLERS_NANOS : nanos;
        nanos = Math.min(nanos * 2, LONGEST_NANOS);
        long slice = full - ThreadLocalRandom.current().nextLong(full / 4);
        return Math.min(slice, deadline.leftNanos());
    }
}
