package org.processmanager.benchmarks.multiprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ResourceUsageTest {
    @Test
    void since_subtractsTimesAndKeepsPeaks() {
        ResourceUsage first = new ResourceUsage(1.5, 1000, 64, 8);
        assertEquals(new ResourceUsage(0.5, 200, 96, 9), new ResourceUsage(2, 1200, 96, 9).since(first));
    }
}
