package org.processmanager.examples.app.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Holds back one party, so that it does a line in so much time. Its first line goes at once. */
final class RateLimiter {
    private final long everyNanos;
    private long next;
    private boolean inItem;
    private boolean begun;

    RateLimiter(Duration every) {
        everyNanos = every.toNanos();
    }

    /** To be called before each piece: waits if it begins a line and the time for that has not come. */
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
