package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.jdk.JdkLauncher;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.manager.Launchers;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** What becomes of children when their JVM ends, and JVMs that were started in unusual ways. */
class ManagerIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

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
            commands.on("loop", args -> {
                for (int i = 0; i < 4; i++) {
                    Thread starter = new Thread(() -> startForEver(args.get(0)));
                    starter.setDaemon(true);
                    starter.start();
                }
                return "";
            });
            commands.on("run", args -> Command.shell(args.get(0)).run().stdoutText());
            commands.on("runMany", args -> runMany(args.get(0), Integer.parseInt(args.get(1))));
        }
    }

    private static void startForEver(String program) {
        String[] words = program.split(" ");
        try {
            while (true) {
                Command.of(words[0], words[1])
                        .timeout(Duration.ofMillis(20))
                        .acceptAnyExit()
                        .run();
            }
        } catch (IllegalStateException | InterruptedException e) {
            // the JVM is ending
        }
    }

    /** Runs a program on so many virtual threads at once; how many exited with 0. */
    private static String runMany(String program, int count) throws Exception {
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        String[] words = program.split(" ");
        List<Callable<Boolean>> calls = Collections.nCopies(
                count, () -> Command.of(words[0], words[1]).run().status().isExit(0));
        int done = 0;
        for (Future<Boolean> call : threads.invokeAll(calls)) {
            done += call.get() ? 1 : 0;
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
            new PrintStream(new FileOutputStream(FileDescriptor.out), true).print(ends);
        }
    }

    /** Prints what a child in the group of this JVM ignores. */
    static final class Heir {
        private Heir() {}

        public static void main(String[] args) throws Exception {
            Command.of("grep", "^SigIgn", "/proc/self/status")
                    .stdin(Input.inherit())
                    .stdout(Output.inherit())
                    .run();
        }
    }

    /** Names everything relative to its own directory. */
    static final class Relative {
        private Relative() {}

        public static void main(String[] args) throws Exception {
            Path out = Path.of("out.txt");
            Command.of("pwd")
                    .directory(Path.of("sub"))
                    .stdout(Output.toFile(out))
                    .run();
            Command.of("./here")
                    .directory(Path.of("sub"))
                    .stdout(Output.appendTo(out))
                    .run();
            Command.of("here")
                    .directory(Path.of("sub"))
                    .stdout(Output.appendTo(out))
                    .run();
            Command.of("cat").stdin(Input.of(out)).stdout(Output.inherit()).run();
        }
    }

    /** Launches while descriptors run out, one more being free each time; prints what is wrong, or nothing. */
    static final class Exhausted {
        private Exhausted() {}

        public static void main(String[] args) throws Exception {
            Command hi = Command.of("echo", "hi").stdin(Input.of("x"));
            hi.run();
            hi.start().await();
            try {
                hi.directory("/no/such").run();
            } catch (LaunchException e) {
                // its classes can be loaded only while there are descriptors
            }
            long before = descriptors();
            Deque<FileInputStream> all = new ArrayDeque<>();
            try {
                while (true) {
                    all.push(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException e) {
                // none is left
            }
            int refused = 0;
            int started = 0;
            for (int free = 0; free < 24; free++) {
                try {
                    if (free % 2 == 0) {
                        hi.run();
                    } else {
                        hi.start().await();
                    }
                    started++;
                } catch (LaunchException e) {
                    if (e.reason() != LaunchException.Reason.RESOURCES_EXHAUSTED) {
                        throw e;
                    }
                    refused++;
                }
                all.pop().close();
            }
            while (!all.isEmpty()) {
                all.pop().close();
            }
            String left =
                    descriptors() == before ? "" : "descriptors: " + before + " before, " + descriptors() + " after\n";
            print(refused + " refused\n", refused > 0 && started > 0 ? left : "no mixture: " + started + " started\n");
        }

        private static long descriptors() {
            return new File("/proc/self/fd").list().length;
        }

        private static void print(String... texts) {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            for (String text : texts) {
                out.print(text);
            }
        }
    }

    @Test
    @Scenario("process/10")
    void launchesWithoutDescriptors_leaveNothing() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        ProcessResult result = Command.of("prlimit", "--nofile=200:200")
                .args(SmallJvm.commandLine(Exhausted.class))
                .timeout(Duration.ofSeconds(60))
                .run();
        assertTrue(result.stdoutText().matches("[1-9][0-9]* refused\n"), result::stdoutText);
    }

    @Test
    @Scenario("process/22")
    @Scenario("research-process/36")
    void jvmExit_stopsItsChildren() {
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
    @Scenario("process/22")
    void childrenStartedDuringJvmExit_doNotSurvive() {
        for (int i = 0; i < Soak.scaled(20, 3); i++) {
            try (ChildJvm parent = ChildJvm.start(Parent.class)) {
                parent.call("loop", sleepers.sleep(60));
                Eventually.assertThat(Duration.ofSeconds(10), "one sleeps", () -> !sleepers.alive()
                        .isEmpty());
                parent.exit(0);
                assertEquals(0, parent.waitFor(Duration.ofSeconds(20)));
                assertEquals(List.of(), sleepers.alive());
            }
        }
    }

    @Test
    @Scenario("process/14")
    @Scenario("research-process/23")
    void jvmWithIgnoredSignals_startsCleanChildren() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        String clean = "test \"$(grep -c '^Sig\\(Ign\\|Blk\\):.0000000000000000$' /proc/self/status)\" = 2";
        ProcessResult result = Command.of("env", "--ignore-signal=CHLD", "--ignore-signal=USR1", "--block-signal=USR2")
                .args(SmallJvm.commandLine(Runner.class))
                .args("exit 7", "kill -9 $$", clean)
                .run();
        assertEquals("exit code 7\nsignal KILL\nexit code 0\n", result.stdoutText());
    }

    @Test
    @Scenario("process/14")
    void hangUpIgnoredByTheJvm_isIgnoredByAChildInItsGroup() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        ProcessResult result = Command.of("env", "--ignore-signal=HUP", "--ignore-signal=USR1")
                .args(SmallJvm.commandLine(Heir.class))
                .run();
        assertEquals("SigIgn:\t0000000000000001\n", result.stdoutText());
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
    @Scenario("process/12")
    void posixLocale_standsInNoWayOfRelativePaths() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "the JDK passes what the locale can tell");
        String script = "mkdir é && cd é && mkdir sub && printf '#!/bin/sh\npwd' > sub/here && chmod +x sub/here"
                + " && PATH=\"$PATH:$PWD/sub\" LC_ALL=POSIX exec \"$@\"";
        ProcessResult result = Command.shell(script)
                .arg("sh")
                .args(SmallJvm.commandLine(Relative.class))
                .directory(tmp.directory())
                .charset(StandardCharsets.UTF_8)
                .run();
        String sub = tmp.directory().toRealPath() + "/é/sub\n";
        assertEquals(sub + sub + sub, result.stdoutText(), result::stderrText);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    @Scenario("research-process/51")
    void virtualThreads_waitWithoutTheirCarrier() {
        int count = 1000;
        try (ChildJvm parent = ChildJvm.of(Parent.class)
                .options("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1")
                .start()) {
            long start = System.nanoTime();
            assertEquals(Integer.toString(count), parent.call("runMany", "sleep 0.5", count));
            long took = System.nanoTime() - start;
            assertTrue(took < count * 500_000_000L / 4, "one after another would take longer than " + took);
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

    /** The whole of what the library says where natives are denied is one line, which says how to allow them. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    @Scenario("research-process/54")
    void deniedNativeAccess_usesThePortablePath() throws Exception {
        Command runner = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .arg("--illegal-native-access=deny");
        String[] rest = {
            "-cp", System.getProperty("java.class.path"), Runner.class.getName(), "exit 3", "kill -9 $$", "echo x >&2"
        };
        ProcessResult denied = runner.args(rest).run();
        assertEquals("exit code 3\nexit code 137\nexit code 0\n", denied.stdoutText());
        assertEquals(1, denied.stderrText().lines().count(), denied::stderrText);
        assertTrue(denied.stderrText().contains("--enable-native-access=ALL-UNNAMED"), denied::stderrText);
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        ProcessResult allowed =
                runner.arg("--enable-native-access=ALL-UNNAMED").args(rest).run();
        assertEquals("exit code 3\nsignal KILL\nexit code 0\n", allowed.stdoutText());
        assertEquals("", allowed.stderrText());
    }

    /** Prints how many hooks of this library the JVM has before, while and after its children live. */
    static final class Hooks {
        private Hooks() {}

        public static void main(String[] args) throws Exception {
            List<Integer> counts = new ArrayList<>();
            try (ProcessManager pm = ProcessManager.create()) {
                Command cat = pm.command("cat").stdin(Input.pipe());
                counts.add(count());
                ManagedProcess first = cat.start();
                ManagedProcess second = cat.start();
                counts.add(count());
                first.stop();
                counts.add(count());
                second.stop();
                Eventually.assertThat(Duration.ofSeconds(10), "no hook is left", () -> count() == 0);
                counts.add(count());
                pm.command("true").run();
                try {
                    pm.command("no-such-program").run();
                } catch (LaunchException e) {
                    // as it should
                }
                Eventually.assertThat(Duration.ofSeconds(10), "again no hook is left", () -> count() == 0);
                cat.start();
                counts.add(count());
            }
            Eventually.assertThat(Duration.ofSeconds(10), "closing leaves no hook", () -> count() == 0);
            new PrintStream(new FileOutputStream(FileDescriptor.out), true).print(counts);
        }

        private static int count() {
            try {
                Class<?> owner = Class.forName("java.lang.ApplicationShutdownHooks");
                Field hooks = owner.getDeclaredField("hooks");
                hooks.setAccessible(true);
                synchronized (owner) { // as its methods are: another thread may just take one off
                    return (int) ((Map<?, ?>) hooks.get(null))
                            .keySet().stream()
                                    .filter(hook -> ((Thread) hook).getName().startsWith("pm-"))
                                    .count();
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void hookOfTheJvm_isThereOnlyWhileChildrenLive() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            ProcessResult result = pm.java(
                            Hooks.class,
                            JavaOptions.none().option("-Xmx64m", "--add-opens=java.base/java.lang=ALL-UNNAMED"))
                    .run();
            assertEquals("[0, 1, 1, 0, 1]", result.stdoutText(), result::stderrText);
        }
    }

    /** Has a background child read from the terminal, which suspends it; prints what is observed. */
    static final class TerminalReader {
        private TerminalReader() {}

        public static void main(String[] args) throws Exception {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            Command reader =
                    Command.of("cat").stdin(Input.inherit()).processGroup().acceptAnyExit();
            ManagedProcess cat = reader.start();
            Eventually.assertThat(
                    Duration.ofSeconds(20),
                    "it is suspended: " + cat,
                    () -> cat.state() == ManagedProcess.State.SUSPENDED);
            out.print(cat.await(Duration.ZERO).isPresent() + " ");
            StopReport report = cat.stop();
            out.print(report.survivors() + " " + report.effectiveStep().orElseThrow() + " ");
            ProcessResult timedOut = reader.timeout(Duration.ofMillis(500)).run();
            out.print(timedOut.endReason() + " " + timedOut.status());
        }
    }

    @Test
    @Scenario("process/17")
    void childSuspendedByTerminal_isReported() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        String driver = """
                import os, pty, sys
                pid, terminal = pty.fork()
                if pid == 0:
                    os.execv(sys.argv[1], sys.argv[1:])
                seen = b''
                try:
                    while data := os.read(terminal, 4096):
                        seen += data
                except OSError:
                    pass
                os.waitpid(pid, 0)
                print(seen.decode().replace('\\r', ''), end='')
                """;
        ProcessResult result = Command.of("python3", "-c", driver)
                .args(SmallJvm.commandLine(
                        List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off"), TerminalReader.class))
                .timeout(Duration.ofSeconds(60))
                .run();
        assertEquals("false [] TERM TIMED_OUT signal TERM", result.stdoutText(), result::toString);
    }

    /** Prints what its child has as its standard error. */
    static final class ErrorHeir {
        private ErrorHeir() {}

        public static void main(String[] args) throws Exception {
            for (Launcher launcher : List.of(Launchers.preferred(), new JdkLauncher())) {
                try (ProcessManager pm = new ProcessManager(launcher)) {
                    pm.command("readlink", "/proc/self/fd/2")
                            .stdout(Output.inherit())
                            .stderr(Output.inherit())
                            .run();
                }
            }
        }
    }

    /** As a jar that the JVM opened for itself; there are more than its properties name. */
    @Test
    void fileThatCannotBeWritten_isNoStandardError() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs /proc");
        ProcessResult result = Command.shell("exec \"$@\" 2</etc/passwd")
                .arg("sh")
                .args(SmallJvm.commandLine(ErrorHeir.class))
                .run();
        assertEquals("/dev/null\n/dev/null\n", result.stdoutText());
    }

    /** Prints the outcome of a signal to a child that has changed its user by then. */
    static final class Refused {
        private Refused() {}

        public static void main(String[] args) throws Exception {
            StringBuilder answers = new StringBuilder();
            for (Launcher launcher : List.of(Launchers.preferred(), new JdkLauncher())) {
                try (ProcessManager pm = new ProcessManager(launcher)) {
                    CompletableFuture<String> ready = new CompletableFuture<>();
                    ManagedProcess other = pm.command("setpriv", "--reuid=65534", "--clear-groups")
                            .args("sh", "-c", "echo ready; read x")
                            .stdin(Input.pipe())
                            .stdout(Output.lines(ready::complete))
                            .acceptAnyExit()
                            .start();
                    ready.get(60, TimeUnit.SECONDS);
                    try {
                        answers.append(other.signal(Signal.TERM)).append('\n');
                    } catch (NotPermittedException e) {
                        answers.append(e.getMessage().replaceAll("[0-9]+", "N")).append('\n');
                    }
                    other.stdin().close();
                    other.await();
                    answers.append(other.signal(Signal.TERM)).append('\n');
                }
            }
            new PrintStream(new FileOutputStream(FileDescriptor.out), true).print(answers);
        }
    }

    @Test
    void signalThatIsNotPermitted_isRefused() throws Exception {
        Assumptions.assumeTrue(
                PosixLauncher.isAvailable() && org.processmanager.core.internal.posix.Files.effectiveUserId() == 0,
                "only the superuser can give up a right and keep another");
        ProcessResult result = Command.of("setpriv", "--bounding-set=-kill")
                .args(SmallJvm.commandLine(Refused.class))
                .run();
        List<String> answers = result.stdoutText().lines().toList();
        assertEquals(4, answers.size(), result::toString);
        assertTrue(answers.get(0).startsWith("cannot send TERM to process N: "), answers::toString);
        assertEquals("cannot send TERM to process N: the system does not allow it", answers.get(2));
        assertEquals(List.of("false", "false"), List.of(answers.get(1), answers.get(3)));
    }

    @Test
    void jvmWithoutJna_startsProcesses() throws Exception {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*/jna[^/]*"))
                .collect(Collectors.joining(File.pathSeparator));
        ProcessResult result = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args("-cp", path, Runner.class.getName(), "exit 3")
                .run();
        assertEquals("exit code 3\n", result.stdoutText());
    }
}
