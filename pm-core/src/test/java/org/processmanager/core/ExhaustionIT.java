package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;

/** Processes can be stopped, and their exits are reported, when the JVM has run out of a resource. */
@Timeout(180)
class ExhaustionIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    private static final Duration WATCHDOG = Duration.ofSeconds(120);

    private final Sleepers sleepers = new Sleepers();

    @AfterEach
    void endSleepers() {
        sleepers.endAll();
    }

    /** Stops, kills and times out the script that it is given while no descriptor is free. */
    static final class NoDescriptor {
        private NoDescriptor() {}

        public static void main(String[] script) throws Exception {
            Duration soon = Duration.ofSeconds(2);
            Command command = Command.shell(script[0]).stdout(Output.discard()).stderr(Output.discard());
            // Once with descriptors, since loading a class takes one.
            new StopReport.Survivor(1, "").toString();
            command.start().stop();
            command.start().kill();
            command.timeout(Duration.ofMillis(10)).start().await();
            ProcessManager pm = ProcessManager.create();
            AdoptedProcess init = pm.adopt(1);
            for (Supplier<?> look : List.<Supplier<?>>of(init::descendants, init::state, init::identity)) {
                look.get();
            }
            new ResourcesExhaustedException("", null).toString();
            new PosixException("", "", 0).toString();

            ManagedProcess timedOut = command.timeout(soon).start();
            ManagedProcess stopped = command.start();
            ManagedProcess killed = command.start();
            List<FileInputStream> all = new ArrayList<>();
            List<String> refusals = Stream.<Supplier<?>>of(
                            () -> pm.adopt(1),
                            () -> ProcessIdentity.of(1),
                            () -> init.identity().isAlive(),
                            init::descendants,
                            init::state,
                            stopped::descendants)
                    .map(look -> {
                        takeDescriptors(all);
                        return refusal(look);
                    })
                    .toList();
            takeDescriptors(all);
            StopReport report = stopped.stop();
            killed.kill();
            List<ProcessResult> ends = new ArrayList<>();
            for (ManagedProcess process : List.of(stopped, killed, timedOut)) {
                process.await(Duration.ofSeconds(60)).ifPresent(ends::add);
            }
            for (FileInputStream one : all) {
                one.close();
            }
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            refusals.forEach(refusal -> out.print(refusal + "\n"));
            pm.close();
            ends.forEach(end -> out.print(end.status() + " " + end.endReason() + "\n"));
            out.print(report.scanFailure().isPresent()
                    && !report.isComplete()
                    && report.survivors().isEmpty());
        }

        /** Takes all that are free, also those that other threads have closed since the last call. */
        private static void takeDescriptors(List<FileInputStream> all) {
            try {
                while (true) {
                    all.add(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException e) {
                // none is left
            }
        }

        private static String refusal(Supplier<?> look) {
            try {
                return "" + look.get();
            } catch (RuntimeException e) {
                return e.getClass().getSimpleName();
            }
        }
    }

    @Test
    @Scenario("process/10")
    void stopWithoutDescriptors_reportsScanFailure() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        String script = sleepers.sleep(60) + " & " + sleepers.sleep(60) + "; :";
        ProcessResult result = Command.of("prlimit", "--nofile=200:200")
                .args(SmallJvm.commandLine(NoDescriptor.class, script))
                .timeout(WATCHDOG)
                .run();
        assertEquals(
                "ResourcesExhaustedException\n".repeat(4)
                        + "RUNNING\nResourcesExhaustedException\n" // the state needs no descriptor
                        + "signal TERM TERMINATED\nsignal KILL TERMINATED\nsignal TERM TIMED_OUT\ntrue",
                result.stdoutText(),
                result::stderrText);
        assertEquals(List.of(), sleepers.alive());
    }

    /** Looks at an adopted process while no descriptor is free; the JDK takes it for gone then. */
    static final class NoDescriptorForTheJdk {
        private NoDescriptorForTheJdk() {}

        public static void main(String[] seconds) throws Exception {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            ProcessManager pm = ProcessManager.create();
            ManagedProcess child = pm.command("sleep", seconds[0]).start();
            AdoptedProcess adopted = pm.adopt(child.pid());
            StopPolicy brief = StopPolicy.of(StopPolicy.Step.signal(Signal.TERM, Duration.ofMillis(50)));
            List<Supplier<?>> looks = List.of(
                    () -> pm.adopt(child.pid()),
                    adopted::state,
                    adopted::isAlive,
                    adopted::descendants,
                    () -> adopted.stop(brief));
            // Once with descriptors, since loading a class takes one.
            looks.subList(0, 4).stream().map(NoDescriptor::refusal).toList();
            new ResourcesExhaustedException("", null).toString();
            new StopReport.Survivor(1, "").toString();
            pm.command("sleep", seconds[0]).start().stop(brief);
            List<FileInputStream> all = new ArrayList<>();
            try {
                while (true) {
                    all.add(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException e) {
                // none is left
            }
            List<String> answers = looks.stream().map(NoDescriptor::refusal).toList();
            for (FileInputStream one : all) {
                one.close();
            }
            answers.forEach(answer -> out.print(answer + "\n"));
            pm.close();
        }
    }

    @Test
    @Scenario("public-platform/8")
    void lookOfTheJdk_withoutDescriptors_isRefused() throws Exception {
        ProcessResult result = Command.of("prlimit", "--nofile=200:200")
                .args(SmallJvm.start())
                .args("-Dorg.processmanager.native=off", "-cp", SmallJvm.classPath())
                .args(NoDescriptorForTheJdk.class.getName(), sleepers.argument(60))
                .timeout(WATCHDOG)
                .run();
        assertEquals("ResourcesExhaustedException\n".repeat(5), result.stdoutText(), result::stderrText);
        assertEquals(List.of(), sleepers.alive());
    }

    /**
     * Launches, reads, times out, interrupts and stops while no thread can be made: each wants a stack of 1 GiB, for which
     * there is no address left. (The JDK's own threads for children ask for a stack of their size.)
     */
    static final class NoThread {
        /** Said if the timeout came, and threads with it, before all was said that takes one. */
        static final String TOO_EARLY = "too early\n";

        private NoThread() {}

        /** Arguments: what sleep is given, and the timeout of the one that is timed out. */
        public static void main(String[] args) throws Exception {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            Command sleep =
                    Command.of("sleep", args[0]).stdout(Output.discard()).stderr(Output.discard());
            boolean portable = "off".equals(System.getProperty("org.processmanager.native"));
            Command nice = Command.of("nice").nice(3);
            tell(null, "what is loaded once", nice::run);
            sleep.start().stop();
            List<String> lines = new java.util.concurrent.CopyOnWriteArrayList<>();
            ManagedProcess cat = Command.of("cat")
                    .stdin(Input.pipe())
                    .stdout(Output.lines(lines::add))
                    .start();
            ManagedProcess timedOut = sleep.timeout(Duration.parse(args[1])).start();
            ManagedProcess stopped = sleep.start();
            ManagedProcess killed = sleep.start();
            Thread runner = new Thread(null, () -> run(sleep, out), "runner", 1 << 20);
            runner.start();
            Eventually.assertThat(
                    Duration.ofSeconds(20),
                    "all are there",
                    () -> ProcessManager.shared().processes().size() == 5
                            || timedOut.state() == ManagedProcess.State.EXITED);
            takeAllAddresses();
            try {
                new Thread(() -> {}).start();
                out.print("a thread could be made\n");
            } catch (OutOfMemoryError e) {
                out.print("no thread\n");
            }
            tell(
                    out,
                    "nice",
                    () -> Command.of("nice").nice(3).run().stdoutText().strip());
            tell(out, "start", () -> sleep.start().stop().survivors());
            // First what would take a thread. Whatever ends here later gives the addresses of its threads back.
            if (portable) { // the reactor gives no consumer its own thread, but waits until there is another
                tell(out, "lines", () -> {
                    cat.stdin().write("a\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    Eventually.assertThat(Duration.ofSeconds(10), "the line is delivered", () -> !lines.isEmpty());
                    return lines;
                });
            }
            if (timedOut.state() == ManagedProcess.State.EXITED) {
                out.print(TOO_EARLY);
                Runtime.getRuntime().halt(0);
            }
            runner.interrupt();
            runner.join();
            tell(
                    out,
                    "stop",
                    () -> stopped.stop().survivors() + " " + stopped.await().endReason());
            tell(out, "kill", () -> {
                killed.kill();
                return killed.await().endReason();
            });
            tell(out, "timeout", () -> timedOut.await().endReason());
            cat.stop();
            Runtime.getRuntime().halt(0); // an orderly end takes threads
        }

        private static void run(Command sleep, PrintStream out) {
            tell(out, "run", sleep::run);
        }

        private static void tell(@Nullable PrintStream out, String what, java.util.concurrent.Callable<?> work) {
            Object outcome;
            try {
                outcome = work.call();
            } catch (Throwable e) {
                outcome = e instanceof LaunchException failure
                        ? failure.reason()
                        : e.getClass().getSimpleName();
            }
            if (out != null) {
                out.print(what + ": " + outcome + "\n");
            }
        }

        private static void takeAllAddresses() throws Exception {
            long size = 0;
            for (String line : java.nio.file.Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmSize:")) {
                    size = Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            new ProcessBuilder(
                            "prlimit", "--pid=" + ProcessHandle.current().pid(), "--as=" + (size + (300 << 20)) + ":")
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Scenario("process/10")
    void withoutThreads_stopWorksAndLaunchIsTyped(boolean posix) throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "has its two parts compared");
        Duration timeout = Duration.ofSeconds(2);
        ProcessResult result = withoutAnotherThread(posix, timeout);
        while (result.stdoutText().endsWith(NoThread.TOO_EARLY)) {
            sleepers.endAll();
            timeout = timeout.multipliedBy(2); // a busy machine needs more for what comes before
            assertTrue(timeout.toSeconds() < 20, "too early each time");
            result = withoutAnotherThread(posix, timeout);
        }
        String started = posix
                ? "nice: RESOURCES_EXHAUSTED\nstart: []\n"
                : "nice: UnsupportedOperationException\nstart: RESOURCES_EXHAUSTED\nlines: [a]\n";
        assertEquals(
                "no thread\n" + started
                        + "run: InterruptedException\nstop: [] TERMINATED\nkill: TERMINATED\ntimeout: TIMED_OUT\n",
                result.stdoutText(),
                result::stderrText);
        assertEquals(List.of(), sleepers.alive());
    }

    private ProcessResult withoutAnotherThread(boolean posix, Duration timeout) throws InterruptedException {
        return Command.of(java())
                .args(
                        "-Xmx64m",
                        "-Xss1g",
                        "-XX:+UseSerialGC",
                        "-Xlog:disable",
                        "-cp",
                        System.getProperty("java.class.path"))
                .args(posix ? "-Dx=y" : "-Dorg.processmanager.native=off")
                .args(NoThread.class.getName(), sleepers.argument(60), timeout.toString())
                .timeout(WATCHDOG)
                .run();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
