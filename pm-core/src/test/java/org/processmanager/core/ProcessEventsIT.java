package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
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
    void run_reportsStartAndExit() throws Exception {
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
        assertEquals(EndReason.OWN_EXIT, end.endReason());
        assertEquals(2, events.size());
    }

    @Test
    void listenerOfACommand_getsItsEventsOnly() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            Command heard = pm.command("true").name("heard").listener(events::add);
            heard.run();
            pm.command("true").name("other").run();
            assertThrows(LaunchException.class, () -> pm.command("no-such-program-at-all")
                    .listener(events::add)
                    .start());
        }
        assertInstanceOf(ProcessEvent.ProcessStarted.class, events.get(0));
        assertInstanceOf(ProcessEvent.ProcessEnded.class, events.get(1));
        assertInstanceOf(ProcessEvent.LaunchFailed.class, events.get(2));
        assertEquals(3, events.size());
    }

    @Test
    void failedLaunch_isReported() {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(events::add);
            assertThrows(LaunchException.class, () -> pm.command("no-such-program-at-all")
                    .start());
        }
        ProcessEvent.LaunchFailed failed = assertInstanceOf(ProcessEvent.LaunchFailed.class, events.get(0));
        assertTrue(failed.reason().contains("no-such-program-at-all"), failed.reason());
    }

    @Test
    void close_reportsWhatItStopped() {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(events::add);
            pm.command("sleep", "100").start();
        }
        ProcessEvent.ProcessEnded end = assertInstanceOf(ProcessEvent.ProcessEnded.class, events.get(1));
        assertEquals(EndReason.TERMINATED, end.endReason());
    }

    /** What hangs on the end is done in any order: closing waits for the manager's own part. */
    @Test
    void close_rightAfterAnExit_reportsIt() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(events::add);
            ManagedProcess process = pm.command("cat").stdin(Input.pipe()).start();
            CountDownLatch never = new CountDownLatch(1);
            process.child().completion().thenRun(() -> awaitQuietly(never, Duration.ofMillis(200)));
            CompletableFuture<Void> awaited = new CompletableFuture<>();
            process.child().completion().thenRun(() -> awaited.complete(null));
            process.stdin().close();
            awaited.get(60, TimeUnit.SECONDS);
        }
        assertEquals(2, events.size());
    }

    static final class Leaver implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("start", args -> {
                Path file = Path.of(args.get(0));
                ProcessManager.shared().addListener(event -> appendEnd(file, event));
                return Long.toString(Command.of("sleep", "100").start().pid());
            });
        }
    }

    private static void appendEnd(Path file, ProcessEvent event) {
        if (event instanceof ProcessEvent.ProcessEnded end) {
            try {
                Files.writeString(file, end.pid() + " " + end.endReason(), StandardOpenOption.CREATE_NEW);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void exitOfTheJvm_reportsTheEndOfItsChildren(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("ended");
        try (ChildJvm jvm = ChildJvm.start(Leaver.class)) {
            String pid = jvm.call("start", file);
            jvm.exit(0);
            jvm.waitFor(Duration.ofSeconds(20));
            assertEquals(pid + " TERMINATED", Files.readString(file));
        }
    }

    @Test
    void listener_getsEventsUntilItsRemoval() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            EventListener listener = events::add;
            pm.command("true").run();
            pm.addListener(listener);
            pm.addListener(event -> {
                throw new AssertionError("an error of a listener harms no other");
            });
            pm.command("true").name("told").run();
            assertTrue(pm.removeListener(listener));
            assertFalse(pm.removeListener(listener));
            pm.command("true").run();
        }
        assertEquals(2, events.size());
        assertEquals(
                "told",
                assertInstanceOf(ProcessEvent.ProcessEnded.class, events.get(1)).name());
    }

    /** Before any waiter is notified, in whatever way, the manager has done its bookkeeping. */
    @ParameterizedTest
    @ValueSource(strings = {"await", "await at most", "onExit"})
    void afterAwait_listenersHaveTheExit(String how) throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            EventListener listener = events::add;
            pm.addListener(listener);
            ManagedProcess process = pm.command("cat").stdin(Input.pipe()).start();
            CountDownLatch waits = new CountDownLatch(1);
            CountDownLatch never = new CountDownLatch(1);
            // What was hung on the end last is done first: it keeps the manager from its part for a moment.
            process.child().completion().thenRun(() -> awaitQuietly(never, Duration.ofMillis(200)));
            CompletableFuture<Boolean> live = CompletableFuture.supplyAsync(
                    () -> {
                        waits.countDown();
                        awaitIn(process, how);
                        pm.removeListener(listener);
                        return pm.isLive();
                    },
                    runnable -> new Thread(runnable, "waits").start());
            waits.await();
            process.stdin().close();
            assertFalse(live.get(60, TimeUnit.SECONDS));
        }
        Eventually.assertThat(Duration.ofSeconds(20), "the exit was reported", () -> events.size() == 2);
    }

    private static void awaitIn(ManagedProcess process, String how) {
        try {
            switch (how) {
                case "await" -> process.await();
                case "await at most" -> process.await(Duration.ofSeconds(20)).orElseThrow();
                default -> process.onExit().join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch, Duration bound) {
        try {
            latch.await(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
