package org.processmanager.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.examples.sync.PhilosophersExample;
import org.processmanager.fixtures.ClassArchive;
import org.processmanager.fixtures.Scenario;

/** The philosophers, of which one dies at the table. */
@Timeout(180)
class PhilosophersIT {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = System.out;

    @BeforeEach
    void capture() {
        if (ClassArchive.file() != null) {
            System.setProperty(ChildJava.ARCHIVE, ClassArchive.file().toString());
        }
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(out);
    }

    @Test
    @Scenario("waits/10")
    void neighborsOfTheDead_takeItsForksOver() throws Exception {
        PhilosophersExample.main(new String[] {"3"});
        assertEquals(ExamplesPage.output(PhilosophersExample.class), printed.toString(StandardCharsets.UTF_8));
    }
}
