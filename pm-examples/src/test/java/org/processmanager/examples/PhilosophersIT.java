package org.processmanager.examples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.examples.sync.PhilosophersExample;
import org.processmanager.fixtures.Scenario;

/** The philosophers, of which one dies at the table. */
@Timeout(180)
class PhilosophersIT {
    @RegisterExtension
    final Printed printed = new Printed();

    @Test
    @Scenario("waits/10")
    void neighborsOfTheDead_takeItsForksOver() throws Exception {
        PhilosophersExample.main(new String[] {"3"});
        printed.assertAsOnThePage(PhilosophersExample.class);
    }
}
