package org.processmanager.ipc.internal;

import java.util.concurrent.locks.LockSupport;

/** Pauses of growing length between checks of a condition that nothing signals. Releases the carrier of a virtual thread. */
public final class Backoff {
    private final long longestNanos;
    private long nextNanos;

    /** Creates pauses that double from the first to the longest. */
    public Backoff(long firstNanos, long longestNanos) {
        this.longestNanos = longestNanos;
        this.nextNanos = firstNanos;
    }

    /**
     * Pauses.
     *
     * @param atMostNanos limits this pause
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
}
