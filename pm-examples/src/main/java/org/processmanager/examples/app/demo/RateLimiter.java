package org.processmanager.examples.app.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Limits the rate of one party to one line in a given time. Its first line is not delayed. */
final class RateLimiter {
    private final long everyNanos;
    private long next;
    private boolean inItem;
    private boolean begun;

    RateLimiter(Duration every) {
        everyNanos = every.toNanos();
    }

    /** Blocks before a piece that begins a line until the time for that line has come. To be called before each piece. */
    void beforePiece(boolean endsItem) throws InterruptedException {
        if (everyNanos == 0) {
            return;
        }
        if (!inItem) {
            long now = System.nanoTime();
            if (begun && next - now > 0) {
                TimeUnit.NANOSECONDS.sleep(next - now);
                now = System.nanoTime();
            }
            next = now + everyNanos;
            begun = true;
        }
        inItem = !endsItem;
    }
}
