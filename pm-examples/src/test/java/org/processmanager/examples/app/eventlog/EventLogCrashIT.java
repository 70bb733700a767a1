package org.processmanager.examples.app.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** Several processes append to one log while some of them are killed. */
class EventLogCrashIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().after(NativeLayer::available);

    /** Longer than a page, so that a record can be cut short by a kill. */
    private static final String LONG_NAME = "x".repeat(10_000);

    @TempDir
    Path directory;

    static final class Writer implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("append", args -> {
                EventLog log = EventLog.at(Path.of(args.get(0)));
                for (int i = 0; i < Integer.parseInt(args.get(1)); i++) {
                    log.append(new MessageSent(
                            Instant.now(), ProcessHandle.current().pid(), LONG_NAME, i));
                    if (i == 10) {
                        commands.emit("writing");
                    }
                }
                return "done";
            });
            commands.on("rotate", args -> {
                EventLog log = EventLog.at(Path.of(args.get(0)), 2_000, 1_000);
                for (int i = 0; i < 200; i++) {
                    log.append(new MessageSent(
                            Instant.EPOCH, ProcessHandle.current().pid(), "x", i));
                }
                return "done";
            });
        }
    }

    /** Appends events until that has failed a few times. */
    static final class Once {
        private Once() {}

        public static void main(String[] file) {
            EventLog log = EventLog.at(Path.of(file[0]));
            MessageSent event = new MessageSent(Instant.now(), 1, "fifo:x", 1);
            log.append(event);
            int refused = 0;
            while (refused < 3) { // the limit of file sizes, reached in the middle of a record
                try {
                    log.append(event);
                } catch (ProcessManagerException e) {
                    refused++;
                }
            }
        }
    }

    @Test
    @Scenario("public-sync/11")
    @Scenario("event-log/3")
    void append_underStrictUmaskAndLimit_leavesAGoodLog() throws Exception {
        Path file = directory.resolve("a").resolve("b").resolve("log");
        List<String> command = List.of(
                "sh",
                "-c",
                "umask 0277; ulimit -f 8; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Once.class.getName(),
                file.toString());
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        for (Path made = file.getParent(); !made.equals(directory); made = made.getParent()) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        EventLog.Contents contents = EventLog.at(file).read();
        assertEquals(0, contents.torn());
        assertTrue(
                contents.events().size() > 20 && Files.size(file) < 9_000,
                () -> contents.events().size() + " events");
    }

    @Test
    void lockedLog_isReadAndFailsToAppendInBoundedTime() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"));
        MessageSent event = new MessageSent(Instant.EPOCH, 1, "fifo:x", 1);
        log.append(event);
        Process holder = LockHolder.start(log.file());
        try {
            long begin = System.nanoTime();
            String message = assertThrows(ProcessManagerException.class, () -> log.append(event))
                    .getMessage();
            assertTrue(message.contains("held its lock for 2 s"), message);
            assertThrows(ProcessManagerException.class, log::clear);
            assertEquals(List.of(event), log.read().events());
            assertTrue(System.nanoTime() - begin < 20_000_000_000L);
        } finally {
            holder.destroyForcibly().waitFor();
        }
        log.append(event);
        assertEquals(List.of(event, event), log.read().events());
    }

    @Test
    @Scenario("event-log/1")
    void writersOfSeveralProcesses_loseNothingByRotation() throws Exception {
        EventLog log = EventLog.at(directory.resolve("log"), 2_000, 1_000);
        try (ChildJvm first = ChildJvm.start(Writer.class);
                ChildJvm second = ChildJvm.start(Writer.class)) {
            var done = List.of(first.send("rotate", log.file()), second.send("rotate", log.file()));
            for (var each : done) {
                assertEquals("done", each.await());
            }
            EventLog.Contents contents = log.read();
            assertEquals(0, contents.torn());
            assertTrue(Files.exists(directory.resolve("log.15")), "not rotated often enough to be a test");
            for (long pid : new long[] {first.pid(), second.pid()}) {
                List<Long> numbers = new ArrayList<>();
                for (ProcessEvent event : contents.events()) {
                    if (event.reporter() == pid) {
                        numbers.add(((MessageSent) event).bytes());
                    }
                }
                assertEquals(LongStream.range(0, 200).boxed().toList(), numbers);
            }
        }
    }

    @Test
    void append_survivesTheDeathOfOtherWriters() {
        EventLog log = EventLog.at(directory.resolve("log"));
        try (ChildJvm steady = ChildJvm.start(Writer.class)) {
            var done = steady.send("append", log.file(), 300);
            int rounds = Soak.scaled(5, 2);
            for (int round = 0; round < rounds; round++) {
                try (ChildJvm victim = ChildJvm.start(Writer.class)) {
                    victim.send("append", log.file(), 1_000_000);
                    victim.expect("writing");
                    assertEquals(ChildJvm.KILLED, victim.kill9());
                }
            }
            assertEquals("done", done.await());
            EventLog.Contents contents = log.read();
            assertTrue(contents.torn() <= rounds, "each victim tears one record at most: " + contents.torn());
            List<Long> numbers = new ArrayList<>();
            for (ProcessEvent event : contents.events()) {
                if (event.reporter() == steady.pid()) {
                    numbers.add(((MessageSent) event).bytes());
                }
            }
            List<Long> expected = new ArrayList<>();
            for (long i = 0; i < 300; i++) {
                expected.add(i);
            }
            assertEquals(expected, numbers, "no record of a living writer is lost, doubled or out of order");
        }
    }
}
