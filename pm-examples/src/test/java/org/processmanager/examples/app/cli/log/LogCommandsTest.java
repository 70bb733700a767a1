package org.processmanager.examples.app.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.examples.app.cli.App;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord.PartyFinished;
import org.processmanager.examples.app.eventlog.LogRecord.ProcessSampled;

class LogCommandsTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void report_writesAPageForItsOwnerAlone() throws Exception {
        log().append(started("web"));
        Path page = directory.resolve("report.html");
        assertEquals(0, pm("report", "--out", page.toString()), err::toString);
        assertEquals("wrote " + page + "\n", out.toString(UTF_8));
        assertTrue(Files.readString(page).contains("web (7)"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(page)));
        assertEquals(0, pm("report", "--out", "-"));
        assertEquals(Files.readString(page), out.toString(UTF_8));
    }

    @Test
    void trace_isOneJsonDocument() throws Exception {
        log().append(started("web"));
        assertEquals(0, pm("trace", "--out", "-"), err::toString);
        assertTrue(new ObjectMapper()
                        .readTree(out.toString(UTF_8))
                        .get("traceEvents")
                        .size()
                > 2);
        assertEquals(2, pm("trace"));
    }

    @Test
    void outputThatCannotBeWritten_isBadInput() {
        for (String command : new String[] {"report", "trace"}) {
            Path file = directory.resolve("none/file");
            assertEquals(2, pm(command, "--out", file.toString()));
            assertTrue(err.toString(UTF_8).startsWith("pm: cannot write " + file), err::toString);
        }
    }

    @Test
    void recordedRun_logsItsLoad() {
        assertEquals(0, pm("run", "--record-every", "20ms", "--", "sleep", "1"), err::toString);
        List<ProcessSampled> samples = records(ProcessSampled.class);
        assertFalse(samples.isEmpty());
        assertEquals("sleep", samples.get(0).name());
        assertEquals(1, samples.get(0).processes());
        assertTrue(samples.stream().anyMatch(sample -> sample.residentBytes() > 0));
        assertEquals(2, pm("run", "--record-every", "1ms", "--", "true"));
        assertTrue(err.toString(UTF_8).contains("--record-every: 0.001 s (expected: 10ms or more)"), err::toString);
    }

    @Test
    void demo_logsWhatItsPartiesDid() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "a b\nc\n");
        int exit = pm("demo", "--threads", "--producers", "1", "--consumers", "1", "--input", text.toString());
        assertEquals(0, exit, err::toString);
        List<PartyFinished> parties = records(PartyFinished.class);
        assertEquals(
                List.of("producer 2", "consumer 2"),
                parties.stream()
                        .map(party -> party.role() + " " + party.items())
                        .toList());
        assertFalse(parties.get(0).waited().compareTo(Duration.ZERO) < 0);
    }

    private <R> List<R> records(Class<R> type) {
        return log().read().records().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private EventLog log() {
        return EventLog.at(directory.resolve("events.jsonl"));
    }

    private static ProcessStarted started(String name) {
        return new ProcessStarted(Instant.parse("2026-01-31T12:00:00Z"), 1, 7, name, name + " -x");
    }

    private int pm(String... args) {
        out.reset();
        err.reset();
        List<String> line = new ArrayList<>(List.of("--log", log().file().toString()));
        line.addAll(List.of(args));
        return App.run(
                Terminal.of(new ByteArrayInputStream(new byte[0]), out, new PrintStream(err, true, UTF_8)),
                line.toArray(String[]::new));
    }
}
