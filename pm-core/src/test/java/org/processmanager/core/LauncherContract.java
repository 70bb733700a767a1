package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.jdk.JdkLauncher;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/**
 * What every launcher must do; the suites by subject extend it, and each runs once with each launcher. After each test
 * nothing of it may live, and after each class nothing may be left behind.
 */
abstract class LauncherContract {
    static final Duration LONG = Duration.ofSeconds(60);

    /** Gives programs all the time they need to end with their input: the standard policy counts in fractions of a second. */
    static final StopPolicy PATIENT =
            StopPolicy.of(StopPolicy.Step.closeStdin(LONG), StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(5)));

    /**
     * The loops that are kept for the next launch have descriptors; pidfds and pipes must be gone. Named regions are those of
     * other builds: this module has none.
     */
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    @RegisterExtension
    final Tmp tmp = new Tmp();

    final Sleepers sleepers = new Sleepers();
    final Launcher launcher = Kind.of(getClass()).create();
    final ProcessManager pm = new ProcessManager(launcher);

    /** The two launchers, by the name of the nested class that runs a suite. */
    enum Kind {
        POSIX,
        JDK;

        static Kind of(Class<?> suite) {
            return valueOf(suite.getSimpleName().toUpperCase(java.util.Locale.ROOT));
        }

        Launcher create() {
            if (this == JDK) {
                return new JdkLauncher();
            }
            Assumptions.assumeTrue(PosixLauncher.isAvailable(), "the native layer is off, or not for this system");
            return new PosixLauncher();
        }
    }

    boolean isPosix() {
        return launcher instanceof PosixLauncher;
    }

    @AfterEach
    void closeAndLookForLeftovers() {
        pm.close();
        assertEquals(java.util.List.of(), pm.processes());
        sleepers.endAll();
    }

    /** Whether arguments outside ASCII can get through; the JDK encodes them as the locale says. */
    boolean passesAnyCharacter() {
        return isPosix() || System.getProperty("sun.jnu.encoding").equals("UTF-8");
    }

    Command sh(String script) {
        return pm.command("/bin/sh", "-c", script);
    }

    /** Starts a program that says "ready" when its traps are set, and waits for that. */
    static ManagedProcess startReady(Command command) throws Exception {
        CompletableFuture<String> said = new CompletableFuture<>();
        ManagedProcess process = command.stdout(Output.lines(said::complete)).start();
        assertEquals("ready", said.get(LONG.toSeconds(), TimeUnit.SECONDS));
        return process;
    }

    /** What is tried with a timeout; false if the timeout came too early for what is to be seen. */
    interface Trial {
        boolean with(Duration timeout) throws Exception;
    }

    /**
     * Tries what is seen only if something was over before a timeout while something else was not: with twice the time
     * whenever this machine, which has others to serve, was not quick enough for it.
     */
    void tryInTime(Duration first, Trial trial) throws Exception {
        Duration timeout = first;
        while (!isInTime(trial, timeout)) {
            assertTrue(timeout.compareTo(LONG) < 0, "too early each time, at last after " + timeout);
            timeout = timeout.multipliedBy(2);
            sleepers.endAll();
        }
    }

    private static boolean isInTime(Trial trial, Duration timeout) throws Exception {
        try {
            return trial.with(timeout);
        } catch (LaunchException | AssertionError e) {
            if (isLateStart(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether ProcessBuilder, on a very busy machine, took longer than the timeout of the command, at least half a second. */
    static boolean isLateStart(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LaunchException && cause.getCause() instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Whether a program ended before its timeout. */
    static boolean endedBefore(Duration timeout, ProcessResult result) {
        boolean timedOut = result.endReason() == EndReason.TIMED_OUT;
        assertTrue(!timedOut || result.duration().compareTo(timeout) >= 0, result::toString);
        return !timedOut;
    }

    /** A launch waits a second for a program that is being written: it waits, and starts it once it is free. */
    static void assertStartsOnceFree(Path program, Command command) throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            boolean inTime = false;
            for (int tries = 0; !inTime; tries++) {
                assertTrue(tries < 20, "never free within the second");
                // It counts as one that was just written.
                Files.setLastModifiedTime(program, FileTime.from(Instant.now()));
                long start = System.nanoTime();
                Future<ProcessResult> run;
                try (OutputStream writer = Files.newOutputStream(program, StandardOpenOption.APPEND)) {
                    run = other.submit(() -> command.run());
                    inTime = !Eventually.await(Duration.ofMillis(100), run::isDone);
                    writer.flush();
                }
                // On a busy machine the second may be over by now.
                inTime &= System.nanoTime() - start < 700_000_000;
                if (inTime) {
                    ProcessResult result = run.get(LONG.toSeconds(), TimeUnit.SECONDS);
                    assertTrue(result.status().isExit(0), result::toString);
                    assertEquals("", result.stderrText());
                } else {
                    Eventually.assertThat(LONG, "it is started, or not", run::isDone);
                }
            }
        } finally {
            other.shutdownNow();
        }
    }

    /** How an end by a signal looks: the JDK does not tell it from an exit code. */
    void assertSignaled(Signal signal, ProcessResult result) {
        ExitStatus expected =
                isPosix() ? new ExitStatus.Signaled(signal, false) : new ExitStatus.Exited(128 + signal.number());
        assertEquals(expected, result.status(), result::toString);
    }

    static void assertWithin(Duration bound, long startNanos) {
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        assertTrue(took.compareTo(bound) <= 0, () -> "took " + took + ", expected at most " + bound);
    }
}
