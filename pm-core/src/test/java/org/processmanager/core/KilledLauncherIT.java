package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

/** A child JVM is killed while it starts processes, each in a session of its own. */
@Timeout(180)
class KilledLauncherIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int THREADS = 4;

    private final Sleepers sleepers = new Sleepers();

    /** Starts sleepers without end, from several threads. */
    static final class Starter {
        public static void main(String[] args) {
            ProcessManager pm = ProcessManager.create();
            for (int i = 0; i < THREADS; i++) {
                new Thread(() -> {
                            while (true) {
                                pm.command("sleep", args[0]).start();
                            }
                        })
                        .start();
            }
        }
    }

    @AfterEach
    void endSleepers() {
        sleepers.endAll();
    }

    @RepeatedTest(2)
    @Scenario("public-stop/6")
    void killedJvm_leavesNoProcessOfItsOwn() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "the portable path cannot suspend what it kills");
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess jvm =
                    pm.java(Starter.class).args(sleepers.argument(60)).start();
            Eventually.assertThat(LONG, "it starts", () -> sleepers.asleep().size() > 10);
            StopReport report = jvm.stop(StopPolicy.immediateKill());
            assertTrue(report.isComplete(), report::toString);
            assertTrue(jvm.await(LONG).isPresent());
            assertEquals(List.of(), sleepers.alive());
        }
    }
}
