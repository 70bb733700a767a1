package org.processmanager.sync.internal.region.park;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The end of a wait on the monotonic clock. Durations do not overflow; negative ones have passed at once. */
public final class Deadline {
    /** The deadline of an unlimited wait. */
    public static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

    /** The deadline of no wait at all. */
    public static final Deadline AT_ONCE = new Deadline(0);

    private final long startNanos = System.nanoTime();
    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** Returns the end of a wait that begins now. */
    public static Deadline after(Duration wait) {
        long nanos = TimeUnit.NANOSECONDS.convert(Objects.requireNonNull(wait, "wait"));
        return nanos == Long.MAX_VALUE ? NEVER : new Deadline(Math.max(0, nanos));
    }

    /** Returns the rest of the wait, 0 if it is over. */
    public long leftNanos() {
        if (nanos == Long.MAX_VALUE) {
            return nanos;
        }
        return Math.max(0, nanos - (System.nanoTime() - startNanos));
    }

    /** Returns whether the wait is over. */
    public boolean isOver() {
        return leftNanos() == 0;
    }
}
