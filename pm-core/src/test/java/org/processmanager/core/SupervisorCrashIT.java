package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.supervise.Restart;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

/** A JVM with a supervisor is killed. */
@Timeout(180)
class SupervisorCrashIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Sleepers sleepers = new Sleepers();

    /** Supervises a sleeper, a shell with a sleeper, and a program that is about to be started again. */
    static final class Keeper {
        public static void main(String[] args) throws InterruptedException {
            ProcessManager pm = ProcessManager.create();
            pm.supervisor()
                    .child("plain", pm.command("sleep", args[0]))
                    .child("tree", Command.shell("sleep " + args[0] + " & wait"), child -> child.dependsOn("plain"))
                    .child(
                            "again",
                            Command.shell("exit 1"),
                            child -> child.restart(
                                    Restart.always().backOff(Duration.ofMillis(1), Duration.ofMillis(10))))
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
    void killedJvm_leavesNoChildRunning() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "on the portable path they survive");
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess jvm =
                    pm.java(Keeper.class).args(sleepers.argument(600)).start();
            // the JVM, the program, the shell and its sleeper
            Eventually.assertThat(LONG, "all run", () -> sleepers.alive().size() == 4);
            assertTrue(jvm.signal(Signal.KILL));
            assertTrue(jvm.await(LONG).isPresent());
            Eventually.assertThat(LONG, "none is left", () -> sleepers.alive().isEmpty());
        }
    }
}
