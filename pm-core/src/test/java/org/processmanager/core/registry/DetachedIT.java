package org.processmanager.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Input;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.NotReadyException;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.Ready;
import org.processmanager.core.Signal;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.registry.DetachedState.Phase;
import org.processmanager.core.supervise.Restart;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Processes that outlive the manager that started them. Each start costs a JVM, so that one is used for many questions. */
@Timeout(180)
class DetachedIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final ProcessManager pm = ProcessManager.create();

    private ProcessRegistry registry() {
        return ProcessRegistry.of(pm, tmp.path("registry"));
    }

    @AfterEach
    void killAll() {
        for (DetachedProcess process : registry().processes()) {
            process.kill();
        }
        pm.close();
    }

    private static List<String> lines(DetachedProcess process) {
        List<String> lines = new ArrayList<>();
        try (OutputReader reader = process.output()) {
            for (Optional<OutputLine> line = reader.poll(); line.isPresent(); line = reader.poll()) {
                lines.add(line.get().text());
            }
        }
        return lines;
    }

    private static void awaitLine(DetachedProcess process, String line) {
        Eventually.assertThat(BOUND, line, () -> lines(process).contains(line));
    }

    private static String link(long pid, String name) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/" + name)).toString();
    }

    @Test
    @Scenario("detached/6")
    void process_outlivesItsManagerUntilStopped() throws Exception {
        Command command = Command.of(
                        "sh", "-c", "trap 'echo usr1' USR1; echo out $A; echo err >&2; while :; do sleep 0.05; done")
                .env("A", "\u20ac")
                .directory("/usr")
                .ready(Ready.line("^err$"), BOUND);
        long pid;
        try (ProcessManager starter = ProcessManager.create()) {
            DetachedProcess started = ProcessRegistry.of(starter, tmp.path("registry"))
                    .detached(command)
                    .name("web")
                    .start();
            pid = started.state().process().orElseThrow().pid();
        }
        DetachedProcess found = registry().process("web").orElseThrow();
        assertEquals(Phase.RUNNING, found.state().phase());
        assertEquals(pid, found.state().process().orElseThrow().pid());
        assertEquals(command.commandLine(), found.commandLine());
        assertEquals(
                List.of("web"),
                registry().processes().stream().map(DetachedProcess::name).toList());
        awaitLine(found, "out \u20ac");
        assertTrue(lines(found).contains("err"), "it is ready");

        long shim = found.state().shim().pid();
        assertEquals(found.directory().toRealPath().toString(), link(shim, "cwd"));
        assertEquals("/usr", link(pid, "cwd"));
        assertEquals("/dev/null", link(shim, "fd/0"));
        assertEquals("/dev/null", link(shim, "fd/1"));
        assertEquals(found.directory().toRealPath() + "/shim.log", link(shim, "fd/2"));
        String[] stat = Files.readString(Path.of("/proc/" + shim + "/stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ");
        assertEquals(Long.toString(shim), stat[3], "its session");

        NameInUseException used = assertThrows(
                NameInUseException.class,
                () -> registry().detached(command).name("web").start());
        assertTrue(used.getMessage().contains("web"), used::getMessage);
        assertThrows(IllegalStateException.class, found::remove);
        assertEquals(Optional.empty(), found.await(Duration.ZERO));
        if (NativeLayer.available()) {
            assertTrue(found.signal(Signal.USR1));
            awaitLine(found, "usr1");
        }

        StopReport report = found.stop();
        assertTrue(report.isComplete() && report.signalled().contains(pid), report::toString);
        assertEquals(Phase.EXITED, found.state().phase());
        ExitStatus status = found.await();
        assertTrue(
                status instanceof ExitStatus.Signaled || status.isExit(128 + Signal.TERM.number()), status::toString);
        assertTrue(found.state().ended().isPresent());
        assertFalse(found.signal(Signal.TERM));
        assertEquals(List.of(), found.stop().signalled());
        found.remove();
        assertThrows(NoSuchProcessException.class, found::state);
        assertThrows(NoSuchProcessException.class, found::stop);
        assertThrows(NoSuchProcessException.class, found::remove);
        assertEquals(Optional.empty(), registry().process("web"));
    }

    @Test
    @Scenario("detached/7")
    void killedShim_leavesNothingThatCountsAsRunning() throws Exception {
        DetachedProcess process =
                registry().detached(Command.of("sleep", "600")).start();
        assertEquals("sleep", process.name());
        ProcessIdentity sleeper = process.state().process().orElseThrow();
        try (var shim = pm.adopt(process.state().shim())) {
            assertTrue(shim.signal(Signal.KILL));
            shim.await();
        }
        if (NativeLayer.available()) {
            Eventually.assertThat(BOUND, "the process of the shim", () -> !sleeper.isAlive());
            assertEquals(Phase.LOST, process.state().phase());
        } else {
            assertEquals(Phase.ORPHANED, process.state().phase());
            assertThrows(IllegalStateException.class, process::remove);
            assertEquals(List.of(sleeper.pid()), process.stop().signalled());
            assertFalse(sleeper.isAlive());
        }
        assertTrue(process.await() instanceof ExitStatus.Unknown);

        process.restart();
        assertEquals(Phase.RUNNING, process.state().phase());
        process.kill();
        assertEquals(Phase.EXITED, process.state().phase());
    }

    @Test
    @Scenario("detached/10")
    void killedProcess_isRestartedAndCountedUntilStopped() throws Exception {
        DetachedProcess process = registry()
                .detached(Command.of("sh", "-c", "echo started; exec sleep 600").ready(Ready.line("started"), BOUND))
                .name("again")
                .restart(Restart.onFailure().backOff(Duration.ofMillis(1), Duration.ofMillis(2)))
                .start();
        for (int restarts = 1; restarts <= 2; restarts++) {
            ProcessIdentity killed = process.state().process().orElseThrow();
            assertTrue(process.signal(Signal.KILL));
            Eventually.assertThat(BOUND, "a restart", () -> {
                DetachedState state = process.state();
                return state.phase() == Phase.RUNNING
                        && !state.process().orElseThrow().equals(killed);
            });
            assertEquals(restarts, process.state().restarts());
        }
        Eventually.assertThat(
                BOUND, "output of each run", () -> lines(process).equals(List.of("started", "started", "started")));
        process.stop();
        DetachedState state = process.state();
        assertEquals(Phase.EXITED, state.phase());
        assertEquals(2, state.restarts());
        assertFalse(state.process().orElseThrow().isAlive());
    }

    @Test
    @Scenario("detached/8")
    void programThatDoesNotGetReady_leavesNoEntry() {
        NotReadyException failure = assertThrows(NotReadyException.class, () -> registry()
                .detached(Command.of("sh", "-c", "echo bad port; exit 3").ready(Ready.line("up"), BOUND))
                .start());
        assertEquals(NotReadyException.Reason.EXITED, failure.reason());
        assertTrue(failure.getMessage().contains("bad port"), failure::getMessage);
        assertEquals(List.of(), registry().processes());
    }

    @Test
    void badNames_areRefused() throws Exception {
        DetachedCommand command = registry().detached(Command.of("true"));
        for (String name : List.of("", "a/b", "..", ".hidden", "-x", "a b", "a\n", "x".repeat(65))) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> command.name(name), name);
            assertTrue(refused.getMessage().startsWith("name: "), refused::getMessage);
            assertEquals(Optional.empty(), registry().process(name));
        }
        assertEquals(Optional.empty(), registry().process("x".repeat(300)));
    }

    @Test
    void commandsThatCannotBeKept_areRefused() {
        Command plain = Command.of("true");
        for (Command command : List.of(
                plain.stdin(Input.of("x")),
                plain.stdout(Output.discard()),
                plain.timeout(Duration.ofSeconds(1)),
                plain.listener(event -> {}),
                plain.dieWithParent(),
                plain.argv0("x"),
                plain.ready(Ready.probe("x", process -> true), BOUND))) {
            assertThrows(IllegalArgumentException.class, () -> registry().detached(command));
        }
        assertThrows(
                IllegalArgumentException.class, () -> registry().detached(plain).logSize(1023));
    }

    @Test
    @Scenario("detached/9")
    void directoryThatCannotBeWritten_isATypedError() throws Exception {
        Path file = Files.writeString(tmp.path("file"), "");
        ProcessRegistry below = ProcessRegistry.of(pm, file.resolve("registry"));
        RegistryException failure = assertThrows(
                RegistryException.class,
                () -> below.detached(Command.of("true")).name("x").start());
        assertTrue(failure.getMessage().contains(below.directory().toString()), failure::getMessage);
        assertEquals(List.of(), below.processes());
        assertEquals(Optional.empty(), below.process("x"));
    }

    @Test
    @Scenario("detached/17")
    void fullDisk_delaysTheExitRecord() throws Exception {
        Path disk = Files.createDirectory(tmp.path("disk"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()), "may not mount");
        try {
            Path go = tmp.path("go");
            DetachedProcess process = ProcessRegistry.of(pm, disk.resolve("registry"))
                    .detached(Command.of(
                            "sh", "-c", "while ! test -e " + go + "; do sleep 0.05; done; echo lost; exit 7"))
                    .name("web")
                    .start();
            ProcessIdentity program = process.state().process().orElseThrow();
            Path filler = disk.resolve("filler");
            fill(filler);
            Files.createFile(go);
            Eventually.assertThat(BOUND, "its exit", () -> !program.isAlive());
            assertEquals(Optional.empty(), process.await(Duration.ofMillis(500)), "it cannot be recorded");
            Files.delete(filler);
            assertEquals(Optional.of(new ExitStatus.Exited(7)), process.await(BOUND));
            Eventually.assertThat(BOUND, "the loss is noted", () -> lines(process).stream()
                    .anyMatch(line -> line.startsWith("5 bytes of output were lost: ")));
        } finally {
            assertTrue(run("umount", "-l", disk.toString()));
        }
    }

    private static boolean run(String... line) throws InterruptedException {
        return Command.of(List.of(line)).acceptAnyExit().run().status().isExit(0);
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[1024]);
            }
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("No space"), e::toString);
        }
    }
}
