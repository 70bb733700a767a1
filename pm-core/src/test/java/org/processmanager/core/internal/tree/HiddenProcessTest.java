package org.processmanager.core.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

/** Trees whose processes {@code /proc} does not show, or not as this process knows them. */
@Timeout(180)
class HiddenProcessTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());
    private static final int ROOT = 4_000_000;
    private static final StopPolicy TERM = StopPolicy.of(StopPolicy.Step.signal(Signal.TERM, Duration.ofSeconds(20)));

    /** What {@code /proc} shows. */
    private enum Look {
        FAILED(() -> {
            throw new UncheckedIOException(new IOException("no descriptor"));
        }),
        NOT_MOUNTED(Map::of),
        OTHER_NAMESPACE(() -> Map.of(1, stat(1, 0, 1), 2, stat(2, 1, 1))),
        WITHOUT_THE_ROOT(() -> Map.of(1, stat(1, 0, 1), SELF, stat(SELF, 1, 1))),
        WITHOUT_OTHER_USERS(() -> Map.of(SELF, stat(SELF, 1, 1)));

        private final Supplier<Map<Integer, ProcStat>> scan;

        Look(Supplier<Map<Integer, ProcStat>> scan) {
            this.scan = scan;
        }
    }

    /** A root that its owner knows. */
    private record Owned(boolean hasExited, boolean isPrompt) implements TreeWalk.Root {}

    private static ProcStat stat(int pid, int parent, int session) {
        return new ProcStat(pid, 'S', parent, session, session, 100);
    }

    private static List<Integer> live(TreeWalk walk) {
        return walk.live().stream().map(ProcessTree.Member::pid).toList();
    }

    private static TreeWalk walk(Look look, boolean exited, boolean prompt) {
        return new TreeWalk(ROOT, 100, TreeScope.PARENTS, new Owned(exited, prompt), look.scan);
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("public-stop/2")
    void runningRoot_isAMemberWhateverProcShows(Look look) {
        TreeWalk walk = walk(look, false, true);
        assertEquals(List.of(ROOT), live(walk));
        assertTrue(walk.scanFailure().isPresent());
        assertEquals(look.ordinal() < Look.WITHOUT_THE_ROOT.ordinal(), walk.hasFailed());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("public-stop/2")
    void exitedRoot_isNoMember(Look look) {
        assertEquals(List.of(), live(walk(look, true, true)));
    }

    @Test
    @Scenario("public-stop/2")
    void rootGoneFromProc_hasExitedUnlessProcHides() {
        assertEquals(List.of(), live(walk(Look.WITHOUT_THE_ROOT, false, false)));
        assertEquals(List.of(ROOT), live(walk(Look.WITHOUT_OTHER_USERS, false, false)));
        assertEquals(List.of(ROOT), live(walk(Look.NOT_MOUNTED, false, false)));
    }

    @Test
    @Scenario("public-stop/2")
    void childrenOfAHiddenRoot_areFound() {
        Map<Integer, ProcStat> all = new HashMap<>(Look.WITHOUT_THE_ROOT.scan.get());
        all.put(5, stat(5, ROOT, 1));
        TreeWalk walk = new TreeWalk(ROOT, 100, TreeScope.PARENTS, new Owned(false, true), () -> all);
        assertEquals(List.of(ROOT, 5), live(walk));
    }

    @Test
    @Scenario("public-stop/2")
    void hiddenRoot_leavesADoubtAfterItsExit() {
        boolean[] exited = {false};
        TreeWalk.Root root = new TreeWalk.Root() {
            @Override
            public boolean hasExited() {
                return exited[0];
            }

            @Override
            public boolean isPrompt() {
                return true;
            }
        };
        TreeWalk walk = new TreeWalk(ROOT, 100, TreeScope.PARENTS, root, Look.WITHOUT_THE_ROOT.scan);
        live(walk);
        exited[0] = true;
        assertEquals(List.of(), live(walk));
        assertTrue(walk.scanFailure().orElseThrow().contains("does not show process " + ROOT), walk.scanFailure()::get);
    }

    private static void assertEndedByTerm(StopReport report, Process process) throws Exception {
        assertEquals(List.of(process.pid()), report.signalled());
        assertEquals(Optional.of(Signal.TERM), report.effectiveStep().flatMap(StopPolicy.Step::signal));
        assertEquals(List.of(), report.survivors());
        assertTrue(report.scanFailure().isPresent());
        assertFalse(report.isComplete());
        assertEquals(128 + Signal.TERM.number(), process.waitFor());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("public-stop/2")
    void hiddenChild_isStoppedThroughItsPidfd(Look look) throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs pidfds");
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        int pidfd = Wait.openPidfd((int) sleeper.pid());
        try {
            int[] reached = {0};
            PosixTree tree =
                    new PosixTree((int) sleeper.pid(), 0, pidfd, TreeScope.PARENTS, () -> reached[0]++, look.scan);
            assertEndedByTerm(new StopSteps(tree, () -> false, () -> null).run(TERM), sleeper);
            assertTrue(reached[0] > 0);
        } finally {
            Files.close(pidfd);
            sleeper.destroyForcibly();
        }
    }

    @Test
    @Scenario("public-stop/9")
    void childStartedSinceTheScan_isFollowedThroughTheJdk() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; wait").start();
        int child = Integer.parseInt(shell.inputReader().readLine());
        boolean[] scanned = {false};
        Supplier<Map<Integer, ProcStat>> lateScan = () -> {
            Map<Integer, ProcStat> all = new HashMap<>(ProcStat.all());
            if (!scanned[0]) {
                all.remove(child);
                scanned[0] = true;
            }
            return all;
        };
        try {
            PortableTree tree = new PortableTree(
                    shell.toHandle(), PortableTree.startTicks(shell.toHandle()), shell::isAlive, () -> {}, lateScan);
            StopReport report = new StopSteps(tree, () -> false, () -> null).run(TERM);
            assertEquals(List.of(shell.pid(), (long) child), report.signalled());
            assertTrue(report.isComplete(), report::toString);
        } finally {
            shell.destroyForcibly().waitFor();
            ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WITHOUT_THE_ROOT")
    @Scenario("public-stop/2")
    void hiddenChild_isStoppedThroughTheJdk(Look look) throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        try {
            PortableTree tree = new PortableTree(sleeper.toHandle(), 0, sleeper::isAlive, () -> {}, look.scan);
            assertEndedByTerm(new StopSteps(tree, () -> false, () -> null).run(TERM), sleeper);
        } finally {
            sleeper.destroyForcibly();
        }
    }
}
