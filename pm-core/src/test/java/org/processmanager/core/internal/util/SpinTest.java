package org.processmanager.core.internal.util;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpinTest {
    private final Spin spin = new Spin();

    @BeforeEach
    void aPeerThatIsAlwaysAhead() {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one processor does not spin");
        assertFalse(spin.pauseIfBusy(), "nothing is known of the peer");
        for (int checks = 0; checks < 10; checks++) {
            spin.found(1);
        }
        assertTrue(spin.pauseIfBusy());
    }

    @Test
    void pauseThatFindsSeveral_stays() {
        spin.found(10);
        assertTrue(spin.pauseIfBusy());
    }

    @Test
    void pauseThatFindsOne_wasTooLong() {
        spin.found(1); // as in a round trip
        assertFalse(spin.pauseIfBusy());
    }

    @Test
    void pauseThatFindsNothing_isTheLastOne() {
        assertFalse(spin.pauseIfBusy());
        spin.found(10);
        assertFalse(spin.pauseIfBusy());
    }

    @Test
    void checkWithoutAPause_doesNotEndPauses() {
        spin.found(10);
        spin.found(1);
        assertTrue(spin.pauseIfBusy());
    }
}
