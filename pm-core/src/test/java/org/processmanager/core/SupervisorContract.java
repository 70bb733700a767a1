package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.processmanager.core.event.ChildState;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.core.supervise.ChildSnapshot;
import org.processmanager.core.supervise.Health;
import org.processmanager.core.supervise.Restart;
import org.processmanager.core.supervise.Strategy;
import org.processmanager.core.supervise.Supervisor;
import org.processmanager.core.supervise.SupervisorSnapshot;
import org.processmanager.core.supervise.SupervisorSpec;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;

/** Supervisors of real processes and threads; {@code DecisionTest} tries what they decide. */
abstract class SupervisorContract extends LauncherContract {
    private static final Restart SOON = Restart.always().backOff(Duration.ofMillis(10), Duration.ofMillis(50));
    private static final Restart LATE = Restart.always().backOff(Duration.ofMinutes(5), Duration.ofMinutes(5));

    private Command sleeper() {
        return sh("exec " + sleepers.sleep(60)).stopPolicy(StopPolicy.immediateKill());
    }

    private static ChildSnapshot child(Supervisor supervisor, String name) {
        return supervisor.snapshot().child(name);
    }

    private static void assertAwaits(Supervisor supervisor, String name, ChildState state) throws InterruptedException {
        assertTrue(
                supervisor.await(snapshot -> snapshot.child(name).state() == state, LONG),
                () -> name + " is not " + state + ": " + supervisor);
    }

    @Test
    @Scenario("supervise/8")
    void killedChild_comesBackAndIsCounted() throws Exception {
        List<ProcessEvent.ChildChanged> events = Collections.synchronizedList(new ArrayList<>());
        pm.addListener(event -> {
            if (event instanceof ProcessEvent.ChildChanged changed) {
                events.add(changed);
            }
        });
        try (Supervisor supervisor = pm.supervisor()
                .child("web", sleeper(), child -> child.restart(SOON))
                .start()) {
            assertTrue(supervisor.awaitReady(LONG), supervisor::toString);
            long first = child(supervisor, "web").pid().orElseThrow();
            assertEquals(first, supervisor.process("web").orElseThrow().pid());
            assertTrue(supervisor.process("web").orElseThrow().signal(Signal.KILL));
            assertTrue(
                    supervisor.await(now -> now.child("web").restarts() == 1 && now.isReady(), LONG),
                    supervisor::toString);
            ChildSnapshot again = child(supervisor, "web");
            assertNotEquals(first, again.pid().orElseThrow());
            assertTrue(again.lastStatus().isPresent(), again::toString);
            assertEquals(
                    List.of("web"),
                    pm.processes().stream().map(ManagedProcess::name).toList());
        }
        Eventually.assertThat(LONG, "all events", () -> events.size() == 7); // listeners are served by another thread
        assertEquals(
                List.of(
                        ChildState.STARTING,
                        ChildState.RUNNING,
                        ChildState.BACKING_OFF,
                        ChildState.STARTING,
                        ChildState.RUNNING,
                        ChildState.STOPPING,
                        ChildState.STOPPED),
                events.stream().map(ProcessEvent.ChildChanged::state).toList());
    }

    @Test
    @Scenario("supervise/9")
    void order_isThatOfDependenciesAndReversed() throws Exception {
        Path log = tmp.path("log");
        SupervisorSpec spec = pm.supervisor()
                .child("web", logging(log, "web"), child -> child.dependsOn("db", "cache"))
                .child("db", logging(log, "db"))
                .child("cache", logging(log, "cache"), child -> child.dependsOn("db"));
        try (Supervisor supervisor = spec.start()) {
            assertTrue(supervisor.awaitReady(LONG), supervisor::toString);
        }
        assertEquals(
                List.of("db up", "cache up", "web up", "web down", "cache down", "db down"), Files.readAllLines(log));
    }

    /** A program that notes its start and its stop, each after a moment in which others would overtake it. */
    private Command logging(Path log, String name) {
        return sh("trap 'echo $NAME down >> $LOG; exit 0' TERM; sleep 0.05; echo $NAME up >> $LOG; echo ready;"
                        + " while :; do sleep 0.05; done")
                .env("LOG", log.toString())
                .env("NAME", name)
                .stopPolicy(StopPolicy.of(StopPolicy.Step.signal(Signal.TERM, LONG)))
                .ready(Ready.line("^ready$"), LONG);
    }

