package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.PmApp.pm;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.LaunchFailed;
import org.processmanager.core.event.ProcessEvent.MessageReceived;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.core.event.ProcessEvent.ProcessEnded;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.core.event.ProcessEvent.ThreadEnded;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.PmApp.Outcome;
import org.processmanager.examples.app.PmApp.Running;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LockHolder;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/** What the commands log, and what {@code pm events}, {@code pm report} and {@code pm log} make of it. */
@Timeout(180)
class EventsIT {
    @RegisterExtension
    static final LeakCheck LEAKS = PmApp.leakCheck();

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void run_logsStartAndEnd() {
        Outcome run = logged("run", "--", "sh", "-c", "exit 7").assertExit(7);
        List<ProcessEvent> events = events();
        ProcessStarted start = assertInstanceOf(ProcessStarted.class, events.get(0));
        ProcessEnded end = assertInstanceOf(ProcessEnded.class, events.get(1));
        assertEquals("sh -c exit 7", start.commandLine());
        assertEquals(run.pid(), start.reporter());
        assertEquals(start.pid(), end.pid());
        assertTrue(end.status().isExit(7));
        assertEquals(2, events.size());
        logged("run", "--", "no-such-program").assertExit(127);
        assertInstanceOf(LaunchFailed.class, events().get(2));
    }

    @Test
    void messages_areLoggedOnBothSides() {
        String endpoint = "mapped:" + tmp.name("logged");
        logged("send", endpoint, "hällo").assertExit(0);
        logged("recv", endpoint).assertExit(0);
        logged("recv", endpoint).assertExit(3);
        List<ProcessEvent> events = events();
        assertEquals(
                endpoint, assertInstanceOf(MessageSent.class, events.get(0)).endpoint());
        assertEquals(6, assertInstanceOf(MessageReceived.class, events.get(1)).bytes());
        assertEquals(2, events.size());
    }

    @Test
    void demo_logsItsProcessesAndThreads() throws Exception {
        Path text = Files.writeString(tmp.path("text"), "a b\n");
        logged("demo", "--producers", "1", "--consumers", "1", "--input", text.toString())
                .assertExit(0);
        assertEquals(2, events().stream().filter(ProcessEnded.class::isInstance).count());
        logged("demo", "--threads", "--producers", "1", "--consumers", "1", "--input", text.toString())
                .assertExit(0);
        assertEquals(2, events().stream().filter(ThreadEnded.class::isInstance).count());
    }

