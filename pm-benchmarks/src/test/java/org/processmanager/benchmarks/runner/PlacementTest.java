package org.processmanager.benchmarks.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {
    @ParameterizedTest
    @CsvSource({"60, near", "130, near", "249, near", "250, far", "510, far"})
    void tagOf_matchesObservedValues(double nanos, String tag) {
        assertEquals(tag, Placement.tagOf(nanos));
    }

    @Test
    void probe_returnsNearOrFar() {
        assertTrue(Set.of(Placement.NEAR, Placement.FAR).contains(new Placement().probe()));
    }
}
