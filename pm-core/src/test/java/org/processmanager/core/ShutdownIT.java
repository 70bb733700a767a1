package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;

/** A JVM that shuts down while programs run, or runs programs then. */
@Timeout(180)
class ShutdownIT {
    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true);

    /** Runs programs in a shutdown hook; the argument says whether a process is live by then. */
    static final class Hooks {
        private Hooks() {}

        public static void main(String[] args) throws Exception {
            if (args[0].equals("live")) {
                Command.of("sleep", "60").start();
            }
            Runtime.getRuntime().addShutdownHook(new Thread(Hooks::clean));
            System.exit(3);
        }

        private static void clean() {
            try {
                for (int i = 0; i < 2; i++) {
                    OUT.print(Command.shell("sleep 0.3; echo ran").run().stdoutText());
                }
                OUT.print(Command.of("echo", "piped")
                        .pipeTo(Command.of("cat"))
                        .run()
                        .stdoutText());
                Command.of("sleep", "60").start();
            } catch (Exception e) {
                OUT.println(e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on live", "on none", "off live"})
    @Scenario("public-launch/9")
    void shutdownHook_canRunPrograms(String kind) throws Exception {
        String[] parts = kind.split(" ");
        ProcessResult result =
                java(parts[0], Hooks.class, parts[1]).acceptExitCodes(3).run();
        assertEquals(
                "ran\nran\npiped\nthe JVM is shutting down: no process is started any longer, except by run() on the thread"
                        + " of a shutdown hook\n",
                result.stdoutText(),
                result::toString);
    }

    /** Starts a program in its process group, which counts its signals. */
    static final class Sharer {
        private static final String COUNTER = """
                import signal, time
                got = []
                for each in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(each, lambda number, frame: got.append(number))
                print('ready', flush=True)
                while not got:
                    time.sleep(0.01)
                time.sleep(0.5)
                print('got', got, flush=True)
                """;

        private Sharer() {}

        public static void main(String[] args) throws Exception {
            Command.of("python3", "-c", COUNTER)
                    .stdout(Output.inherit())
                    .start()
                    .await();
            Eventually.await(Duration.ofSeconds(30), () -> false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    @Scenario("public-launch/10")
    void ctrlC_isOneSignalForAChildOfTheGroup(String layer) throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs a terminal");
        String driver = """
                import os, pty, sys
                pid, terminal = pty.fork()
                if pid == 0:
                    os.execv(sys.argv[1], sys.argv[1:])
                seen = b''
                try:
                    while data := os.read(terminal, 4096):
                        if b'ready' in data:
                            os.write(terminal, b'\\x03')
                        seen += data
                except OSError:
                    pass
                os.waitpid(pid, 0)
                print(seen.decode().replace('\\r', ''), end='')
                """;
        Command java = java(layer, Sharer.class);
        ProcessResult result = Command.of("python3", "-c", driver)
                .args(java.commandLine())
                .timeout(Duration.ofSeconds(60))
                .run();
        assertTrue(result.stdoutText().contains("got [2]\n"), result::stdoutText);
        assertTrue(result.duration().compareTo(Duration.ofSeconds(30)) < 0, result::toString);
    }

    private static Command java(String layer, Class<?> main, String... arguments) {
        List<String> options =
                List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-Dorg.processmanager.native=" + layer);
        return Command.of(List.of(SmallJvm.commandLine(options, main, arguments)));
    }
}