    @Test
    void stop_duringBackOffOrStart_isImmediate() throws Exception {
        Supervisor supervisor = pm.supervisor()
                .child("failing", sh("exit 3"), child -> child.restart(LATE))
                .child("slow", sleeper().ready(Ready.file(tmp.path("never")), Duration.ofMinutes(5)))
                .child("waiting", sleeper(), child -> child.dependsOn("slow"))
                .start();
        assertAwaits(supervisor, "failing", ChildState.BACKING_OFF);
        assertAwaits(supervisor, "slow", ChildState.STARTING);
        ChildSnapshot failing = child(supervisor, "failing");
        assertEquals(Optional.of(new ExitStatus.Exited(3)), failing.lastStatus());
        assertTrue(failing.nextRestart().orElseThrow().isAfter(Instant.now().plusSeconds(60)), failing::toString);
        assertFalse(supervisor.awaitReady(Duration.ZERO));
        long start = System.nanoTime();
        SupervisorSnapshot last = supervisor.stop();
        assertWithin(LONG, start);
        assertTrue(last.ended(), last::toString);
        assertEquals(
                List.of(ChildState.STOPPED, ChildState.STOPPED, ChildState.STOPPED),
                last.children().stream().map(ChildSnapshot::state).toList());
        assertEquals(List.of(), pm.processes());
        assertEquals(last, supervisor.stop());
    }

    @Test
    void crashLoop_endsTheSupervisor() throws Exception {
        Supervisor supervisor = pm.supervisor()
                .child("steady", sleeper())
                .child("broken", sh("exit 1"), child -> child.restart(SOON.atMost(3, Duration.ofMinutes(1))))
                .start();
        assertTrue(supervisor.awaitEnd(LONG), supervisor::toString);
        SupervisorSnapshot last = supervisor.snapshot();
        assertEquals(3, last.child("broken").restarts());
        assertEquals(ChildState.FAILED, last.child("broken").state());
        assertTrue(last.gaveUp().orElseThrow().startsWith("broken failed again after 3 restarts"), last::toString);
        assertEquals(List.of(), pm.processes());
    }

    @Test
    void missingProgram_isRetriedOrFails() throws Exception {
        Supervisor supervisor = pm.supervisor()
                .child("missing", pm.command("/no/such/program"), child -> child.restart(Restart.never()))
                .child("other", sleeper(), child -> child.dependsOn("missing"))
                .start();
        assertTrue(supervisor.awaitEnd(LONG), supervisor::toString);
        ChildSnapshot missing = child(supervisor, "missing");
        assertTrue(missing.reason().orElseThrow().contains("/no/such/program"), missing::toString);
        assertEquals(ChildState.FAILED, child(supervisor, "other").state());
    }

    @Test
    void childThatIsNotReadyInTime_isRestarted() throws Exception {
        Path file = tmp.path("second");
        Command command = sh("[ -e $F ] && echo up; : > $F; exec " + sleepers.sleep(60))
                .env("F", file.toString())
                .stopPolicy(StopPolicy.immediateKill())
                .ready(Ready.line("^up$"), Duration.ofSeconds(1));
        try (Supervisor supervisor = pm.supervisor()
                .child("slow", command, child -> child.restart(SOON))
                .start()) {
            assertTrue(supervisor.awaitReady(LONG), supervisor::toString);
            assertTrue(child(supervisor, "slow").restarts() >= 1, supervisor::toString);
        }
    }

