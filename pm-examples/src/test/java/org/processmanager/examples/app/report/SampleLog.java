package org.processmanager.examples.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.fixtures.Project;

/** A log with every kind of record and of damage, and what is expected to be made of it. */
final class SampleLog {
    private static final Path DIRECTORY = Project.root().resolve("pm-examples/src/test/resources/report");

    private SampleLog() {}

    /** Reads it from a copy: reading takes a lock of the file. */
    static EventLog.Contents read(Path directory) throws IOException {
        Path copy = Files.copy(DIRECTORY.resolve("events.jsonl"), directory.resolve("events.jsonl"));
        return EventLog.at(copy).read();
    }

    /** Compares a text with a file, and keeps a text that differs beside the classes of the tests. */
    static void assertGolden(String file, String actual) throws IOException {
        String expected = Project.read(DIRECTORY.resolve(file));
        if (!expected.equals(actual)) {
            Path kept = Files.createDirectories(Project.root().resolve("pm-examples/target/golden"))
                    .resolve(file);
            Files.writeString(kept, actual);
            assertEquals(expected, actual, "if the new one is meant, after a look at it: cp " + kept + " " + DIRECTORY);
        }
    }
}
