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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeaderlessProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** Timeouts, interrupts and stops: which processes exit, which survive, what is reported. */
abstract class StopContract extends LauncherContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = {"/bin/dash", "/bin/bash"})
    @Scenario("process/2")
    @Scenario("research-process/2")
    void timeout_endsEveryShapeOfTree(String shell) throws Exception {
        String sleep = sleepers.sleep(20);
        List<String> scripts = List.of(
                sleep + "; true", sleep + " & wait", "(" + sleep + ")", sleep + " | cat", "(" + sleep + " & wait)");
        tryInTime(TIMEOUT, timeout -> {
            // All at once, since each needs a moment to become what it is to be before its time is over.
            Map<String, ManagedProcess> trees = new LinkedHashMap<>();
            long start = System.nanoTime();
            for (String script : scripts) {
                Command command =
                        pm.command(shell, "-c", script).timeout(timeout).acceptAnyExit();
                trees.put(script, command.start());
                Command inheriting =
                        command.stdin(Input.inherit()).stdout(Output.inherit()).stderr(Output.inherit());
                trees.put(script + ", inherited", inheriting.start());
            }
            boolean inTime = Eventually.await(timeout, () -> sleepers.asleep().size() == trees.size())
                    && System.nanoTime() - start < timeout.toNanos();
            for (Map.Entry<String, ManagedProcess> tree : trees.entrySet()) {
                ProcessResult result = tree.getValue().await();
                assertTrue(result.duration().compareTo(timeout) >= 0, tree::getKey);
                assertEquals(EndReason.TIMED_OUT, result.endReason(), tree.getKey());
                assertSignaled(Signal.TERM, result);
            }
            // The design's time is for our own launcher; what ProcessBuilder's threads need depends on who else works.
            assertWithin(isPosix() ? Soak.bound(timeout.plus(Duration.ofSeconds(2))) : timeout.plus(LONG), start);
            // Without a session of its own, what a shell starts just as its tree is looked at is not found.
            if (!isPosix() && !inTime) {
                return false;
            }
            assertEquals(List.of(), sleepers.alive());
            return true;
        });
    }

    @Test
    void timeout_isAFailureUnlessAccepted() {
        ProcessFailedException failure = assertThrows(
                ProcessFailedException.class,
                () -> pm.command("sleep", "20").timeout(Duration.ofMillis(100)).run());
        assertEquals(EndReason.TIMED_OUT, failure.result().endReason());
        assertTrue(failure.getMessage().contains("timed out after PT0.1S"), failure::getMessage);
    }

    @Test
    void timeout_appliesToStartedProcessesToo() throws Exception {
        ManagedProcess process =
                pm.command("sleep", "20").timeout(Duration.ofMillis(100)).start();
        assertEquals(EndReason.TIMED_OUT, process.await(LONG).orElseThrow().endReason());
    }

    @Test
    void timeout_thatIsNotReached_changesNothing() throws Exception {
        ProcessResult result = sh("echo hi").timeout(Duration.ofSeconds(30)).run();
        assertEquals("hi\n", result.stdoutText());
        assertEquals(EndReason.OWN_EXIT, result.endReason());
    }

    @Test
    void endlessDurations_areUnbounded() throws Exception {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        ManagedProcess cat = pm.command("cat")
                .stdin(Input.pipe())
                .timeout(endless)
                .stopPolicy(StopPolicy.of(StopPolicy.Step.closeStdin(endless)))
                .start();
        assertTrue(cat.await(Duration.ofSeconds(Long.MIN_VALUE)).isEmpty());
        assertEquals(List.of(), cat.stop().survivors());
        assertTrue(cat.await(endless).orElseThrow().status().isExit(0));
    }

    @Test
    void timeoutWithHeldPipe_endsTheWaitOnly() throws Exception {
        Command holding = sh(sleepers.sleep(20) + " & echo hi").acceptAnyExit();
        tryInTime(Duration.ofMillis(100), timeout -> {
            ProcessResult result = holding.timeout(timeout).run();
            if (!endedBefore(timeout, result)) {
                return false;
            }
            assertEquals(EndReason.OWN_EXIT, result.endReason());
            assertEquals("hi\n", result.stdoutText());
            assertEquals(1, sleepers.alive().size());
            return true;
        });
    }

    @Test
    void ordinaryEnd_leavesBackgroundChildrenAlone() throws Exception {
        sh(sleepers.sleep(20) + " >/dev/null 2>&1 &").run();
        assertEquals(1, sleepers.alive().size());
    }

    @Test
    void stop_endsTheTreeAndReportsHow() throws Exception {
        ManagedProcess process =
                sh(sleepers.sleep(20) + " & " + sleepers.sleep(20) + " & wait").start();
        Eventually.assertThat(LONG, "both sleep", () -> sleepers.alive().size() == 3);
        List<Long> tree = sleepers.alive();
        StopReport report = process.stop();
        assertEquals(Optional.of(Signal.TERM), report.effectiveStep().flatMap(StopPolicy.Step::signal));
        assertEquals(List.of(), report.survivors());
        assertEquals(tree, report.signalled().stream().sorted().toList());
        assertEquals(List.of(), sleepers.alive());
        assertEquals(ManagedProcess.State.EXITED, process.state());
        ProcessResult result = process.await();
        assertEquals(EndReason.TERMINATED, result.endReason());
        assertSignaled(Signal.TERM, result);
        assertEquals(Optional.empty(), process.stop().effectiveStep());
        assertFalse(process.signal(Signal.TERM));
    }

    @Test
    void stop_closesStandardInputFirst() throws Exception {
        ManagedProcess cat =
                pm.command("cat").stdin(Input.pipe()).stopPolicy(PATIENT).start();
        StopReport report = cat.stop();
        assertEquals("close stdin", report.effectiveStep().orElseThrow().toString());
        assertEquals(List.of(), report.signalled());
        ProcessResult result = cat.await();
        assertTrue(result.status().isExit(0));
        assertEquals(EndReason.TERMINATED, result.endReason());
    }

    @Test
    void stop_doesNotWaitOnInputThatIsWritten() throws Exception {
        ManagedProcess sleeper =
                startReady(pm.command("/bin/sh", "-c", "read x; echo ready; exec " + sleepers.sleep(30))
                        .stdin(Input.of("x\n")));
        long start = System.nanoTime();
        StopReport report = sleeper.stop(StopPolicy.of(
                StopPolicy.Step.closeStdin(Duration.ofSeconds(15)),
                StopPolicy.Step.signal(Signal.TERM, Duration.ofSeconds(5))));
        assertWithin(Duration.ofSeconds(10), start);
        assertEquals(
                Signal.TERM,
                report.effectiveStep().flatMap(StopPolicy.Step::signal).orElseThrow());
    }

    @Test
    @Scenario("process/17")
    @Scenario("research-process/26")
    void childThatIgnoresTerm_isKilledAtItsBound() throws Exception {
        Duration bound = Duration.ofMillis(300);
        ManagedProcess stubborn = startReady(
                pm.command("/bin/sh", "-c", "trap '' TERM; echo ready; while :; do " + sleepers.sleep(20) + "; done"));
        long start = System.nanoTime();
        StopReport report = stubborn.stop(StopPolicy.of(
                StopPolicy.Step.signal(Signal.TERM, bound),
                StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(5))));
        assertTrue(System.nanoTime() - start >= bound.toNanos());
        assertEquals(
                Signal.KILL,
                report.effectiveStep().flatMap(StopPolicy.Step::signal).orElseThrow());
        assertSignaled(Signal.KILL, stubborn.await());
        assertEquals(List.of(), sleepers.alive());
    }

    @Test
    void policyWithoutKill_reportsSurvivors() throws Exception {
        ManagedProcess stubborn =
                startReady(pm.command("/bin/sh", "-c", "trap '' TERM; echo ready; " + sleepers.sleep(20) + "; :"));
        StopReport report = stubborn.stop(StopPolicy.of(StopPolicy.Step.signal(Signal.TERM, Duration.ofMillis(100))));
        assertEquals(
                List.of(stubborn.pid()),
                report.survivors().stream()
                        .map(StopReport.Survivor::pid)
                        .filter(pid -> pid == stubborn.pid())
                        .toList());
        assertEquals(Optional.empty(), report.effectiveStep());
        assertEquals(ManagedProcess.State.RUNNING, stubborn.state());
        stubborn.kill();
        assertSignaled(Signal.KILL, stubborn.await(LONG).orElseThrow());
    }

    @Test
    void timeoutSurvivor_isReapedWhenItExits() throws Exception {
        Assumptions.assumeTrue(isPosix(), "the JDK reaps by itself");
        ManagedProcess survivor = pm.command("/bin/sh", "-c", "exec " + sleepers.sleep(60))
                .stopPolicy(StopPolicy.of(StopPolicy.Step.signal(Signal.CONT, Duration.ofMillis(20))))
                .timeout(Duration.ofMillis(20))
                .start();
        assertTrue(survivor.await(LONG).orElseThrow().status() instanceof ExitStatus.Unknown);
        assertEquals(List.of(survivor.pid()), pm.openResources().children());
        ProcessHandle.of(survivor.pid()).orElseThrow().destroyForcibly();
        Eventually.assertThat(
                LONG, "nothing is held for it", () -> pm.openResources().isEmpty());
    }

    @Test
    @Scenario("process/17")
    @Scenario("research-process/33")
    void suspendedChild_isStoppedToo() throws Exception {
        ManagedProcess halted = sh("kill -STOP $$; sleep 20").start();
        Eventually.assertThat(LONG, "it is suspended", () -> halted.state() == ManagedProcess.State.SUSPENDED);
        StopReport report = halted.stop(StopPolicy.of(
                StopPolicy.Step.signal(Signal.TERM, isPosix() ? LONG : Duration.ofMillis(500)),
                StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(5))));
        assertEquals(List.of(), report.survivors());
        assertSignaled(isPosix() ? Signal.TERM : Signal.KILL, halted.await(LONG).orElseThrow());
    }

    @Test
    @Scenario("public-stop/1")
    void exitedMainThread_timeoutStopsTheProcess() throws Exception {
        tryInTime(TIMEOUT, timeout -> {
            ManagedProcess process = pm.command("python3", LeaderlessProgram.arguments())
                    .timeout(timeout)
                    .stdout(Output.capture())
                    .start();
            ProcessResult result = process.await(LONG).orElseThrow();
            if (!result.stdoutText().equals("ready\n")) {
                return false;
            }
            assertEquals(EndReason.TIMED_OUT, result.endReason());
            assertSignaled(Signal.TERM, result);
            assertTrue(result.stopReport().orElseThrow().isComplete(), result::toString);
            assertTrue(ProcessHandle.of(process.pid()).isEmpty(), "it has gone");
            return true;
        });
    }

    @Test
    @Scenario("public-stop/1")
    void exitedMainThreads_areStoppedInTheTree() throws Exception {
        ManagedProcess process = startReady(pm.command("python3", LeaderlessProgram.arguments("twice")));
        Eventually.assertThat(LONG, "it has a child without a main thread", () -> process.descendants().stream()
                .anyMatch(child -> stat(child.pid()).contains(") Z ")));
        assertEquals(ManagedProcess.State.RUNNING, process.state());
        assertTrue(process.identity().orElseThrow().isAlive());
        ProcessIdentity child = process.descendants().get(0);
        AdoptedProcess adopted = pm.adopt(child);
        assertEquals(ManagedProcess.State.RUNNING, adopted.state());
        StopReport ofChild = adopted.stop();
        assertTrue(ofChild.isComplete(), ofChild::toString);
        assertEquals(List.of(child.pid()), ofChild.signalled());
        assertEquals(ManagedProcess.State.EXITED, adopted.state());
        StopReport report = process.stop();
        assertTrue(report.isComplete(), report::toString);
        assertEquals(List.of(process.pid()), report.signalled());
        assertFalse(child.isAlive());
    }

    private static String stat(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    @Scenario("process/18")
    @Scenario("research-process/28")
    void orphanedDescendants_areFoundBySession() throws Exception {
        Assumptions.assumeTrue(isPosix(), "ProcessBuilder gives children no session of their own");
        // The middle shell leaves two sleepers behind, one of them in a group of its own, before the tree is scanned.
        ManagedProcess process = startReady(pm.command(
                "/bin/bash",
                "-c",
                "(set -m; " + sleepers.sleep(20) + " & " + sleepers.sleep(20) + " & ); echo ready; "
                        + sleepers.sleep(20) + "; :"));
        Eventually.assertThat(LONG, "all sleep", () -> sleepers.alive().size() == 4);
        StopReport report = process.stop();
        assertEquals(List.of(), report.survivors());
        assertEquals(4, report.signalled().size());
        assertEquals(List.of(), sleepers.alive());
    }

    @Test
    @Scenario("process/19")
    @Scenario("research-process/29")
    void descendantThatKeepsForking_isOutrun() throws Exception {
        Assumptions.assumeTrue(isPosix(), "without a group of its own, what is born during a walk may be missed");
        ManagedProcess forker = startReady(pm.command(
                "/bin/sh",
                "-c",
                "trap '' TERM; echo ready; while :; do " + sleepers.sleep(30) + " & sleep 0.01; done"));
        Eventually.assertThat(LONG, "it forks", () -> sleepers.alive().size() > 5);
        StopReport report = forker.stop(StopPolicy.of(
                StopPolicy.Step.signal(Signal.TERM, Duration.ofMillis(300)),
                StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(5))));
        assertEquals(List.of(), report.survivors());
        assertEquals(List.of(), sleepers.alive());
    }

    @Test
    @Scenario("process/20")
    @Scenario("research-process/32")
    void stopRacingTheNaturalEnd_isNoError() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < Soak.scaled(10_000, 60); i++) {
            ManagedProcess process = pm.command("true").start();
            long until = System.nanoTime() + random.nextInt(1_500_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            StopReport report = process.stop(StopPolicy.immediateKill());
            assertEquals(List.of(), report.survivors());
            ProcessResult result = process.await();
            boolean natural = result.status().isExit(0);
            assertTrue(natural || result.endReason() == EndReason.TERMINATED, result::toString);
        }
    }

    @Test
    void suspension_isReportedUntilResumed() throws Exception {
        Assumptions.assumeTrue(isPosix(), "the portable path knows TERM and KILL");
        ManagedProcess process = sh("exec " + sleepers.sleep(20)).start();
        // Not TSTP: the kernel ignores it in an orphaned process group.
        for (int i = 0; i < 2; i++) {
            assertTrue(process.signal(Signal.STOP));
            Eventually.assertThat(LONG, "it is suspended", () -> process.state() == ManagedProcess.State.SUSPENDED);
            assertTrue(process.await(Duration.ZERO).isEmpty());
            assertTrue(process.signal(Signal.CONT));
            Eventually.assertThat(LONG, "it is running again", () -> process.state() == ManagedProcess.State.RUNNING);
        }
        process.kill();
    }

    @Test
    @Scenario("research-process/30")
    void descendantInOwnSession_isStoppedByParentage() throws Exception {
        ManagedProcess process = sh("setsid " + sleepers.sleep(20) + " & " + sleepers.sleep(20) + "; :")
                .start();
        Eventually.assertThat(LONG, "both sleep", () -> sleepers.alive().size() == 3);
        StopReport report = process.stop();
        assertTrue(report.isComplete(), report::toString);
        assertEquals(3, report.signalled().size());
        assertEquals(List.of(), sleepers.alive());
        assertEquals(Optional.of(report), process.await().stopReport());
    }

    @Test
    @Scenario("research-process/31")
    void stopOfAChildInOurGroup_sparesItsSiblings() throws Exception {
        Command command = sh(sleepers.sleep(20) + " & wait").stdin(Input.inherit());
        ManagedProcess stopped = command.start();
        ManagedProcess spared = command.start();
        Eventually.assertThat(LONG, "all sleep", () -> sleepers.alive().size() == 4);
        StopReport report = stopped.stop(StopPolicy.immediateKill());
        assertEquals(2, Set.copyOf(report.signalled()).size());
        assertEquals(2, sleepers.alive().size());
        assertEquals(ManagedProcess.State.RUNNING, spared.state());
        assertEquals(1, spared.descendants().size());
    }

    @Test
    @Scenario("research-process/38")
    void statusReapedByOthers_isUnknown() throws Exception {
        Assumptions.assumeTrue(isPosix(), "the JDK reaps its children itself");
        // While a stop is under way, since one is left that ignores TERM, the library reaps nothing: others come first.
        ManagedProcess process =
                startReady(sh("trap '' TERM; " + sleepers.sleep(30) + " & trap - TERM; echo ready; wait"));
        CompletableFuture<StopReport> stop = CompletableFuture.supplyAsync(() -> process.stop(
                StopPolicy.of(StopPolicy.Step.signal(Signal.TERM, LONG), StopPolicy.Step.signal(Signal.KILL, LONG))));
        Eventually.assertThat(LONG, "it is reaped by this test", () -> Wait.reap((int) process.pid()) != null);
        assertTrue(process.await(Duration.ZERO).isEmpty());
        sleepers.endAll();
        assertEquals(List.of(), stop.get(LONG.toSeconds(), TimeUnit.SECONDS).survivors());
        ProcessResult result = process.await(LONG).orElseThrow();
        assertTrue(result.status() instanceof ExitStatus.Unknown, result::toString);
        assertTrue(result.status().toString().contains("reaped"), result::toString);
    }

    @Test
    void kill_endsTheTree() throws Exception {
        ManagedProcess process = sh(sleepers.sleep(20) + " & wait").start();
        Eventually.assertThat(LONG, "it sleeps", () -> sleepers.alive().size() == 2);
        process.kill();
        assertEquals(List.of(), sleepers.alive());
        assertSignaled(Signal.KILL, process.await());
        process.kill();
    }

    @Test
    void signal_reachesTheProcessAlone() throws Exception {
        ManagedProcess process = startReady(sh("trap 'exit 5' TERM; " + sleepers.sleep(20) + " & echo ready; wait"));
        assertTrue(process.signal(Signal.TERM));
        assertTrue(process.await(LONG).orElseThrow().status().isExit(5));
        assertEquals(1, sleepers.alive().size());
    }

    @Test
    void signalsBeyondTermAndKill_workOrAreRefusedByName() throws Exception {
        ManagedProcess process = startReady(sh("trap 'exit 6' USR1; echo ready; while :; do sleep 0.05; done"));
        if (isPosix()) {
            assertTrue(process.signal(Signal.USR1));
            assertTrue(process.await(LONG).orElseThrow().status().isExit(6));
        } else {
            UnsupportedOperationException refused =
                    assertThrows(UnsupportedOperationException.class, () -> process.signal(Signal.USR1));
            assertTrue(refused.getMessage().contains("USR1"), refused::getMessage);
            StopPolicy gentle = StopPolicy.of(StopPolicy.Step.signal(Signal.INT, Duration.ofSeconds(1)));
            assertThrows(UnsupportedOperationException.class, () -> process.stop(gentle));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> pm.command("true").stopPolicy(gentle).start());
            assertEquals(ManagedProcess.State.RUNNING, process.state());
            process.kill();
        }
    }

    @Test
    @Scenario("research-process/34")
    void interruptedRun_stopsTheTreeAndReaps() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                sh(sleepers.sleep(20) + " & wait").run();
                thrown.complete(null);
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        caller.start();
        Eventually.assertThat(LONG, "it sleeps", () -> sleepers.alive().size() == 2);
        Eventually.assertThat(LONG, "it is known", () -> pm.processes().size() == 1);
        long pid = pm.processes().get(0).pid();
        caller.interrupt();
        assertEquals(
                InterruptedException.class, thrown.get(60, TimeUnit.SECONDS).getClass());
        assertEquals(List.of(), sleepers.alive());
        assertTrue(ProcessHandle.of(pid).isEmpty(), "reaped");
        caller.join();
    }

    @Test
    void interruptedCaller_startsNothing() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> pm.command("true").run());
        assertFalse(Thread.interrupted());
    }

    @Test
    void interruptedAwait_leavesTheProcessAlone() throws Exception {
        ManagedProcess process = pm.command("cat").stdin(Input.pipe()).start();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, process::await);
        assertEquals(ManagedProcess.State.RUNNING, process.state());
        process.stdin().close();
        assertTrue(process.await().status().isExit(0));
    }

    @Test
    @Scenario("process/21")
    @Scenario("research-process/35")
    void interruptStorm_leavesNothing() throws Exception {
        int count = Soak.scaled(200, 12);
        List<Thread> callers = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Thread caller = new Thread(() -> {
                try {
                    sh(sleepers.sleep(30) + " & wait")
                            .stopPolicy(StopPolicy.immediateKill())
                            .run();
                } catch (InterruptedException e) {
                    ended.countDown();
                }
            });
            callers.add(caller);
            caller.start();
        }
        Random random = new Random(5);
        for (Thread caller : callers) {
            java.util.concurrent.locks.LockSupport.parkNanos(random.nextInt(2_000_000));
            caller.interrupt();
        }
        assertTrue(ended.await(20, TimeUnit.SECONDS), "callers still waiting: " + ended.getCount());
        for (Thread caller : callers) {
            caller.join();
        }
        assertEquals(List.of(), pm.processes());
        if (isPosix()) {
            // Through ProcessBuilder a shell may start its sleeper between the walk and its own end.
            assertEquals(List.of(), sleepers.alive());
        }
    }

    @Test
    @Scenario("process/23")
    @Scenario("research-process/39")
    void childrenKilledByOthers_reportTheSignal() throws Exception {
        List<ManagedProcess> cats = new ArrayList<>();
        for (int i = 0; i < Soak.scaled(500, isPosix() ? 30 : 10); i++) {
            cats.add(pm.command("cat").stdin(Input.pipe()).start());
        }
        java.util.Collections.shuffle(cats, new Random(9));
        for (ManagedProcess cat : cats) {
            assertTrue(ProcessHandle.of(cat.pid()).orElseThrow().destroyForcibly());
        }
        for (ManagedProcess cat : cats) {
            ProcessResult result = cat.await(LONG).orElseThrow();
            assertSignaled(Signal.KILL, result);
            assertEquals(EndReason.OWN_EXIT, result.endReason());
        }
    }

    @Test
    @Scenario("public-stop/7")
    void stuckConsumer_doesNotHoldAStoppedProcess() throws Exception {
        CountDownLatch entered = new CountDownLatch(3);
        CountDownLatch release = new CountDownLatch(1);
        Output stuck = Output.lines(line -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (ProcessManager own = new ProcessManager(launcher)) {
            ManagedProcess stopped = own.command("/bin/sh", "-c", "echo a; " + sleepers.sleep(60))
                    .stdout(stuck)
                    .start();
            ManagedProcess closed = own.command("/bin/sh", "-c", "echo a; " + sleepers.sleep(60))
                    .stdout(stuck)
                    .start();
            ManagedProcess exited = own.command("echo", "a").stdout(stuck).start();
            assertTrue(entered.await(LONG.toSeconds(), TimeUnit.SECONDS));
            assertTrue(stopped.await(Duration.ZERO).isEmpty());
            assertTrue(stopped.stop().isComplete());
            ProcessResult result = stopped.await(LONG).orElseThrow();
            assertEquals(EndReason.TERMINATED, result.endReason());
            own.close();
            assertEquals(EndReason.TERMINATED, closed.await(LONG).orElseThrow().endReason());
            assertEquals(EndReason.OWN_EXIT, exited.await(LONG).orElseThrow().endReason());
        } finally {
            release.countDown();
        }
    }

    @Test
    void close_stopsEverythingAtOnce() throws Exception {
        List<ManagedProcess> processes = new ArrayList<>();
        try (ProcessManager own = new ProcessManager(launcher)) {
            for (int i = 0; i < 5; i++) {
                processes.add(own.command("/bin/sh", "-c", "trap '' TERM; " + sleepers.sleep(20) + "; :")
                        .stopPolicy(StopPolicy.of(
                                StopPolicy.Step.signal(Signal.TERM, TIMEOUT),
                                StopPolicy.Step.signal(Signal.KILL, TIMEOUT)))
                        .start());
            }
            assertEquals(5, own.processes().size());
        }
        for (ManagedProcess process : processes) {
            assertEquals(EndReason.TERMINATED, process.await(LONG).orElseThrow().endReason());
        }
        assertEquals(List.of(), sleepers.alive());
    }
}