    @Test
    void failingProbes_restartTheProcess() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        AtomicBoolean healthy = new AtomicBoolean();
        Health health = Health.probe("a reply", process -> {
                    checks.incrementAndGet();
                    return healthy.get();
                })
                .every(Duration.ofMillis(5))
                .failures(3);
        try (Supervisor supervisor = pm.supervisor()
                .child("web", sleeper(), child -> child.restart(SOON).health(health))
                .start()) {
            assertTrue(supervisor.await(now -> now.child("web").restarts() >= 1, LONG), supervisor::toString);
            assertTrue(checks.get() >= 3, checks::toString);
            healthy.set(true);
            assertTrue(supervisor.awaitReady(LONG), supervisor::toString);
            int before = checks.get();
            Eventually.assertThat(LONG, "checks go on", () -> checks.get() > before + 3);
        }
    }

    @Test
    void thread_isRestartedAndCancelled() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch cleaned = new CountDownLatch(1);
        Supervisor supervisor = pm.supervisor()
                .thread(
                        "ticker",
                        cancellation -> {
                            if (runs.incrementAndGet() < 3) {
                                throw new IllegalStateException("no tick");
                            }
                            cancellation.onCleanup("count down", cleaned::countDown);
                            cancellation.sleep(Duration.ofMinutes(5));
                        },
                        child -> child.restart(SOON))
                .child("worker", sleeper(), child -> child.dependsOn("ticker"))
                .start();
        assertTrue(supervisor.await(now -> now.child("ticker").restarts() == 2 && now.isReady(), LONG));
        assertTrue(supervisor.process("ticker").isEmpty());
        supervisor.close();
        assertTrue(cleaned.await(LONG.toSeconds(), TimeUnit.SECONDS));
        assertEquals(3, runs.get());
    }

    @Test
    void restForOne_restartsLaterProcesses() throws Exception {
        SupervisorSpec spec = pm.supervisor().strategy(Strategy.REST_FOR_ONE);
        for (String name : List.of("a", "b", "c")) {
            spec = spec.child(name, sleeper(), child -> child.restart(SOON));
        }
        try (Supervisor supervisor = spec.start()) {
            assertTrue(supervisor.awaitReady(LONG), supervisor::toString);
            supervisor.process("b").orElseThrow().kill();
            assertTrue(
                    supervisor.await(now -> now.child("c").restarts() == 1 && now.isReady(), LONG),
                    supervisor::toString);
            assertEquals(0, child(supervisor, "a").restarts());
            assertEquals(1, child(supervisor, "b").restarts());
        }
    }

    @Test
    void closedManager_stopsInOrder() throws Exception {
        Path log = tmp.path("log");
        Supervisor supervisor = pm.supervisor()
                .child("db", logging(log, "db"))
                .child("web", logging(log, "web"), child -> child.dependsOn("db")
                        .restart(SOON))
                .start();
        assertTrue(supervisor.awaitReady(LONG), supervisor::toString);
        pm.close();
        assertTrue(supervisor.snapshot().ended());
        assertEquals(List.of("db up", "web up", "web down", "db down"), Files.readAllLines(log));
        assertThrows(
                IllegalStateException.class,
                () -> pm.supervisor().child("x", sleeper()).start());
    }

    @Test
    @Scenario("supervise/10")
    void badDependencies_areRefusedByName() {
        SupervisorSpec spec = pm.supervisor()
                .child("a", sleeper(), child -> child.dependsOn("b"))
                .child("b", sleeper(), child -> child.dependsOn("c"));
        assertMessage("b depends on \"c\", which does not exist (expected: one of a, b)", spec::start);
        SupervisorSpec cycle = spec.child("c", sleeper(), child -> child.dependsOn("b"));
        assertMessage("b -> c -> b", cycle::start);
        assertMessage("\"a\" is in use by another child (in use: a, b)", () -> spec.child("a", sleeper()));
        assertMessage("not blank", () -> spec.child(" ", sleeper()));
        assertMessage("129 characters (expected: at most 128)", () -> spec.thread("t".repeat(129), cancellation -> {}));
        assertThrows(
                IllegalStateException.class,
                () -> spec.thread("t", cancellation -> {}, child -> child.health(Health.probe("x", process -> true))));
        try (Supervisor supervisor = pm.supervisor().start()) {
            assertThrows(NoSuchElementException.class, () -> supervisor.process("a"));
        }
        assertEquals(List.of(), pm.processes());
    }

    @Test
    @Scenario("supervise/13")
    void whatCannotBeDetached_isRefused() {
        ProcessRegistry registry = ProcessRegistry.of(pm, tmp.path("registry"));
        Health health = Health.probe("x", process -> true);
        for (Command command : List.of(
                Command.of("true").dieWithParent(),
                Command.of("true").stdin(Input.of("x")),
                Command.of("true").stdout(Output.discard()))) {
            assertMessage("(expected: without; ", () -> pm.supervisor()
                    .child("web", command, child -> child.detached(registry)));
        }
        assertMessage(
                "name: ", () -> pm.supervisor().child("a b", Command.of("true"), child -> child.detached(registry)));
        SupervisorSpec none = pm.supervisor();
        assertThrows(
                IllegalStateException.class,
                () -> none.thread("t", cancellation -> {}, child -> child.detached(registry)));
        assertThrows(
                IllegalStateException.class,
                () -> none.child(
                        "web", sleeper(), child -> child.detached(registry).health(health)));
        assertThrows(
                IllegalStateException.class,
                () -> none.child("web", sleeper(), child -> child.health(health).detached(registry)));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().contains(part), e::getMessage);
    }
}
