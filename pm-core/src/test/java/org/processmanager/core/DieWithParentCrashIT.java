package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.launch.jdk.JdkLauncher;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeaderlessProgram;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** A JVM is killed, and the children that are to die with it go too, by the guardian. */
class DieWithParentCrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    private final Sleepers sleepers = new Sleepers();

    static final class Parent implements ChildProgram {
        private static final ProcessManager PM = ProcessManager.create();

        @Override
        public void register(ChildCommands commands) {
            commands.on(
                    "tied",
                    args -> start(PM.command(args.get(0), "-c", args.get(1)).dieWithParent()));
            commands.on(
                    "inherited",
                    args -> start(PM.command("sh", "-c", args.get(0))
                            .stderr(Output.inherit())
                            .dieWithParent()));
            commands.on("leaderless", args -> {
                ManagedProcess process = PM.command("python3", LeaderlessProgram.arguments("twice"))
                        .dieWithParent()
                        .start();
                process.awaitLine(Pattern.compile("ready"), LONG).orElseThrow();
                Eventually.assertThat(LONG, "it has a child in a group of its own", () -> process.descendants().stream()
                        .anyMatch(child -> leadsGroupWithoutMainThread(child.pid())));
                return process.pid() + " " + process.descendants().get(0).pid();
            });
            commands.on("untied", args -> start(PM.command("sh", "-c", args.get(0))));
            commands.on("run", args -> PM.command("sh", "-c", args.get(0))
                    .dieWithParent()
                    .run()
                    .stdoutText());
            commands.on("guardian", args -> "" + guardian());
            commands.on("close", args -> {
                PM.close();
                return "" + guardian();
            });
        }

        private static boolean leadsGroupWithoutMainThread(long pid) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                return stat.matches("(?s).*\\) Z \\d+ " + pid + " .*");
            } catch (IOException e) {
                return false;
            }
        }

        private static String start(Command command) {
            return "" + command.start().pid();
        }

        /** The children of this JVM that are the guardian. */
        private static List<Long> guardian() {
            return ProcessHandle.current()
                    .children()
                    .filter(child -> child.info()
                            .commandLine()
                            .filter(line -> line.contains("while read"))
                            .isPresent())
                    .map(ProcessHandle::pid)
                    .toList();
        }
    }

    @BeforeEach
    void assumeNative() {
        org.junit.jupiter.api.Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
    }

    @AfterEach
    void endSleepers() {
        sleepers.endAll();
    }

    /** It may take a moment: for an instant after its start a process shows no command line. */
    private static String guardianOf(ChildJvm parent) {
        String[] found = {"[]"};
        Eventually.assertThat(LONG, "there is a guardian", () -> {
            found[0] = parent.call("guardian");
            return !found[0].equals("[]");
        });
        return found[0];
    }

    private void awaitSleepers(int count) {
        Eventually.assertThat(LONG, count + " sleep", () -> sleepers.alive().size() == count);
    }

    /** Background jobs of a bash with job control are in groups of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/bin/bash"})
    @Scenario("process/22")
    @Scenario("research-process/36")
    void killedJvm_endsChildAndGrandchildren(String shell) {
        String jobs = shell.endsWith("bash") ? "set -m; " : "";
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            parent.call("tied", shell, jobs + "(" + sleepers.sleep(60) + " & " + sleepers.sleep(60) + "; :) & wait");
            parent.call("untied", "exec " + sleepers.sleep(60));
            parent.call("tied", shell, "exec " + sleepers.sleep(60));
            awaitSleepers(6);
            String guardian = guardianOf(parent);
            assertNotEquals("[]", guardian);
            parent.kill9();
            Eventually.assertThat(
                    Soak.bound(Duration.ofSeconds(1)),
                    "all but the untied one are gone",
                    () -> sleepers.alive().size() == 1);
            Eventually.assertThat(LONG, "the guardian is gone", () -> isGone(guardian));
        }
    }

    @Test
    @Scenario("public-stop/1")
    void killedJvm_endsChildrenWithoutMainThread() {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            String[] pids = parent.call("leaderless").split(" ");
            parent.kill9();
            Eventually.assertThat(LONG, "both are gone", () -> isGone(pids[0]) && isGone(pids[1]));
        }
    }

    @Test
    @Scenario("process/22")
    void childThatInheritsAStream_diesToo() {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            parent.call("inherited", "exec " + sleepers.sleep(60));
            awaitSleepers(1);
            parent.kill9();
            awaitSleepers(0);
        }
    }

    @Test
    @Scenario("process/22")
    void orderlyJvmExit_stopsTiedChildrenToo() {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            parent.call("tied", "/bin/sh", sleepers.sleep(60) + " & wait");
            awaitSleepers(2);
            String guardian = guardianOf(parent);
            parent.exit(0);
            assertEquals(0, parent.waitFor(LONG));
            assertEquals(List.of(), sleepers.alive());
            Eventually.assertThat(LONG, "the guardian is gone", () -> isGone(guardian));
        }
    }

    /** Between its birth and the guardian's knowing of it. */
    @Test
    @Scenario("process/16")
    void jvmKilledDuringTheLaunch_leavesNothing() {
        try (ChildJvm parent =
                ChildJvm.of(Parent.class).crashAt("launch.gate", 1).start()) {
            parent.send("tied", "/bin/sh", "exec " + sleepers.sleep(60));
            assertEquals(ChildJvm.KILLED, parent.waitFor(LONG));
            awaitSleepers(0);
        }
    }

    @Test
    void exitedProcess_isNoLongerGuarded() {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            assertEquals("hi\n", parent.call("run", sleepers.sleep(60) + " >/dev/null 2>&1 & echo hi"));
            parent.call("tied", "/bin/sh", "exec " + sleepers.sleep(60));
            awaitSleepers(2);
            parent.kill9();
            awaitSleepers(1);
        }
    }

    @Test
    void guardianThatIsKilled_isReplaced() {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            parent.call("tied", "/bin/sh", "exec " + sleepers.sleep(60));
            awaitSleepers(1);
            String first = guardianOf(parent);
            // One that ends at once is not replaced for ever. By this clock: the system tells of births to a second
            // only.
            long seen = System.nanoTime();
            Eventually.assertThat(
                    LONG, "the guardian is a second old", () -> System.nanoTime() - seen > 1_500_000_000L);
            handle(first).destroyForcibly();
            Eventually.assertThat(LONG, "there is another", () -> {
                String now = parent.call("guardian");
                return !now.equals("[]") && !now.equals(first);
            });
            parent.kill9();
            awaitSleepers(0);
        }
    }

    @Test
    void closedManager_hasNoGuardian() {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            parent.call("tied", "/bin/sh", "exec " + sleepers.sleep(60));
            assertNotEquals("[]", guardianOf(parent));
            assertEquals("[]", parent.call("close"));
            assertEquals(List.of(), sleepers.alive());
        }
    }

    @Test
    void manager_leavesNothingOfItsGuardianBehind() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            assertEquals("hi\n", pm.command("echo", "hi").dieWithParent().run().stdoutText());
            LaunchFailures.assertFails(
                    LaunchException.Reason.NOT_FOUND,
                    () -> pm.command("no-such-program-at-all").dieWithParent().run());
        }
    }

    @Test
    void portablePath_refusesByName() {
        try (ProcessManager pm = new ProcessManager(new JdkLauncher())) {
            UnsupportedOperationException refused = assertThrows(
                    UnsupportedOperationException.class,
                    () -> pm.command("true").dieWithParent().start());
            assertTrue(refused.getMessage().contains("dieWithParent"), refused::getMessage);
            assertFalse(pm.processes().iterator().hasNext());
        }
    }

    private static ProcessHandle handle(String pids) {
        return ProcessHandle.of(Long.parseLong(pids.replaceAll("[^0-9]", ""))).orElseThrow();
    }

    private static boolean isGone(String pids) {
        return ProcessHandle.of(Long.parseLong(pids.replaceAll("[^0-9]", "")))
                .filter(ProcessHandle::isAlive)
                .isEmpty();
    }
}
