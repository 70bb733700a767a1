package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.jdk.JdkLauncher;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildLaunch;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** JVMs whose {@code /proc} is not mounted, is that of another pid namespace, or hides the processes of other users. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HiddenProcIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    private static final Duration TIMEOUT = Duration.ofMillis(300);
    /** Below the ten seconds of a stop that finds nothing to wait for, and of a launch that observes nothing. */
    private static final long LONGEST_MILLIS = 8_000;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** Starts and stops a program with each launcher, and reports what came of it. */
    static final class Starter implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("native", args -> PosixLauncher.isAvailable() + "");
            commands.on(
                    "stop",
                    args -> with(args.get(0), pm -> {
                        ManagedProcess process = pm.command(args.get(1), "60").start();
                        long start = System.nanoTime();
                        StopReport report = process.stop();
                        long millis = (System.nanoTime() - start) / 1_000_000;
                        return (report.signalled().equals(java.util.List.of(process.pid()))
                                        ? "signalled"
                                        : report.signalled())
                                + (millis < LONGEST_MILLIS ? " soon " : " after " + millis + " ms ")
                                + report.survivors()
                                + (report.isComplete() ? " complete " : " incomplete ")
                                + process.state();
                    }));
            commands.on(
                    "timeout",
                    args -> with(args.get(0), pm -> {
                        long start = System.nanoTime();
                        ProcessResult result;
                        try {
                            result = pm.command(args.get(1), "60")
                                    .timeout(TIMEOUT)
                                    .acceptAnyExit()
                                    .run();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        long millis = (System.nanoTime() - start) / 1_000_000;
                        return result.endReason() + (millis < LONGEST_MILLIS ? " soon" : " after " + millis + " ms");
                    }));
            commands.on(
                    "limits",
                    args -> with("posix", pm -> {
                        long start = System.nanoTime();
                        ManagedProcess process = pm.command(args.get(0), "60")
                                .limits(l -> l.openFiles(100))
                                .start();
                        long millis = (System.nanoTime() - start) / 1_000_000;
                        process.kill();
                        return millis < LONGEST_MILLIS ? "soon" : "after " + millis + " ms";
                    }));
        }

        private static String with(String launcher, Function<ProcessManager, String> action) {
            Launcher used = launcher.equals("posix") ? new PosixLauncher() : new JdkLauncher();
            try (ProcessManager pm = new ProcessManager(used)) {
                return action.apply(pm);
            }
        }
    }

    @BeforeEach
    void assumeSuperuser() {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        Assumptions.assumeTrue(
                org.processmanager.core.internal.posix.Files.effectiveUserId() == 0, "needs the superuser");
    }

    private static void assertStopped(ChildLaunch launch, String program, String launcher) {
        try (ChildJvm jvm = launch.start()) {
            assertEquals("true", jvm.call("native"));
            for (String path : launcher.split(" ")) {
                assertEquals("signalled soon [] incomplete EXITED", jvm.call("stop", path, program), path);
                assertEquals("TIMED_OUT soon", jvm.call("timeout", path, program), path);
            }
            assertEquals("soon", jvm.call("limits", program));
        }
    }

    @Test
    @Scenario("public-stop/2")
    void procNotMounted_childrenAreStopped() {
        ChildLaunch launch = ChildJvm.of(Starter.class)
                .under("unshare", "--mount", "sh", "-c", "umount -l /proc; exec \"$@\"", "sh")
                .environment(
                        "LD_LIBRARY_PATH",
                        Path.of(System.getProperty("java.home"), "lib").toString());
        assertStopped(launch, "sleep", "posix jdk");
    }

    @Test
    @Scenario("public-stop/3")
    void procOfAnotherNamespace_noStrangerIsStopped() {
        ChildLaunch launch = ChildJvm.of(Starter.class).under("unshare", "--pid", "--fork", "--kill-child");
        assertStopped(launch, "sleep", "posix jdk");
    }

    @Test
    @Scenario("public-stop/2")
    void setUidChildHiddenByProc_isStopped() throws Exception {
        Path sleep = tmp.path("sleep");
        Files.copy(Path.of("/bin/sleep"), sleep);
        Files.setPosixFilePermissions(tmp.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(
                0, new ProcessBuilder("chmod", "4755", sleep.toString()).start().waitFor());
        Path classes = Files.createDirectory(tmp.path("classes"));
        ChildLaunch launch = ChildJvm.of(Starter.class)
                .under(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t proc -o hidepid=invisible proc /proc && exec \"$@\"",
                        "sh")
                .asOrdinaryUser(classes);
        assertStopped(launch, sleep.toString(), "posix jdk");
    }
}
