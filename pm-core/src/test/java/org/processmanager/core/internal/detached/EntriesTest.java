package org.processmanager.core.internal.detached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopPolicy.Step;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.Rlimit;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.core.registry.DetachedState.Phase;
import org.processmanager.core.supervise.Restart;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** The files of an entry, without a process. */
class EntriesTest {
    private static final ProcessIdentity SELF =
            ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    private static final ProcessIdentity REUSED = new ProcessIdentity(SELF.pid(), SELF.startTicks() - 1, SELF.bootId());
    private static final ProcessIdentity OF_LAST_BOOT =
            new ProcessIdentity(SELF.pid(), SELF.startTicks(), "11111111-2222-3333-4444-555555555555");

    private static final DetachedOptions OPTIONS = new DetachedOptions(
            Map.of("ready.port", "80"),
            Restart.onFailure()
                    .backOff(Duration.ofMillis(1), Duration.ofMillis(4))
                    .jitter(0.5)
                    .atMost(2, Duration.ofSeconds(7)),
            4096);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private static CommandFile command(String... line) {
        return CommandFile.of(new LaunchSpec(List.of(line)), OPTIONS);
    }

    private EntryFiles entry(String name) throws IOException {
        Path registry = tmp.path("registry");
        Entries.createDirectory(registry);
        return new EntryFiles(registry.resolve(name));
    }

    private static DetachedState state(Phase phase, ProcessIdentity process, ProcessIdentity shim) {
        return new DetachedState(
                phase,
                Optional.of(process),
                shim,
                Instant.ofEpochSecond(1),
                Optional.empty(),
                3,
                Optional.of(new ExitStatus.Signaled(Signal.KILL, true)),
                "text = : # \u00e9\n");
    }

