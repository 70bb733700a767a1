package org.processmanager.ipc.internal;

import java.util.concurrent.locks.LockSupport;

/** Pauses of growing length between looks at something that nothing announces. Gives up a virtual thread's carrier. */
public final class Backoff {
    private final long firstNanos;
    private final long longestNanos;
    private long nextNanos;

    /** Pauses that double from the first to the longest. */
    public Backoff(long firstNanos, long longestNanos) {
        this.firstNanos = firstNanos;
        this.longestNanos = longestNanos;
        this.nextNanos = firstNanos;
    }

    /**
     * Pauses, at most so long.
     *
     * @throws InterruptedException if interrupted before or while pausing
     */
    public void pause(long atMostNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        LockSupport.parkNanos(Math.min(nextNanos, atMostNanos));
        nextNanos = Math.min(nextNanos * 2, longestNanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Begins anew with the first length. */
    public void reset() {
        nextNanos = firstNanos;
    }
}