    @Test
    void commandsAtTheSameTime_loseNothing() throws Exception {
        List<Running> running = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                PmApp app = app("run", "--", "sh", "-c", "exit " + i);
                running.add(i == 0 ? app.asProcess().start() : app.start());
            }
            for (int i = 0; i < 4; i++) {
                running.get(i).await().assertExit(i);
            }
        } finally {
            running.forEach(Running::close);
        }
        EventLog.Contents contents = EventLog.at(log()).read();
        assertEquals(0, contents.torn());
        assertEquals(8, contents.events().size());
        JsonNode report = logged("report", "--json").assertExit(0).json();
        assertEquals(4, report.size());
        for (JsonNode run : report) {
            assertEquals(
                    "sh -c exit " + run.get("status").get("code"),
                    run.get("commandLine").textValue());
        }
    }

    @Test
    void events_areATableOrTheRecordsOfTheLog() throws Exception {
        logged("run", "--", "true").assertExit(0);
        Outcome table = logged("events").assertExit(0);
        List<String> lines = table.out().lines().toList();
        assertTrue(lines.get(0).matches("TIME +REPORTER +EVENT +WHAT"), table::toString);
        assertTrue(
                lines.get(1).matches("\\d{4}-.* +\\d+ +process started +true \\(pid \\d+\\): true"), table::toString);
        assertTrue(
                lines.get(2).matches(".* process ended +true \\(pid \\d+\\): exit code 0 after .*"), table::toString);
        assertEquals(3, lines.size());
        String records = String.join(",", Files.readAllLines(log()));
        for (String[] json : new String[][] {{"events", "--json"}, {"events", "-o", "json"}}) {
            assertEquals("[" + records + "]\n", logged(json).assertExit(0).out());
        }
    }

    @Test
    void report_showsWhatRanAndHowItEnded() {
        logged("run", "--timeout", "300ms", "--", "sleep", "20").assertExit(124);
        logged("run", "--", "no-such-program").assertExit(127);
        app("menu").stdin("2\nworker\n9\n").run().assertExit(0);
        EventLog.at(log()).append(new ProcessStarted(Instant.EPOCH, 1, 4711, "lost", "lost and gone"));
        JsonNode report = logged("report", "-o", "json").assertExit(0).json();
        JsonNode sleep = report.get(0);
        List<String> names = new ArrayList<>();
        sleep.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of(
                        "what",
                        "name",
                        "pid",
                        "reporter",
                        "startTime",
                        "durationMillis",
                        "status",
                        "end",
                        "commandLine"),
                names);
        assertEquals("process", sleep.get("what").textValue());
        assertEquals(NativeLayer.available() ? "signaled" : "exited", kind(sleep));
        assertTrue(sleep.get("durationMillis").longValue() >= 300);
        assertEquals("notStarted", kind(report.get(1)));
        assertTrue(report.get(1).get("pid").isNull());
        assertEquals("thread", report.get(2).get("what").textValue());
        assertEquals("cancelled", kind(report.get(2)));
        assertEquals("notEnded", kind(report.get(3)));
        assertTrue(report.get(3).get("durationMillis").isNull());
        List<String> lines = logged("report").assertExit(0).out().lines().toList();
        assertTrue(lines.get(0).matches("STARTED +WHAT +PID +LASTED +NAME +END +COMMAND"), lines::toString);
        assertTrue(lines.get(1).matches(".* process +\\d+ +[0-9.]+ m?s +sleep +.*sleep 20"), lines::toString);
        assertTrue(lines.get(4).matches(".* process +4711 +lost +no end in the log +lost and gone"), lines::toString);
    }

    @Test
    void clear_emptiesTheLog() throws Exception {
        logged("run", "--", "true").assertExit(0);
        assertEquals(
                "cleared " + log() + "\n", logged("log", "clear").assertExit(0).out());
        assertEquals(0, Files.size(log()));
        assertEquals("[]\n", logged("events", "--json").assertExit(0).out());
        assertEquals("[]\n", logged("report", "--json").assertExit(0).out());
        assertEquals(1, logged("report").assertExit(0).out().lines().count());
        logged("log").assertExit(2).complaint();
    }

    @Test
    void foreignLines_areSkippedAndCounted() throws Exception {
        logged("run", "--", "true").assertExit(0);
        Files.writeString(log(), "{\"v\":1,\"ti\n{\"v\":99}\n", StandardOpenOption.APPEND);
        Outcome outcome = logged("events", "--json").assertExit(0);
        assertEquals(2, outcome.json().size());
        assertEquals("pm: lines of " + log() + " skipped: 1 torn or foreign, 1 of a later version\n", outcome.err());
    }

    @Test
    void logThatCannotBeWritten_breaksNoCommand() {
        String[][] commands = {
            {"/proc/no/such/log", "run -- true"},
            {tmp.directory().toString(), "demo --threads"},
            {"/dev/full", "run -- true"},
            {"/dev/full", "demo"}
        };
        for (String[] command : commands) {
            String parties = command[1].startsWith("demo") ? " --producers 1 --consumers 1 --input /etc/hostname" : "";
            Outcome outcome = pm(("--log " + command[0] + " " + command[1] + parties).split(" "))
                    .assertExit(0);
            assertEquals(1, outcome.err().lines().count(), outcome::toString);
            assertTrue(outcome.err().startsWith("pm: cannot append to the event log " + command[0]), outcome::toString);
        }
    }

    @Test
    void lockedLog_delaysTheEndForABoundedTime() throws Exception {
        long begin = System.nanoTime();
        Process holder = LockHolder.start(log());
        try {
            Outcome outcome = logged("run", "--", "sh", "-c", "exit 3").assertExit(3);
            assertEquals(1, outcome.err().lines().count(), outcome::toString);
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertTrue(System.nanoTime() - begin < 20_000_000_000L);
    }

    @Test
    void unreadableLog_is2() {
        for (String command : new String[] {"events", "report", "log clear"}) {
            String complaint = pm(("--log " + tmp.directory() + " " + command).split(" "))
                    .assertExit(2)
                    .complaint();
            assertTrue(complaint.contains(tmp.directory().toString()), complaint);
        }
    }

    @Test
    void logFile_isFoundInOrder() throws Exception {
        Path home = Files.createDirectories(tmp.path("home"));
        Path option = Files.createFile(tmp.path("option"));
        Path state = tmp.path("state").resolve("pm/events.jsonl");
        Files.createDirectories(state.getParent());
        Files.createFile(state);
        Outcome cleared = PmApp.of("--log", option.toString(), "log", "clear")
                .env("PM_LOG", tmp.path("variable").toString())
                .run();
        assertEquals("cleared " + option + "\n", cleared.assertExit(0).out());
        cleared = PmApp.of("log", "clear")
                .env("PM_LOG", "")
                .env("XDG_STATE_HOME", tmp.path("state").toString())
                .run();
        assertEquals("cleared " + state + "\n", cleared.assertExit(0).out());
        PmApp.of("run", "--", "true")
                .env("PM_LOG", null)
                .env("XDG_STATE_HOME", "relative")
                .env("HOME", home.toString())
                .run()
                .assertExit(0);
        Path file = home.resolve(".local/state/pm/events.jsonl");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        assertFalse(Files.exists(Path.of("relative")));
    }

    private static String kind(JsonNode run) {
        return run.get("status").get("kind").textValue();
    }

    private Path log() {
        return tmp.path("log");
    }

    private List<ProcessEvent> events() {
        return EventLog.at(log()).read().events();
    }

    private Outcome logged(String... arguments) {
        return app(arguments).run();
    }

    private PmApp app(String... arguments) {
        List<String> line = new ArrayList<>(List.of("--log", log().toString()));
        line.addAll(List.of(arguments));
        return PmApp.of(line.toArray(String[]::new));
    }
}