    @Test
    @Scenario("detached/1")
    void sameName_isCreatedByExactlyOne() throws Exception {
        EntryFiles files = entry("web");
        AtomicInteger created = new AtomicInteger();
        IntStream.range(0, 16).parallel().forEach(i -> {
            try {
                if (Entries.create(files, command("true"))) {
                    created.incrementAndGet();
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(1, created.get());
        assertEquals(List.of("web"), Entries.names(tmp.path("registry")));
        try (var all = Files.list(tmp.path("registry"))) {
            assertEquals(1, all.count(), "drafts are left");
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(tmp.path("registry"))));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.command())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.directory())));
    }

    @Test
    void command_isReadAsWritten() throws Exception {
        EntryFiles files = entry("all");
        LaunchSpec spec = new LaunchSpec(List.of("/bin/\udc80", "", "a b\n", "\ud83d\ude00=#!"))
                .withName("x y")
                .withDirectory(Path.of("/tmp"))
                .withEnvironment(
                        EnvironmentSpec.INHERITED.with("A", "1\n2").without("B").with("x:y z", " "))
                .withLimits(Map.of(Rlimit.NOFILE, new Rlimit.Range(10, Rlimit.UNLIMITED)))
                .withThreadAttributes(18, -3, null, List.of(0, 2))
                .withCredentials("me", "us", List.of())
                .withStopPolicy(StopPolicy.of(
                        Step.closeStdin(Duration.ofMillis(5)),
                        Step.signal(Signal.named("RTMIN+2"), Duration.ofSeconds(70)),
                        Step.signal(Signal.KILL, Duration.ZERO)))
                .withCgroup(Path.of("a/b"));
        CommandFile written = CommandFile.of(spec, OPTIONS);
        assertTrue(Entries.create(files, written));
        CommandFile read = CommandFile.read(files);
        assertEquals(written.environment(), read.environment());
        assertEquals(written.options(), read.options());
        LaunchSpec again = read.spec();
        assertEquals(spec.commandLine(), again.commandLine());
        assertEquals(spec.name(), again.name());
        assertEquals(spec.directory(), again.directory());
        assertEquals(spec.environment(), again.environment());
        assertEquals(spec.limits(), again.limits());
        assertEquals(spec.umask(), again.umask());
        assertEquals(spec.nice(), again.nice());
        assertEquals(spec.cpus(), again.cpus());
        assertEquals(spec.user(), again.user());
        assertEquals(spec.group(), again.group());
        assertEquals(spec.supplementaryGroups(), again.supplementaryGroups());
        assertEquals(spec.cgroup(), again.cgroup());
        assertEquals(spec.stopPolicy(), again.stopPolicy());
        LaunchSpec withCode = spec.withStopPolicy(StopPolicy.of(StopPolicy.step("code", process -> {})));
        assertThrows(IllegalArgumentException.class, () -> CommandFile.of(withCode, OPTIONS));
    }

    @Test
    @Scenario("detached/15")
    void entryWithoutShim_failsOnceItIsGivenUp() throws Exception {
        EntryFiles files = entry("web");
        Entries.create(files, command("true"));
        assertEquals(Phase.STARTING, StateFile.read(files).phase(), "the starter lives");
        Entries.giveUp(files, "no shim");
        assertEquals(Phase.FAILED, StateFile.read(files).phase());
        assertEquals("no shim", StateFile.read(files).message());
        StateFile.write(files, state(Phase.RUNNING, SELF, SELF));
        Entries.giveUp(files, "late");
        assertEquals(Phase.RUNNING, StateFile.read(files).phase());
    }

    @Test
    void restarts_followTheirRule() {
        RestartRow row = new RestartRow(Restart.onFailure()
                .backOff(Duration.ofMillis(10), Duration.ofMillis(40))
                .jitter(0)
                .atMost(5, Duration.ofDays(1)));
        assertEquals(Optional.empty(), row.next(true, 0));
        assertEquals(Optional.of(Duration.ofMillis(10)), row.next(false, 0));
        assertEquals(Optional.of(Duration.ofMillis(20)), row.next(false, 0));
        assertEquals(Optional.of(Duration.ofMillis(40)), row.next(false, 0));
        assertEquals(Optional.of(Duration.ofMillis(40)), row.next(false, 39_999_999));
        assertEquals(Optional.of(Duration.ofMillis(10)), row.next(false, 40_000_000));
        assertEquals(Optional.empty(), row.next(false, 0));
    }

    @Test
    void runningState_isReadAsWritten() throws Exception {
        EntryFiles files = entry("web");
        assertTrue(Entries.create(files, command("true")));
        DetachedState written = state(Phase.RUNNING, REUSED, SELF);
        StateFile.write(files, written);
        assertEquals(written, StateFile.read(files));
    }

    @Test
    @Scenario("detached/2")
    void stateOfAKilledShim_isNotBelieved() throws Exception {
        EntryFiles files = entry("web");
        assertTrue(Entries.create(files, command("true")));
        StateFile.write(files, state(Phase.RUNNING, SELF, REUSED));
        assertEquals(Phase.ORPHANED, StateFile.read(files).phase());
        StateFile.write(files, state(Phase.RUNNING, REUSED, REUSED));
        assertEquals(Phase.LOST, StateFile.read(files).phase());
        StateFile.write(files, state(Phase.EXITED, SELF, REUSED));
        assertEquals(Phase.EXITED, StateFile.read(files).phase());
    }

    @Test
    @Scenario("detached/3")
    void stateOfAnEarlierBoot_isNotBelieved() throws Exception {
        EntryFiles files = entry("web");
        assertTrue(Entries.create(files, command("true")));
        StateFile.write(files, state(Phase.RUNNING, OF_LAST_BOOT, OF_LAST_BOOT));
        DetachedState state = StateFile.read(files);
        assertEquals(Phase.LOST, state.phase());
        assertTrue(state.message().contains("restarted"), state::message);
    }

    @Test
    void damagedState_isLost() throws Exception {
        EntryFiles files = entry("web");
        assertTrue(Entries.create(files, command("true")));
        for (String content : List.of("", "phase=RUNNING\n", "phase=OTHER\nstarted=1\n")) {
            Files.writeString(files.state(), content);
            DetachedState state = StateFile.read(files);
            assertEquals(Phase.LOST, state.phase());
            assertTrue(state.message().contains("damaged"), state::message);
        }
        Files.writeString(files.command(), "name=x\n");
        assertThrows(IOException.class, () -> CommandFile.read(files));
        assertTrue(Entries.remove(files));
        assertFalse(Files.exists(files.directory()));
        assertThrows(NoSuchFileException.class, () -> StateFile.read(files));
    }

    @Test
    void reopened_entryIsStartingAgain() throws Exception {
        EntryFiles files = entry("web");
        assertTrue(Entries.create(files, command("true")));
        StateFile.write(files, state(Phase.EXITED, REUSED, REUSED));
        Files.writeString(files.stopRequest(), "");
        Entries.reopen(files, CommandFile.read(files));
        assertFalse(Files.exists(files.stopRequest()));
        assertEquals(Phase.STARTING, StateFile.read(files).phase());
    }
}
