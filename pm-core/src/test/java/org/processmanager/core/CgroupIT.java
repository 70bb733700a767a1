package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Processes in control groups, where this user may make some. */
@Timeout(180)
class CgroupIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final Sleepers sleepers = new Sleepers();
    private final ProcessManager pm = ProcessManager.create();
    private Path directory;

    @BeforeEach
    void nameAGroup() throws IOException {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        String mount = Cgroup.mount();
        Assumptions.assumeTrue(mount != null, "cgroup v2 is not mounted");
        directory = Path.of(mount, tmp.name("group"));
        try {
            Files.createDirectory(directory);
            Files.delete(directory);
        } catch (IOException e) {
            Assumptions.abort("may not make control groups: " + e);
        }
    }

    @AfterEach
    void removeTheGroup() throws IOException {
        pm.close();
        sleepers.endAll();
        if (directory != null && Files.exists(directory)) {
            Eventually.assertThat(Duration.ofSeconds(10), "the group is empty", () -> members()
                    .isEmpty());
            Files.deleteIfExists(directory);
        }
    }

    private List<String> members() {
        try {
            return Files.readAllLines(directory.resolve("cgroup.procs"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private Command inGroup(String... line) {
        return pm.command(line[0], Arrays.copyOfRange(line, 1, line.length)).cgroup(directory);
    }

    @Test
    void missingCgroup_isCreatedAndRemovedWithProcess() throws Exception {
        String groups = inGroup("cat", "/proc/self/cgroup").run().stdoutText();
        assertTrue(groups.contains("0::/"), groups);
        assertTrue(groups.contains("/" + directory.getFileName() + "\n"), groups);
        assertFalse(Files.exists(directory));
        Path relative = directory.getFileName();
        assertEquals(
                groups,
                pm.command("cat", "/proc/self/cgroup").cgroup(relative).run().stdoutText());
        assertFalse(Files.exists(directory));
    }

    @Test
    void existingCgroup_stays() throws Exception {
        Files.createDirectory(directory);
        assertTrue(inGroup("true").run().status().isExit(0));
        assertTrue(Files.exists(directory));
    }

    @Test
    void cgroupWithDescendants_isRemovedWithTheLast() throws Exception {
        Command leaving = inGroup("/bin/sh", "-c", sleepers.sleep(60) + " >/dev/null 2>&1 & echo left");
        assertEquals("left\n", leaving.run().stdoutText());
        assertTrue(Files.exists(directory));
        assertEquals(1, members().size());
        sleepers.endAll();
        Eventually.assertThat(Duration.ofSeconds(20), "the group is removed", () -> Files.notExists(directory));
    }

    @Test
    @Scenario("research-process/30")
    void stop_endsDaemonsOutsideTheTree() throws Exception {
        String daemon = "setsid sh -c '" + sleepers.sleep(60) + " & ' >/dev/null 2>&1";
        ManagedProcess process = LauncherContract.startReady(
                inGroup("/bin/sh", "-c", daemon + "; (" + daemon + " &); echo ready; " + sleepers.sleep(60) + "; :"));
        Eventually.assertThat(
                Duration.ofSeconds(10), "daemons", () -> sleepers.alive().size() == 4);
        StopReport report = process.stop();
        assertEquals(List.of(), report.survivors());
        assertEquals(List.of(), sleepers.alive());
        Eventually.assertThat(Duration.ofSeconds(10), "the group is removed", () -> Files.notExists(directory));
    }

    @Test
    @Scenario("research-process/30")
    void timeout_endsDaemonsThatIgnoreTerm() throws Exception {
        String daemon = "trap '' TERM; setsid sh -c '" + sleepers.sleep(60) + " & ' >/dev/null 2>&1";
        ProcessResult result = inGroup("/bin/sh", "-c", daemon + "; " + sleepers.sleep(60) + "; :")
                .timeout(Duration.ofSeconds(1))
                .stopPolicy(StopPolicy.of(
                        StopPolicy.Step.signal(Signal.TERM, Duration.ofMillis(200)),
                        StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(5))))
                .acceptAnyExit()
                .run();
        assertEquals(EndReason.TIMED_OUT, result.endReason());
        assertEquals(List.of(), sleepers.alive());
    }

    @Test
    @Scenario("research-process/46")
    void memoryLimitReached_isReportedAsSuch() throws Exception {
        Path controllers = directory.resolveSibling("cgroup.subtree_control");
        Assumptions.assumeTrue(
                Files.readString(controllers).contains("memory"), "the memory controller is not on for groups here");
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("memory.max"), "67108864");
        ProcessResult result = inGroup("head", "-c", "256m", "/dev/zero")
                .stdout(Output.discard())
                .acceptAnyExit()
                .run();
        assertTrue(result.status().isExit(0), "what does not keep much is left alone");
        result = inGroup("/bin/sh", "-c", "exec tail -c 256m /dev/zero")
                .timeout(Duration.ofSeconds(30))
                .acceptAnyExit()
                .run();
        assertEquals(new ExitStatus.Signaled(Signal.KILL, false), result.status());
        assertEquals(EndReason.OUT_OF_MEMORY, result.endReason());
    }

    @Test
    @Scenario("process/12")
    void argumentsAndEnvironment_passTheGateVerbatim() throws Exception {
        List<String> awkward =
                List.of("", "a b", "\"q\"", "'", "*", "$HOME", "-n", "--", "日本語", "A=b", "x".repeat(100_000));
        ProcessResult result = inGroup("printf", "%s\\0")
                .args(awkward.toArray(String[]::new))
                .charset(StandardCharsets.UTF_8)
                .run();
        assertEquals(
                awkward,
                new ArrayList<>(Arrays.asList(result.stdoutText().split("\0", -1))).subList(0, awkward.size()));

        Command env = pm.command("env", "-0")
                .env("spring.x-y", "1")
                .env("-u", "2")
                .env("IFS", "-")
                .env("PWD", "/not/here")
                .env("OPTIND", "7")
                .env("_", "under")
                .env("PPID", "5")
                .env("LINENO", "5")
                .env("RANDOM", "5")
                .env("SHLVL", "5")
                .env("EMPTY", "")
                .withoutEnv("OLDPWD")
                .charset(StandardCharsets.UTF_8);
        for (Command each :
                List.of(env, env.withoutEnv("SHLVL").withoutEnv("PWD").withoutEnv("_"), env.clearEnv())) {
            assertEquals(variables(each), variables(each.cgroup(directory)));
            assertEquals(variables(each), variables(each.cgroup(directory).limits(l -> l.coreDump(0))));
        }
    }

    private static TreeSet<String> variables(Command command) throws InterruptedException {
        return new TreeSet<>(Arrays.asList(command.run().stdoutText().split("\0")));
    }

    @Test
    @Scenario("process/13")
    void program_seesNoDescriptorOfTheGate() throws Exception {
        assertEquals(
                "0\n1\n2\n", inGroup("/bin/sh", "-c", "ls -1 /proc/$$/fd").run().stdoutText());
    }

    @Test
    void pathWithEqualsSign_isNoVariable() throws Exception {
        Path program = Files.writeString(tmp.path("a=b"), "#!/bin/sh\necho \"$@\"\n");
        assertTrue(program.toFile().setExecutable(true));
        assertEquals("c\n", inGroup(program.toString(), "c").run().stdoutText());
    }

    @Test
    @Scenario("process/8")
    void exitCodes_areNotMistakenForGateFailures() throws Exception {
        for (int code : new int[] {1, 125, 126, 127}) {
            ProcessResult result =
                    inGroup("/bin/sh", "-c", "exit " + code).acceptAnyExit().run();
            assertTrue(result.status().isExit(code), result::toString);
        }
        LaunchFailures.assertFails(LaunchException.Reason.NOT_FOUND, () -> inGroup("/no/such/program")
                .run());
        assertFalse(Files.exists(directory));
    }

    @Test
    void unavailableCgroup_failsTheLaunch() throws Exception {
        Path trace = tmp.path("trace");
        Command touch = pm.command("touch", trace.toString());
        for (Path bad : List.of(
                Path.of("/tmp"),
                directory.resolve("missing/parent"),
                Path.of("../x"),
                directory.getParent(),
                Path.of("."))) {
            LaunchException refused = LaunchFailures.assertFails(
                    LaunchException.Reason.ATTRIBUTE_REFUSED,
                    () -> touch.cgroup(bad).run(),
                    bad::toString);
            assertTrue(refused.getMessage().contains("control group"), refused::getMessage);
        }
        assertFalse(Files.exists(trace));
        assertEquals(List.of(), pm.processes());
    }

    /** As is one that is made below a group for threads, until it is made one of these too. */
    @Test
    void cgroupRefusingProcesses_failsTheLaunch() throws Exception {
        Path trace = tmp.path("trace");
        Path threads = directory.resolve("threads");
        Path invalid = threads.resolve("invalid");
        Files.createDirectory(directory);
        Files.createDirectory(threads);
        try {
            Files.writeString(threads.resolve("cgroup.type"), "threaded");
            Files.createDirectory(invalid);
            Command touch = pm.command("touch", trace.toString()).cgroup(invalid);
            for (Command each : List.of(touch, touch.dieWithParent(), touch.limits(l -> l.coreDump(0)))) {
                LaunchException refused =
                        LaunchFailures.assertFails(LaunchException.Reason.ATTRIBUTE_REFUSED, each::run);
                assertTrue(refused.getMessage().contains(invalid.toString()), refused::getMessage);
            }
            assertFalse(Files.exists(trace));
            assertEquals(List.of(), pm.processes());
        } finally {
            Files.deleteIfExists(invalid);
            Files.delete(threads);
        }
    }

    @Test
    void execFailure_isNotMistakenForCgroupRefusal() throws Exception {
        Path text = Files.writeString(tmp.path("text"), "#!/bin/sh\n");
        LaunchException refused =
                LaunchFailures.assertFails(LaunchException.Reason.NOT_EXECUTABLE, () -> inGroup(text.toString())
                        .run());
        assertTrue(refused.getMessage().contains("permission denied"), refused::getMessage);
        assertTrue(text.toFile().setExecutable(true));
        Files.writeString(text, "true\n");
        LaunchFailures.assertFails(LaunchException.Reason.NOT_EXECUTABLE, () -> inGroup(text.toString())
                .run());
        assertFalse(Files.exists(directory));
    }

    @Test
    void dieWithParent_worksInCgroup() throws Exception {
        String groups =
                inGroup("cat", "/proc/self/cgroup").dieWithParent().run().stdoutText();
        assertTrue(groups.contains("/" + directory.getFileName() + "\n"), groups);
        assertFalse(Files.exists(directory));
    }

    @Test
    @Scenario("process/10")
    void failedLaunches_leaveNoGroup() {
        for (Command bad : List.of(
                inGroup("true").stdin(Input.of(tmp.path("missing"))),
                inGroup("true").directory(tmp.path("missing")),
                inGroup("no-such-program"),
                inGroup("true").affinity(4095),
                inGroup("true", "x".repeat(100_000), "y".repeat(100_000)).limits(l -> l.stack(400_000)))) {
            for (int i = 0; i < 20; i++) {
                assertThrows(LaunchException.class, bad::run);
                assertFalse(Files.exists(directory));
            }
        }
    }

    @Test
    void passedAndInherited_workBehindTheGate() throws Exception {
        assertEquals(
                "in\n",
                inGroup("cat").stdin(Input.of("in\n")).newSession().run().stdoutText());
    }
}
