package org.processmanager.examples.app.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.Signal;
import org.processmanager.core.event.ChildState;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ThreadOutcome;
import org.processmanager.fixtures.Scenario;

class EventLogTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456Z");

    @TempDir
    Path directory;

    static List<ProcessEvent> oneOfEach() {
        return List.of(
                new ProcessEvent.ProcessStarted(NOON, 1, 2, "näme \"q\"", "sh -c 'a\nb'"),
                new ProcessEvent.LaunchFailed(NOON, 1, "x", "x y", "not found"),
                new ProcessEvent.ProcessEnded(
                        NOON, 1, 2, "x", new ExitStatus.Exited(7), EndReason.OWN_EXIT, Duration.ofMillis(12)),
                new ProcessEvent.ProcessEnded(
                        NOON,
                        1,
                        2,
                        "x",
                        new ExitStatus.Signaled(Signal.KILL, true),
                        EndReason.TERMINATED,
                        Duration.ofMillis(12)),
                new ProcessEvent.ProcessEnded(
                        NOON, 1, 2, "x", new ExitStatus.Unknown("stolen"), EndReason.TIMED_OUT, Duration.ZERO),
                new ProcessEvent.ThreadStarted(NOON, 1, "t", true),
                new ProcessEvent.ThreadEnded(
                        NOON, 1, "t", ThreadOutcome.FAILED, Optional.of("boom"), Duration.ofMillis(1)),
                new ProcessEvent.ChildChanged(NOON, 1, "web", ChildState.BACKING_OFF, 2, Optional.of("exit code 1")),
                new ProcessEvent.ChildChanged(NOON, 1, "web", ChildState.RUNNING, 3, Optional.empty()),
                new ProcessEvent.ThreadEnded(NOON, 1, "t", ThreadOutcome.CANCELLED, Optional.empty(), Duration.ZERO),
                new ProcessEvent.MessageSent(NOON, 1, "mapped:jobs", 64),
                new ProcessEvent.MessageReceived(NOON, 1, "mapped:jobs", 64),
                new ProcessEvent.LockChanged(NOON, 1, "/r", "m", ProcessEvent.LockChanged.Change.ACQUIRED),
                new ProcessEvent.LockChanged(NOON, 1, "/r", "m", ProcessEvent.LockChanged.Change.RELEASED),
                new ProcessEvent.LockChanged(NOON, 1, "/r", "m", ProcessEvent.LockChanged.Change.OWNER_DIED),
                new ProcessEvent.DeadlockFound(
                        NOON,
                        1,
                        List.of(
                                new ProcessEvent.BlockedThread(
                                        1, "a.A", 7, "t", "/r", "m", List.of("a.B.c(B.java:1)", "d")),
                                new ProcessEvent.BlockedThread(2, "a.A", 1, "main", "/s", "n", List.of()))));
    }

    static List<LogRecord> oneRecordOfEach() {
        List<LogRecord> records = new ArrayList<>(records(oneOfEach()));
        records.add(new LogRecord.ProcessSampled(NOON, 1, 2, "x", 98, 1 << 20, 3));
        records.add(new LogRecord.PartyFinished(NOON, 1, "producer", 2, 1000, Duration.ofMillis(12)));
        records.add(new LogRecord.EventsLost(NOON, 1, 7));
        return records;
    }

    static List<LogRecord> records(List<ProcessEvent> events) {
        return events.stream().<LogRecord>map(LogRecord.Event::new).toList();
    }

    @Test
    void read_givesBackEveryKindOfRecord() {
        EventLog log = EventLog.at(directory.resolve("log"));
        oneRecordOfEach().forEach(log::append);
        assertEquals(new EventLog.Contents(oneRecordOfEach(), 0, 0), log.read());
        assertEquals(oneOfEach(), log.read().events());
    }

    @Test
    void append_writesOneJsonObjectALine() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"));
        oneOfEach().forEach(log::onEvent);
        List<String> lines = Files.readAllLines(log.file());
        assertEquals(oneOfEach().size(), lines.size());
        for (String line : lines) {
            JsonNode json = new ObjectMapper().readTree(line);
            assertEquals(1, json.get("v").asInt());
            assertEquals(NOON.toString(), json.get("time").asText());
            assertFalse(json.get("type").asText().isEmpty());
        }
    }

    @Test
    void append_createsPrivateDirectoriesAndFile() throws Exception {
        EventLog log = EventLog.at(directory.resolve("a/b/log"));
        assertFalse(Files.exists(directory.resolve("a")), "nothing before the first event");
        log.append(oneOfEach().get(0));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log.file())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a"))));
    }

    @Test
    void append_afterATornRecordBeginsANewLine() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"));
        log.append(oneOfEach().get(0));
        Files.writeString(log.file(), "{\"v\":1,\"ti", StandardOpenOption.APPEND);
        log.append(oneOfEach().get(1));
        assertEquals(new EventLog.Contents(records(oneOfEach().subList(0, 2)), 0, 1), log.read());
    }

    @Test
    void read_passesOverWhatIsOfALaterVersion() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"));
        Files.writeString(
                log.file(),
                "{\"v\":2,\"anything\":[]}\n{\"v\":1,\"time\":\"" + NOON + "\",\"type\":\"new.kind\",\"reporter\":1}\n"
                        + "\u0000garbage\n[1]\n{\"v\":1}\n");
        assertEquals(new EventLog.Contents(List.of(), 2, 3), log.read());
    }

    @Test
    void read_passesOverWordsOfALaterVersion() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"));
        List<String> lines = new ArrayList<>();
        for (ProcessEvent event : oneOfEach()) {
            String json = EventLog.toJson(new LogRecord.Event(event));
            lines.add(json.replace("OWN_EXIT", "EVICTED"));
            lines.add(json.replace("\"unknown\"", "\"suspended\""));
            lines.add(json.replace("\"virtual\"", "\"fibre\""));
        }
        Files.write(log.file(), lines);
        EventLog.Contents contents = log.read();
        assertEquals(3, contents.unknown());
        assertEquals(0, contents.torn());
        assertEquals(3 * oneOfEach().size() - 3, contents.events().size());
    }

    @Test
    void append_cutsLongTexts() {
        EventLog log = EventLog.at(directory.resolve("log"));
        log.append(new ProcessEvent.ProcessStarted(NOON, 1, 2, "echo", "echo " + "x".repeat(100_000)));
        ProcessEvent.ProcessStarted read =
                (ProcessEvent.ProcessStarted) log.read().events().get(0);
        assertEquals(EventCodec.MAX_TEXT_CHARS, read.commandLine().length());
        assertTrue(read.commandLine().endsWith("x\u2026"));
    }

    @Test
    void append_toAFullDiskFailsAndSaysSo() {
        String message = assertThrows(ProcessManagerException.class, () -> EventLog.at(Path.of("/dev/full"))
                        .append(oneOfEach().get(0)))
                .getMessage();
        assertTrue(message.contains("/dev/full") && message.contains("No space left"), message);
    }

    @Test
    void nullDevice_keepsNothing() {
        EventLog log = EventLog.at(Path.of("/dev/null"));
        log.append(oneOfEach().get(0));
        log.clear();
        assertEquals(new EventLog.Contents(List.of(), 0, 0), log.read());
    }

    @Test
    void append_underInterrupts_writesEachRecordOnce() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"));
        int records = 300;
        Thread writer = new Thread(() -> {
            for (int i = 0; i < records; i++) {
                log.append(oneOfEach().get(0));
            }
        });
        writer.start();
        while (writer.isAlive()) {
            writer.interrupt();
        }
        assertEquals(records, log.read().events().size());
    }

    @Test
    void read_ofAMissingLogIsEmpty() {
        assertEquals(
                new EventLog.Contents(List.of(), 0, 0),
                EventLog.at(directory.resolve("none")).read());
    }

    @Test
    void clear_emptiesAndMayBeRepeated() {
        EventLog log = EventLog.at(directory.resolve("log"));
        log.clear();
        assertFalse(Files.exists(log.file()));
        log.append(oneOfEach().get(0));
        log.clear();
        log.clear();
        assertTrue(log.read().events().isEmpty());
        log.append(oneOfEach().get(1));
        assertEquals(oneOfEach().subList(1, 2), log.read().events());
    }

    @Test
    void append_saysWhereItFailed() {
        EventLog log = EventLog.at(directory);
        String message = assertThrows(
                        ProcessManagerException.class,
                        () -> log.append(oneOfEach().get(0)))
                .getMessage();
        assertTrue(message.contains(directory.toString()), message);
    }

    @Test
    void append_inAnInterruptedThread_keepsTheInterrupt() {
        EventLog log = EventLog.at(directory.resolve("log"));
        Thread.currentThread().interrupt();
        log.append(oneOfEach().get(0));
        assertTrue(Thread.interrupted());
        assertEquals(1, log.read().events().size());
    }

    @Test
    void append_byManyThreadsLosesNothing() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"));
        List<Thread> writers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 100; i++) {
                    log.append(oneOfEach().get(0));
                }
            });
            writer.start();
            writers.add(writer);
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertEquals(400, log.read().events().size());
    }

    @Test
    @Scenario("event-log/2")
    void fullFile_isRotatedAndReadWithTheOlderOnes() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"), 1000, 2);
        Supplier<EventLog.Contents> tail = log.follow();
        List<LogRecord> followed = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            log.append(lost(i));
            followed.addAll(tail.get().records());
        }
        List<LogRecord> all =
                IntStream.range(0, 40).mapToObj(EventLogTest::lost).toList();
        assertEquals(all, followed);
        List<LogRecord> kept = log.read().records();
        assertTrue(kept.size() > 20 && kept.size() < 40, () -> kept.size() + " kept");
        assertEquals(all.subList(40 - kept.size(), 40), kept);
        for (String name : List.of("log", "log.1", "log.2")) {
            Path file = directory.resolve(name);
            assertTrue(Files.size(file) <= 1000, name);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertFalse(Files.exists(directory.resolve("log.3")));
        log.clear();
        assertFalse(Files.exists(directory.resolve("log.1")) || Files.exists(directory.resolve("log.2")));
        assertEquals(List.of(), tail.get().records());
        log.append(lost(7));
        assertEquals(List.of(lost(7)), tail.get().records());
    }

    @Test
    void follower_thatIsLate_readsWhatIsLeft() {
        EventLog log = EventLog.at(directory.resolve("log"), 1000, 2);
        Supplier<EventLog.Contents> tail = log.follow();
        log.append(lost(0));
        assertEquals(List.of(lost(0)), tail.get().records());
        for (int i = 1; i < 100; i++) {
            log.append(lost(i));
        }
        List<LogRecord> rest = tail.get().records();
        assertEquals(log.read().records(), rest);
        assertEquals(lost(99), rest.get(rest.size() - 1));
    }

    @Test
    void follower_waitsForTheRestOfARecord() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"));
        Supplier<EventLog.Contents> tail = log.follow();
        String json = EventLog.toJson(lost(1));
        Files.writeString(log.file(), json.substring(0, 20));
        assertEquals(new EventLog.Contents(List.of(), 0, 0), tail.get());
        Files.writeString(log.file(), json.substring(20) + "\n", StandardOpenOption.APPEND);
        assertEquals(new EventLog.Contents(List.of(lost(1)), 0, 0), tail.get());
    }

    @Test
    void fileThatCannotBeRotated_grows() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"), 200, 1);
        Files.createDirectories(directory.resolve("log.1/full"));
        for (int i = 0; i < 5; i++) {
            log.append(lost(i));
        }
        assertEquals(5, Files.readAllLines(log.file()).size());
    }

    private static LogRecord lost(long number) {
        return new LogRecord.EventsLost(NOON, 1, number);
    }
}
