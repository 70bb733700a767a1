package org.processmanager.examples.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord;
import org.processmanager.fixtures.Scenario;
import org.processmanager.ipc.Endpoint;

class JournalTest {
    @TempDir
    Path directory;

    @Test
    @Scenario("event-log/4")
    void fullDisk_costsOneLineAndIsCounted() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicReference<Path> file = new AtomicReference<>(Path.of("/dev/full"));
        Journal journal = new Journal(
                Terminal.of(
                        new ByteArrayInputStream(new byte[0]),
                        new ByteArrayOutputStream(),
                        new PrintStream(err, true, UTF_8)),
                file::get);
        for (int i = 0; i < 3; i++) {
            journal.sent(Endpoint.parse("mapped:jobs"), i);
        }
        assertEquals(1, err.toString(UTF_8).lines().count(), err::toString);
        assertTrue(err.toString(UTF_8).contains("No space left"), err::toString);
        file.set(directory.resolve("log"));
        journal.sent(Endpoint.parse("mapped:jobs"), 3);
        journal.sent(Endpoint.parse("mapped:jobs"), 4);
        List<LogRecord> records = EventLog.at(file.get()).read().records();
        assertEquals(3, ((LogRecord.EventsLost) records.get(0)).records());
        assertEquals(3, ((MessageSent) ((LogRecord.Event) records.get(1)).event()).bytes());
        assertEquals(3, records.size());
    }
}
