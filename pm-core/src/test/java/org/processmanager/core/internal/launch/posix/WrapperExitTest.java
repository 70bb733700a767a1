package org.processmanager.core.internal.launch.posix;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.LaunchException;
import org.processmanager.core.LaunchException.Reason;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.Rlimit;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

/** Exits under the name of a wrapper, as they are seen where the program ended between two looks. */
@Timeout(180)
class WrapperExitTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final LaunchSpec GUARDED = new LaunchSpec(List.of("/bin/true")).withDieWithParent();
    private static final LaunchSpec LIMITED =
            new LaunchSpec(List.of("/bin/true")).withLimits(Map.of(Rlimit.NOFILE, new Rlimit.Range(55, 66)));

    @BeforeEach
    void assumeNative() {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
    }

    /** Runs a script to its end, and looks for the program only then. */
    private static void check(LaunchSpec spec, String script) {
        List<String> environment = new ArrayList<>();
        environment.add("PATH=" + System.getenv("PATH"));
        int pid;
        try (CStrings argv = CStrings.of(List.of("sh", "-c", script));
                CStrings variables = CStrings.of(environment)) {
            pid = Spawn.spawn(new Spawn.Request("/bin/sh", argv, variables, null, new int[] {0, 1, 2}, true, -1));
        }
        try {
            Eventually.assertThat(Duration.ofSeconds(20), "it ends", () -> Wait.peek(pid) != null);
            ExecChain.plan(spec, "/bin/true", "/bin/true", Credentials.SAME, spec.dieWithParent())
                    .awaitProgram(pid, () -> "");
        } finally {
            Wait.reap(pid);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exit 3",
                "exit 127",
                "kill -KILL $$",
                "exec env /nonexistent 2>/dev/null",
                "exec env kill -KILL $$",
                "exec nice /nonexistent 2>/dev/null"
            })
    @Scenario("public-stop/5")
    void toolOfTheProgram_isNotTheBarrier(String script) {
        assertDoesNotThrow(() -> check(GUARDED, script));
    }

    @Test
    @Scenario("public-stop/5")
    void toolOfALimitedProgram_isNotThatOfTheLimits() {
        assertDoesNotThrow(() -> check(LIMITED, "ulimit -Sn 55; ulimit -Hn 66; exec prlimit --bogus 2>/dev/null"));
        LaunchException refused =
                assertThrows(LaunchException.class, () -> check(LIMITED, "exec prlimit --bogus 2>&-"));
        assertEquals(Reason.LIMIT_REFUSED, refused.reason());
    }

    @Test
    void exitOfTheBarrier_isAFailedLaunch() {
        LaunchException failed =
                assertThrows(LaunchException.class, () -> check(GUARDED, "printf pm-barrier >/proc/$$/comm; exit 125"));
        assertEquals("cannot start /bin/true: sh ended with exit code 125", failed.getMessage());
    }
}
