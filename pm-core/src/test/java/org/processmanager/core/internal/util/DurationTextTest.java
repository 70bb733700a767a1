package org.processmanager.core.internal.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationTextTest {
    @Test
    void wholeSeconds_areSeconds() {
        assertEquals("60 s", DurationText.of(Duration.ofMinutes(1)));
        assertEquals("1 s", DurationText.of(Duration.ofMillis(1000)));
        assertEquals("1500 ms", DurationText.of(Duration.ofMillis(1500)));
        assertEquals("0 ms", DurationText.of(Duration.ofNanos(999_999)));
        assertEquals("0 ms", DurationText.of(Duration.ofSeconds(-1)));
    }
}
