package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.event.ChildState;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.DetachedState.Phase;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.core.supervise.ChildSnapshot;
import org.processmanager.core.supervise.ChildSpec;
import org.processmanager.core.supervise.Restart;
import org.processmanager.core.supervise.Supervisor;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A JVM with a supervisor is killed. */
@Timeout(180)
class SupervisorCrashIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final Sleepers sleepers = new Sleepers();

    /** Supervises a sleeper, a shell with a sleeper, a detached one, and a program that is about to be started again. */
    static final class Keeper {
        public static void main(String[] args) throws InterruptedException {
            ProcessManager pm = ProcessManager.create();
            ProcessRegistry registry = ProcessRegistry.of(pm, Path.of(args[1]));
            pm.supervisor()
                    .child("kept", pm.command("sleep", args[0]), child -> child.detached(registry))
                    .child("plain", pm.command("sleep", args[0]))
                    .child("tree", Command.shell("sleep " + args[0] + " & wait"), child -> child.dependsOn("plain"))
                    .child("again", Command.shell("exit 1"), child -> child.dependsOn("kept", "tree")
                            .restart(Restart.always().backOff(Duration.ofMillis(1), Duration.ofMillis(10))))
                    .start()
                    .awaitEnd(Duration.ofMinutes(5));
        }
    }

    @AfterEach
    void endSleepers() {
        sleepers.endAll();
    }

    @Test
    @Scenario("supervise/11")
    @Scenario("supervise/12")
    void killedJvm_leavesDetachedChildToTheNext() throws Exception {
        String seconds = sleepers.argument(600);
        try (ProcessManager pm = ProcessManager.create()) {
            ProcessRegistry registry = ProcessRegistry.of(pm, tmp.path("registry"));
            ManagedProcess jvm = pm.java(Keeper.class)
                    .args(seconds, registry.directory().toString())
                    .start();
            // the JVM, two programs, the shell and its sleeper
            Eventually.assertThat(LONG, "all run", () -> sleepers.alive().size() == 5);
            DetachedProcess kept = registry.process("kept").orElseThrow();
            Eventually.assertThat(
                    LONG, "its start is recorded", () -> kept.state().phase() == Phase.RUNNING);
            long pid = kept.state().process().orElseThrow().pid();
            assertTrue(jvm.signal(Signal.KILL));
            assertTrue(jvm.await(LONG).isPresent());
            if (PosixLauncher.isAvailable()) {
                Eventually.assertThat(
                        LONG, "the others are gone", () -> sleepers.alive().equals(List.of(pid)));
            }
            assertAdoptedAndRestarted(pm, registry, seconds, pid);
            assertEquals(Phase.EXITED, kept.state().phase(), "stopped with its supervisor");
        }
    }

    private static void assertAdoptedAndRestarted(ProcessManager pm, ProcessRegistry registry, String seconds, long pid)
            throws InterruptedException {
        UnaryOperator<ChildSpec> detached = child -> child.detached(registry)
                .restart(Restart.onFailure().backOff(Duration.ofMillis(1), Duration.ofMillis(2)));
        try (Supervisor supervisor = pm.supervisor()
                        .child("kept", Command.of("sleep", seconds), detached)
                        .start();
                Supervisor rival = pm.supervisor()
                        .child("kept", Command.of("sleep", "1"), child -> child.detached(registry)
                                .restart(Restart.never()))
                        .start()) {
            assertTrue(supervisor.awaitReady(LONG), supervisor::toString);
            assertEquals(
                    OptionalLong.of(pid), supervisor.snapshot().child("kept").pid());
            assertTrue(rival.awaitEnd(LONG));
            ChildSnapshot refused = rival.snapshot().child("kept");
            assertEquals(ChildState.FAILED, refused.state());
            assertTrue(refused.reason().orElseThrow().contains("in use by a running process"), refused::toString);

            assertTrue(registry.process("kept").orElseThrow().signal(Signal.KILL));
            assertTrue(
                    supervisor.await(now -> now.child("kept").restarts() == 1 && now.isReady(), LONG),
                    supervisor::toString);
            ChildSnapshot again = supervisor.snapshot().child("kept");
            assertTrue(again.pid().isPresent() && again.pid().getAsLong() != pid, again::toString);
            assertTrue(again.lastStatus().isPresent(), again::toString);
            assertTrue(registry.process("kept").orElseThrow().stop().isComplete());
            assertTrue(supervisor.awaitEnd(LONG), supervisor::toString);
            ChildSnapshot end = supervisor.snapshot().child("kept");
            assertEquals(ChildState.COMPLETED, end.state(), "stopped by name, which is no failure");
        }
    }
}
