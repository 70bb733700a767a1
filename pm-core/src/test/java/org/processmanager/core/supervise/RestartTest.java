package org.processmanager.core.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RestartTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void delay_doublesUpToTheLongest() {
        Restart restart = Restart.always().backOff(Duration.ofMillis(10), Duration.ofMillis(50));
        assertEquals(Duration.ofMillis(10), restart.delay(0, 0));
        assertEquals(Duration.ofMillis(20), restart.delay(1, 0));
        assertEquals(Duration.ofMillis(40), restart.delay(2, 0));
        assertEquals(Duration.ofMillis(50), restart.delay(3, 0));
        assertEquals(Duration.ofMillis(50), restart.delay(Integer.MAX_VALUE, 0));
        assertEquals(Duration.ZERO, restart.backOff(Duration.ZERO, SECOND).delay(60, 0));
    }

    @Test
    void jitter_shortensTheDelay() {
        Restart restart = Restart.always().backOff(SECOND, SECOND).jitter(0.5);
        assertEquals(Duration.ofMillis(500), restart.delay(0, 1));
        assertEquals(Duration.ofMillis(750), restart.delay(7, 0.5));
        assertEquals(SECOND, restart.jitter(0).delay(0, 1));
    }

    @Test
    void kind_decidesAfterEachEnd() {
        assertTrue(Restart.always().restartsAfter(true) && Restart.always().restartsAfter(false));
        assertTrue(
                !Restart.onFailure().restartsAfter(true) && Restart.onFailure().restartsAfter(false));
        assertFalse(Restart.never().restartsAfter(true) || Restart.never().restartsAfter(false));
    }

    @Test
    void limit_isOptional() {
        assertEquals(OptionalInt.empty(), Restart.onFailure().limit());
        Restart limited = Restart.onFailure().atMost(3, SECOND);
        assertEquals(OptionalInt.of(3), limited.limit());
        assertEquals(limited, Restart.onFailure().atMost(3, SECOND));
        assertEquals("on-failure after 100 ms to 30 s, at most 3 times in 1 s", limited.toString());
    }

    @Test
    void badValues_areRefused() {
        Restart restart = Restart.always();
        assertThrows(IllegalArgumentException.class, () -> restart.backOff(SECOND, Duration.ofMillis(1)));
        assertThrows(IllegalArgumentException.class, () -> restart.backOff(Duration.ofMillis(-1), SECOND));
        assertThrows(IllegalArgumentException.class, () -> restart.backOff(Duration.ZERO, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> restart.jitter(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> restart.jitter(1.1));
        assertThrows(IllegalArgumentException.class, () -> restart.atMost(-1, SECOND));
        assertThrows(IllegalArgumentException.class, () -> restart.atMost(1, Duration.ZERO));
    }
}
