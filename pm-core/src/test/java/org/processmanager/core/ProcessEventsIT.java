package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.EventLog;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.launch.PosixLauncher;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;

class ProcessEventsIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    private final List<ProcessEvent> events = Collections.synchronizedList(new ArrayList<>());

    @Test
    void run_tellsOfStartAndEnd() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(events::add);
            pm.command("sh", "-c", "exit 3").name("three").acceptAnyExit().run();
        }
        ProcessEvent.ProcessStarted start = assertInstanceOf(ProcessEvent.ProcessStarted.class, events.get(0));
        ProcessEvent.ProcessEnded end = assertInstanceOf(ProcessEvent.ProcessEnded.class, events.get(1));
        assertEquals("three", start.name());
        assertEquals("sh -c exit 3", start.commandLine());
        assertEquals(start.pid(), end.pid());
        assertTrue(end.status().isExit(3), end.toString());
        assertEquals(Cause.OWN_EXIT, end.cause());
        assertEquals(2, events.size());
    }

    @Test
    void start_tellsOfAFailedLaunch() {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(events::add);
            assertThrows(LaunchException.class, () -> pm.command("no-such-program-at-all")
                    .start());
        }
        ProcessEvent.LaunchFailed failed = assertInstanceOf(ProcessEvent.LaunchFailed.class, events.get(0));
        assertTrue(failed.reason().contains("no-such-program-at-all"), failed.reason());
    }

    @Test
    void close_tellsOfWhatItStopped(@TempDir Path folder) {
        EventLog log = EventLog.at(folder.resolve("log"));
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(log);
            pm.command("sleep", "100").start();
        }
        List<ProcessEvent> logged = log.read().events();
        ProcessEvent.ProcessEnded end = assertInstanceOf(ProcessEvent.ProcessEnded.class, logged.get(1));
        assertEquals(Cause.STOPPED, end.cause());
    }

    /** The one who waits for the end and the listeners hang on the same future, which wakes the last of them first. */
    @Test
    void close_rightAfterAwaitTellsOfTheEnd() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(events::add);
            ManagedProcess process = pm.command("cat").stdin(Stdin.pipe()).start();
            CountDownLatch never = new CountDownLatch(1);
            process.child().ended().thenRun(() -> {
                try {
                    never.await(200, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            CompletableFuture<Void> awaited = new CompletableFuture<>();
            process.child().ended().thenRun(() -> awaited.complete(null));
            process.stdin().close();
            awaited.get(20, TimeUnit.SECONDS);
        }
        assertEquals(2, events.size());
    }

    static final class Leaver implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("start", args -> {
                ProcessManager.shared().addListener(EventLog.at(Path.of(args.get(0))));
                return Long.toString(Command.of("sleep", "100").start().pid());
            });
        }
    }

    @Test
    void endOfTheJvm_isToldWithTheEndOfItsChildren(@TempDir Path folder) {
        EventLog log = EventLog.at(folder.resolve("log"));
        try (ChildJvm jvm = ChildJvm.start(Leaver.class)) {
            long pid = Long.parseLong(jvm.call("start", log.file()));
            jvm.exit(0);
            jvm.waitFor(Duration.ofSeconds(20));
            ProcessEvent.ProcessEnded end = assertInstanceOf(
                    ProcessEvent.ProcessEnded.class, log.read().events().get(1));
            assertEquals(pid, end.pid());
            assertEquals(Cause.STOPPED, end.cause());
        }
    }

    @Test
    void listener_isToldFromItsAdditionToItsRemoval() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            EventListener listener = events::add;
            runUntilTold(pm, "true");
            pm.addListener(listener);
            pm.addListener(event -> {
                throw new AssertionError("an error of a listener harms nobody");
            });
            runUntilTold(pm, "told");
            assertTrue(pm.removeListener(listener));
            assertFalse(pm.removeListener(listener));
            runUntilTold(pm, "true");
        }
        assertEquals(2, events.size());
        assertEquals(
                "told",
                assertInstanceOf(ProcessEvent.ProcessEnded.class, events.get(1)).name());
    }

    /** Who waits for a process may come back before its end is handed on. */
    private static void runUntilTold(ProcessManager pm, String name) throws Exception {
        pm.command("true").name(name).run();
        Eventually.assertThat(
                Duration.ofSeconds(20), "its end is told", () -> pm.processes().isEmpty());
    }

    @Test
    void listener_thatBlocksDelaysNoProcess() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(event -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            pm.addListener(events::add);
            assertEquals(
                    "hi\n",
                    pm.command("echo", "hi")
                            .timeout(Duration.ofSeconds(20))
                            .run()
                            .stdoutText());
            release.countDown();
        }
        assertEquals(2, events.size());
    }
}
