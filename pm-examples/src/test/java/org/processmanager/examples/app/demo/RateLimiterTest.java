package org.processmanager.examples.app.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    @Test
    void lines_comeAtTheirRateTheFirstAtOnce() throws Exception {
        RateLimiter pace = new RateLimiter(Duration.ofMillis(50));
        long begin = System.nanoTime();
        for (int line = 0; line < 4; line++) {
            pace.beforePiece(false);
            pace.beforePiece(true); // pieces of one line wait for nothing
        }
        long passed = System.nanoTime() - begin;
        assertTrue(passed >= 150_000_000, () -> passed + " ns");
    }

    @Test
    void nothing_isHeldBackWithoutARate() throws Exception {
        RateLimiter pace = new RateLimiter(Duration.ZERO);
        for (int line = 0; line < 100_000; line++) {
            pace.beforePiece(true);
        }
    }
}
