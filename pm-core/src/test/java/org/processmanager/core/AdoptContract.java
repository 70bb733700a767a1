package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;

/** Watching and stopping processes that are not children of this JVM: here grandchildren, which their parent reaps or does not. */
abstract class AdoptContract extends LauncherContract {
    /** What each test started besides what it adopts. */
    private final List<ManagedProcess> started = new ArrayList<>();

    private final ProcessManager other = new ProcessManager(launcher);

    @AfterEach
    void closeTheOther() {
        other.close();
    }

    /** Starts a shell that starts the script and prints its pid; the shell stays and reaps. */
    private long stranger(String script) throws Exception {
        CompletableFuture<String> pid = new CompletableFuture<>();
        started.add(other.command("/bin/sh", "-c", "/bin/sh -c '" + script + "' & echo $!; wait; sleep 1000")
                .stdout(Output.lines(pid::complete))
                .start());
        return Long.parseLong(pid.get(LONG.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    @Scenario("research-process/50")
    void exit_isReportedWithoutStatus() throws Exception {
        AdoptedProcess process = pm.adopt(stranger("exec " + sleepers.sleep(30)));
        Eventually.assertThat(LONG, "it sleeps", () -> sleepers.alive().contains(process.pid()));
        assertEquals(ManagedProcess.State.RUNNING, process.state());
        assertTrue(process.await(Duration.ZERO).isEmpty());
        CompletableFuture<ExitStatus> exit = process.onExit();
        assertTrue(process.signal(Signal.KILL));
        ExitStatus status = exit.get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertInstanceOf(ExitStatus.Unknown.class, status);
        assertTrue(status.toString().contains("not a child of this JVM"), status::toString);
        assertEquals(status, process.await());
        assertEquals(Optional.of(status), process.await(LONG));
        assertEquals(ManagedProcess.State.EXITED, process.state());
        assertFalse(process.signal(Signal.KILL));
        assertEquals(List.of(), process.stop().signalled());
        assertEquals(List.of(), process.descendants());
        assertTrue(process.usage().isEmpty());
        assertFalse(process.identity().isAlive());
    }

    @Test
    void stop_endsTheTreeOnly() throws Exception {
        AdoptedProcess process = pm.adopt(
                stranger("trap : USR1; " + sleepers.sleep(30) + " & (" + sleepers.sleep(30) + " & wait) & wait"));
        ManagedProcess bystander = pm.command("sleep", "30").start();
        // The shell around, the adopted one, the one in parentheses, two that sleep.
        Eventually.assertThat(LONG, "all are there", () -> sleepers.alive().size() == 5);
        assertEquals(3, process.descendants().size());
        assertTrue(process.descendants().stream().allMatch(ProcessIdentity::isAlive));
        StopReport report = process.stop();
        assertEquals(List.of(), report.survivors());
        assertEquals(Optional.of(Signal.TERM), report.effectiveStep().flatMap(StopPolicy.Step::signal));
        assertEquals(4, report.signalled().size());
        assertTrue(report.signalled().contains(process.pid()));
        assertTrue(process.await(LONG).isPresent());
        assertEquals(ManagedProcess.State.RUNNING, bystander.state());
        assertEquals(ManagedProcess.State.RUNNING, started.get(0).state(), "its parent is no descendant");
    }

    @Test
    void suspendedProcess_isReportedAndStopped() throws Exception {
        Assumptions.assumeTrue(isPosix(), "the portable path knows TERM and KILL");
        AdoptedProcess process = pm.adopt(stranger("exec " + sleepers.sleep(30)));
        assertTrue(process.signal(Signal.STOP));
        Eventually.assertThat(LONG, "it is suspended", () -> process.state() == ManagedProcess.State.SUSPENDED);
        assertTrue(process.signal(Signal.CONT));
        Eventually.assertThat(LONG, "it is running again", () -> process.state() == ManagedProcess.State.RUNNING);
        assertTrue(process.signal(Signal.STOP));
        StopReport report = process.stop(StopPolicy.of(StopPolicy.Step.signal(Signal.TERM, LONG)));
        assertEquals(List.of(), report.survivors());
    }

    @Test
    void identity_findsTheSameProcessAgainAndNoOther() throws Exception {
        long pid = stranger("exec " + sleepers.sleep(30));
        ProcessIdentity identity = pm.adopt(pid).identity();
        assertEquals(Optional.of(identity), ProcessIdentity.of(pid));
        assertEquals(identity, pm.adopt(identity).identity());
        assertNotEquals("", identity.bootId());
        ProcessIdentity predecessor = new ProcessIdentity(pid, identity.startTicks() - 1, identity.bootId());
        NoSuchProcessException gone = assertThrows(NoSuchProcessException.class, () -> pm.adopt(predecessor));
        assertTrue(gone.getMessage().contains("has its number now"), gone::getMessage);
        assertFalse(predecessor.isAlive());
        assertTrue(identity.isAlive());
    }

    @Test
    @Scenario("public-stop/4")
    void zombieAndThread_cannotBeAdopted() throws Exception {
        // The shell becomes a program that reaps nothing before its child ends.
        CompletableFuture<String> zombie = new CompletableFuture<>();
        started.add(other.command(
                        "/bin/sh",
                        "-c",
                        "while ! grep -q sleep /proc/$$/comm; do :; done & echo $!; exec " + sleepers.sleep(30))
                .stdout(Output.lines(zombie::complete))
                .start());
        long pid = Long.parseLong(zombie.get(LONG.toSeconds(), TimeUnit.SECONDS));
        Eventually.assertThat(LONG, "it is a zombie", () -> !ProcessIdentity.of(pid)
                .orElseThrow()
                .isAlive());
        assertThrows(NoSuchProcessException.class, () -> pm.adopt(pid));
        ProcessIdentity identity = ProcessIdentity.of(pid).orElseThrow();
        assertThrows(NoSuchProcessException.class, () -> pm.adopt(identity));
        long self = ProcessHandle.current().pid();
        for (String thread : new File("/proc/self/task").list()) {
            long id = Long.parseLong(thread);
            if (id != self) {
                assertThrows(NoSuchProcessException.class, () -> pm.adopt(id), "thread " + id);
                assertEquals(Optional.empty(), ProcessIdentity.of(id), "thread " + id);
            }
        }
    }

    @Test
    void missingProcess_cannotBeAdopted() throws Exception {
        ProcessResult result = pm.command("true").run();
        assertThrows(NoSuchProcessException.class, () -> pm.adopt(result.pid()));
        assertThrows(IllegalArgumentException.class, () -> pm.adopt(0));
        assertThrows(IllegalArgumentException.class, () -> pm.adopt(-1));
        assertThrows(IllegalArgumentException.class, () -> pm.adopt(1L << 40));
        assertThrows(
                IllegalArgumentException.class,
                () -> pm.adopt(ProcessHandle.current().pid()));
        assertEquals(Optional.empty(), ProcessIdentity.of(result.pid()));
    }

    @Test
    void closedWatch_leavesTheProcessAlone() throws Exception {
        AdoptedProcess process = pm.adopt(stranger("exec " + sleepers.sleep(30)));
        CompletableFuture<ExitStatus> exit = process.onExit();
        process.close();
        process.close();
        CompletionException told = assertThrows(CompletionException.class, exit::join);
        assertInstanceOf(CancellationException.class, told.getCause());
        for (Executable use : List.<Executable>of(
                process::state,
                () -> process.signal(Signal.TERM),
                process::stop,
                process::kill,
                process::descendants,
                process::usage)) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, use);
            assertTrue(refused.getMessage().contains("closed"), refused::getMessage);
        }
        assertTrue(process.toString().contains("closed"), process::toString);
        assertTrue(process.identity().isAlive());
    }

    @Test
    void watchClosedAfterExit_stillReportsIt() throws Exception {
        AdoptedProcess process = pm.adopt(stranger("exec " + sleepers.sleep(30)));
        process.kill();
        ExitStatus status = process.await(LONG).orElseThrow();
        process.close();
        assertEquals(ManagedProcess.State.EXITED, process.state());
        assertEquals(status, process.await());
        assertFalse(process.signal(Signal.TERM));
        assertEquals(List.of(), process.stop().survivors());
    }

    @Test
    void closedManager_leavesTheProcessAlone() throws Exception {
        ProcessManager mine = new ProcessManager(launcher);
        AdoptedProcess process = mine.adopt(stranger("exec " + sleepers.sleep(30)));
        mine.close();
        assertTrue(process.identity().isAlive());
        assertThrows(CancellationException.class, process::await);
        assertThrows(IllegalStateException.class, () -> mine.adopt(process.pid()));
    }

    @Test
    @Scenario("research-process/31")
    void stopOfAnAncestorsSession_sparesThisJvm() throws Exception {
        Assumptions.assumeTrue(isPosix());
        // The tree of process 1 holds this JVM: looking at it must not find us.
        AdoptedProcess init = pm.adopt(1);
        List<Long> below = init.descendants().stream().map(ProcessIdentity::pid).toList();
        assertFalse(below.contains(ProcessHandle.current().pid()));
    }

    @Test
    void usage_growsWhileItRuns() throws Exception {
        AdoptedProcess process = pm.adopt(stranger("while :; do :; done"));
        Eventually.assertThat(LONG, "it has used time", () -> process.usage()
                .map(ResourceUsage::user)
                .filter(time -> time.toMillis() >= 50)
                .isPresent());
        assertTrue(process.usage().orElseThrow().maxResidentBytes() > 0);
        process.kill();
        assertTrue(process.await(LONG).isPresent());
    }

    @Test
    void ownProcess_reportsIdentityDescendantsUsage() throws Exception {
        ManagedProcess process =
                sh("while :; do :; done & " + sleepers.sleep(30) + " & wait").start();
        Eventually.assertThat(
                LONG, "it has two children", () -> process.descendants().size() == 2);
        ProcessIdentity identity = process.identity().orElseThrow();
        assertEquals(Optional.of(identity), ProcessIdentity.of(process.pid()));
        assertTrue(identity.isAlive());
        assertTrue(process.usage().isPresent());
        process.kill();
        process.await();
        assertEquals(Optional.of(identity), process.identity());
        assertFalse(identity.isAlive());
        assertEquals(List.of(), process.descendants());
        assertEquals(isPosix(), process.usage().isPresent());
    }
}
