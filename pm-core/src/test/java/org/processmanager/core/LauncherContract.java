package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.JdkLauncher;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.PosixLauncher;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/**
 * What every launcher must do; the suites by subject extend it, and each runs once with each launcher. After each test
 * nothing of it may live, and after each class nothing may be left behind.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class LauncherContract {
    static final Duration LONG = Duration.ofSeconds(20);

    /**
     * The loops that are kept for the next launch have descriptors; pidfds and pipes must be gone. Named regions are those of
     * other builds: this module has none.
     */
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(LauncherContract::loadLibraries)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

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

    private static void loadLibraries() {
        PosixLauncher.isAvailable();
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
