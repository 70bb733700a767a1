package org.processmanager.examples.app.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.examples.app.cli.App;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord;
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

    @Test
    void events_areFilteredByTimeAndName() {
        log().append(started("web"));
        log().append(new ProcessStarted(Instant.now(), 1, 8, "web", "web -y"));
        log().append(new ProcessStarted(Instant.now(), 1, 9, "job", "job"));
        assertEquals(List.of("7", "8"), pidsOf("events", "-o", "json", "--name", "web"));
        assertEquals(List.of("8", "9"), pidsOf("events", "-o", "json", "--since", "10m"));
        assertEquals(List.of("8"), pidsOf("events", "-o", "json", "--since", "2026-01-31T12:00:01Z", "--name", "web"));
        assertEquals(List.of("7", "8"), pidsOf("report", "-o", "json", "--name", "web"));
        assertEquals(2, pm("events", "--since", "yesterday"));
        assertTrue(err.toString(UTF_8).contains("'yesterday' (expected: a duration as 5m"), err::toString);
    }

    @Test
    void follow_showsWhatIsAppended() throws Exception {
        log().append(started("web"));
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        OutputStream reader = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                toString(UTF_8).lines().forEach(lines::add);
                reset();
            }
        };
        Thread thread = new Thread(() -> App.run(
                Terminal.of(new ByteArrayInputStream(new byte[0]), reader, new PrintStream(err, true, UTF_8)),
                "--log",
                log().file().toString(),
                "events",
                "-f",
                "--json"));
        thread.start();
        try {
            assertEquals(EventLog.toJson(new LogRecord.Event(started("web"))), lines.poll(30, TimeUnit.SECONDS));
            log().append(started("late"));
            assertEquals(EventLog.toJson(new LogRecord.Event(started("late"))), lines.poll(30, TimeUnit.SECONDS));
        } finally {
            thread.interrupt();
            thread.join(30_000);
        }
        assertFalse(thread.isAlive());
    }

    private List<String> pidsOf(String... args) {
        assertEquals(0, pm(args), err::toString);
        return Pattern.compile("\"pid\":(\\d+)")
                .matcher(out.toString(UTF_8))
                .results()
                .map(pid -> pid.group(1))
                .toList();
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
