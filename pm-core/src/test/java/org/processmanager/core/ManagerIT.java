package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.PosixLauncher;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** What becomes of children when their JVM ends, and JVMs that were started in unusual ways. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManagerIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    private final Sleepers sleepers = new Sleepers();

    @AfterEach
    void endSleepers() {
        sleepers.endAll();
    }

    static final class Parent implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("start", args -> {
                Command.shell(args.get(0)).start();
                return "";
            });
            commands.on("run", args -> Command.shell(args.get(0)).run().stdoutText());
            commands.on("runMany", args -> runMany(args.get(0), Integer.parseInt(args.get(1))));
        }
    }

    /** Runs a script on so many virtual threads at once; how many printed "done". */
    private static String runMany(String script, int count) throws Exception {
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        List<Callable<String>> calls =
                Collections.nCopies(count, () -> Command.shell(script).run().stdoutText());
        int done = 0;
        for (Future<String> call : threads.invokeAll(calls)) {
            done += call.get().equals("done\n") ? 1 : 0;
        }
        threads.shutdown();
        return Integer.toString(done);
    }

    /** Runs the scripts that it is given and prints how each ended. */
    static final class Runner {
        private Runner() {}

        public static void main(String[] scripts) throws InterruptedException {
            StringBuilder ends = new StringBuilder();
            for (String script : scripts) {
                ends.append(Command.shell(script).acceptAnyExit().run().status())
                        .append('\n');
            }
            new java.io.PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true).print(ends);
        }
    }

    @Test
    @Scenario("process/22")
    @Scenario("research-process/36")
    void endOfTheJvm_stopsItsChildren() {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            parent.call("start", sleepers.sleep(60) + " & " + sleepers.sleep(60) + " & wait");
            Eventually.assertThat(
                    Duration.ofSeconds(10), "they sleep", () -> sleepers.alive().size() == 3);
            parent.exit(0);
            assertEquals(0, parent.waitFor(Duration.ofSeconds(20)));
            assertEquals(List.of(), sleepers.alive());
        }
    }

    @Test
    @Scenario("process/14")
    @Scenario("research-process/23")
    void jvmWithIgnoredAndBlockedSignals_getsExitCodesAndStartsCleanChildren() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        String clean = "test \"$(grep -c '^Sig\\(Ign\\|Blk\\):.0000000000000000$' /proc/self/status)\" = 2";
        ProcessResult result = Command.of("env", "--ignore-signal=CHLD", "--ignore-signal=USR1", "--block-signal=USR2")
                .args(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args("-cp", System.getProperty("java.class.path"), Runner.class.getName())
                .args("exit 7", "kill -9 $$", clean)
                .run();
        assertEquals("exit code 7\nsignal KILL\nexit code 0\n", result.stdoutText());
    }

    @Test
    @Scenario("process/12")
    @Scenario("research-process/18")
    void posixLocale_keepsArgumentsAndInheritedEnvironment() {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "the JDK passes what the locale can tell");
        String script = "printf %s \"$GREETING\" '日本語' | od -An -tx1 | tr -d ' \\n'";
        StringBuilder expected = new StringBuilder();
        for (byte b : "日本語日本語".getBytes(StandardCharsets.UTF_8)) {
            expected.append("%02x".formatted(b));
        }
        try (ChildJvm parent = ChildJvm.of(Parent.class)
                .environment("LC_ALL", "POSIX")
                .environment("GREETING", "日本語")
                .start()) {
            assertEquals(expected.toString(), parent.call("run", script));
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    @Scenario("research-process/51")
    void virtualThreads_waitWithoutTheirCarrier() {
        int count = Soak.scaled(1000, 40);
        try (ChildJvm parent = ChildJvm.of(Parent.class)
                .options("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1")
                .start()) {
            long start = System.nanoTime();
            assertEquals(Integer.toString(count), parent.call("runMany", "sleep 0.5; echo done", count));
            long took = System.nanoTime() - start;
            assertTrue(took < count * 500_000_000L / 2, "one after another would take longer than " + took);
        }
    }

    @Test
    @Scenario("research-process/54")
    void runner_printsNoWarning() throws Exception {
        List<String> forNative =
                Runtime.version().feature() >= 24 ? List.of("--enable-native-access=ALL-UNNAMED") : List.of();
        ProcessResult result = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args(forNative.toArray(String[]::new))
                .args("-cp", System.getProperty("java.class.path"), Runner.class.getName(), "exit 3")
                .run();
        assertEquals("exit code 3\n", result.stdoutText());
        assertTrue(result.stderrText().isEmpty(), result::stderrText);
    }
}
