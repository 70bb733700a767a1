package org.processmanager.benchmarks.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UsedTest {
    @Test
    void since_countsWhatCameToItAndKeepsPeaks() {
        Used first = new Used(1.5, 1000, 64, 8);
        assertEquals(new Used(0.5, 200, 96, 9), new Used(2, 1200, 96, 9).since(first));
    }
}
