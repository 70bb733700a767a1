package org.processmanager.sync.internal.region.park;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long one thread sleeps at a time while it waits: 10 ms doubling to 100 ms, each up to a quarter shorter at random so
 * that many do not wake together. After each slice the sleeper looks at its word and at the owner again: no wait depends on
 * a wake-up that a dying process may owe. 1 ms where a participant cannot wake this sleeper; who polls wakes by itself.
 */
public final class Slices {
    private static final long FIRST_NANOS = 10_000_000;
    private static final long LONGEST_NANOS = 100_000_000;
    private static final long AMONG_POLLERS_NANOS = 1_000_000;

    private final Parking parking;
    private long nanos = FIRST_NANOS;

    /** Slices of one wait. */
    Slices(Parking parking) {
        this.parking = parking;
    }

    /** The next slice, never longer than what is left of the wait. */
    public long nextNanos(Deadline deadline) {
        long full = parking.isNative() && parking.hasPollers() ? AMONG_POLLERS_NANOS : nanos;
        nanos = Math.min(nanos * 2, LONGEST_NANOS);
        long slice = full - ThreadLocalRandom.current().nextLong(full / 4);
        return Math.min(slice, deadline.leftNanos());
    }
}
