package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

/** Processes where a container runtime or an old kernel refuses system calls. */
@Timeout(180)
class RefusedCallsIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    /** The first Java that calls statx itself, without a substitute if that is refused with EPERM. */
    private static final int CALLS_STATX = 22;

    private static final String[] CALLS = {
        "faccessat2", "statx", "pidfd_send_signal", "memfd_create", "unshare", "close_range"
    };

    /** What the main program of a child started by {@link ProcessManager#java} prints. */
    static final class Greeter {
        public static void main(String[] args) {
            System.out.print("hello " + args[0]);
        }
    }

    static final class Launching implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("echo", args -> Command.of("echo", "hi")
                    .directory(Path.of("/tmp"))
                    .run()
                    .stdoutText());
            commands.on("missing", args -> {
                try {
                    return Command.of("no-such-program").run().toString();
                } catch (LaunchException e) {
                    return e.reason().toString();
                }
            });
            commands.on("guarded", args -> Command.shell("exit 3")
                    .dieWithParent()
                    .directory(Path.of("/tmp"))
                    .acceptAnyExit()
                    .run()
                    .status()
                    .toString());
            commands.on("umask", args -> Command.shell("umask; tr '\\0' '\\n' </proc/$$/environ | grep ^spring")
                    .umask(027)
                    .env("spring.x-y", "1")
                    .run()
                    .stdoutText());
            commands.on("guarded-umask", args -> Command.shell("umask")
                    .umask(0777)
                    .dieWithParent()
                    .limits(l -> l.coreDump(0))
                    .run()
                    .stdoutText());
            commands.on("timeout", args -> Command.of("sleep", "60")
                    .timeout(Duration.ofMillis(100))
                    .acceptAnyExit()
                    .run()
                    .endReason()
                    .toString());
            commands.on("stop", args -> {
                ManagedProcess process = Command.of("sleep", "60").start();
                return describe(process.stop());
            });
            commands.on("signal", args -> {
                ManagedProcess process = Command.of("sleep", "60").start();
                boolean sent = process.signal(Signal.USR1);
                return sent + ", " + process.await().status();
            });
            commands.on("stop-in-group", args -> {
                ManagedProcess process = Command.shell("sleep 60 & wait")
                        .stderr(Output.inherit())
                        .start();
                return describe(process.stop());
            });
            commands.on("adopt", args -> {
                try (ProcessManager pm = ProcessManager.create()) {
                    AdoptedProcess process = pm.adopt(Long.parseLong(args.get(0)));
                    return describe(process.stop());
                }
            });
            commands.on("java", args -> {
                try (ProcessManager pm = ProcessManager.create()) {
                    return pm.java(Greeter.class).args("wörld").run().stdoutText();
                }
            });
        }

        private static String describe(StopReport report) {
            return report.isComplete() + " by " + report.effectiveStep().orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPERM", "ENOSYS"})
    @Scenario("public-platform/1")
    void refusedCalls_haveSubstitutes(String errno) throws Exception {
        try (ChildJvm child = ChildJvm.of(Launching.class)
                .denying(calls(errno))
                .property("org.slf4j.simpleLogger.defaultLogLevel", "info")
                .start()) {
            assertEquals("hi\n", child.call("echo"));
            assertEquals("NOT_FOUND", child.call("missing"));
            assertEquals("exit code 3", child.call("guarded"));
            assertEquals("TIMED_OUT", child.call("timeout"));
            String byTerm = "true by " + StopPolicy.defaults().steps().get(1);
            assertEquals(byTerm, child.call("stop"));
            assertEquals(byTerm, child.call("stop-in-group"));
            Process stranger = new ProcessBuilder("sleep", "60").start();
            try {
                assertEquals(byTerm, child.call("adopt", stranger.pid()));
            } finally {
                stranger.destroyForcibly().waitFor();
            }
            assertEquals("hello wörld", child.call("java"));
            if (isNative()) {
                assertEquals("0027\nspring.x-y=1\n", child.call("umask"));
                assertEquals("true, signal USR1", child.call("signal"));
                assertEquals("0777\n", child.call("guarded-umask"));
            }
            child.exit(0);
            child.waitFor(ChildJvm.WATCHDOG);
            String log = child.standardError();
            if (isNative()) {
                for (String call : List.of("faccessat2", "pidfd_send_signal", "unshare")) {
                    // The C library itself replaces faccessat2 after ENOSYS.
                    int expected = call.equals("faccessat2") && errno.equals("ENOSYS") ? 0 : 1;
                    assertEquals(
                            expected,
                            log.lines()
                                    .filter(line -> line.contains("the system call " + call + " is refused"))
                                    .count(),
                            log);
                }
            }
        }
    }

    @Test
    void refusedPidfds_leadToThePortablePath() {
        try (ChildJvm child =
                ChildJvm.of(Launching.class).denying("pidfd_open EPERM").start()) {
            assertEquals("hi\n", child.call("echo"));
            assertEquals("TIMED_OUT", child.call("timeout"));
            assertTrue(child.call("stop").startsWith("true"));
        }
    }

    private static boolean isNative() {
        return !"off".equals(System.getProperty(NativeLayer.PROPERTY));
    }

    private static String[] calls(String errno) {
        List<String> denied = new ArrayList<>();
        for (String call : CALLS) {
            if (!call.equals("statx") || Runtime.version().feature() < CALLS_STATX || errno.equals("ENOSYS")) {
                denied.add(call + " " + errno);
            }
        }
        return denied.toArray(String[]::new);
    }
}
