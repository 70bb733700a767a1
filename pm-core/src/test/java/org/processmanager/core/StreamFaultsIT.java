package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.jdk.JdkLauncher;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.manager.Launchers;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;
import org.processmanager.fixtures.Soak;

/** Faults of streams that only a JVM of its own shows. */
class StreamFaultsIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Calls System.exit in code that the library calls. */
    static final class Exiting {
        private Exiting() {}

        public static void main(String[] args) throws Exception {
            Command command = Command.shell("echo hi; exec sleep 60").acceptAnyExit();
            switch (args[0]) {
                case "consumer" -> command.stdout(Output.lines(line -> exit())).start();
                case "run" -> command.stdout(Output.bytes(view -> exit())).run();
                case "listener" -> command.listener(event -> exit()).start();
                default -> Command.of("echo").start().onExit().thenAccept(result -> exit());
            }
            new CountDownLatch(1).await(LONG.toSeconds(), TimeUnit.SECONDS);
        }

        private static void exit() {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            out.print(System.currentTimeMillis());
            System.exit(3);
        }
    }

    @Test
    @Scenario("public-stream/7")
    void exitInCodeOfTheUser_isPrompt() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            for (String[] args : new String[][] {
                {"consumer", "on"}, {"consumer", "off"}, {"run", "on"}, {"listener", "off"}, {"onExit", "on"}
            }) {
                ProcessResult result = pm.java(
                                Exiting.class,
                                JavaOptions.none().option("-Xmx64m", "-Dorg.processmanager.native=" + args[1]))
                        .args(args)
                        .acceptExitCodes(3)
                        .timeout(LONG)
                        .run();
                Duration took = Duration.ofMillis(System.currentTimeMillis() - Long.parseLong(result.stdoutText()));
                assertTrue(
                        took.compareTo(Soak.scaled(Duration.ofMillis(500), Duration.ofSeconds(10))) < 0,
                        () -> String.join(" ", args) + ": " + took + result.stderrText());
            }
        }
    }

    /** Reads a terminal into a program and prints whether it has become the controlling one. */
    static final class TerminalReader {
        private TerminalReader() {}

        public static void main(String[] args) throws Exception {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            for (Launcher launcher : List.of(Launchers.preferred(), new JdkLauncher())) {
                try (ProcessManager pm = new ProcessManager(launcher)) {
                    Path terminal = Path.of(args[0]);
                    pm.command("true").stdout(Output.toFile(terminal)).run();
                    pm.command("true")
                            .stdout(Output.toFile(terminal).and(Output.capture()))
                            .run();
                    pm.command("true").stdin(Input.of(Path.of("/dev/null"))).run();
                    out.print(pm.command("true").stdin(Input.of(terminal)).run().status() + ", ");
                } catch (LaunchException e) {
                    out.print(e.reason() + ", ");
                }
                String stat = Files.readString(Path.of("/proc/self/stat"));
                out.print(
                        "terminal " + stat.substring(stat.lastIndexOf(')') + 2).split(" ")[4] + "; ");
            }
        }
    }

    @Test
    @Scenario("public-stream/8")
    void terminalAsInput_isNotTheControllingOne() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        String driver = """
                import os, subprocess, sys
                terminal, other = os.openpty()
                print(subprocess.run(sys.argv[1:] + [os.ttyname(other)], start_new_session=True,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout.decode())
                """;
        ProcessResult result = Command.of("python3", "-c", driver)
                .args(SmallJvm.commandLine(TerminalReader.class))
                .timeout(LONG)
                .run();
        assertEquals("exit code 0, terminal 0; BAD_STREAM_FILE, terminal 0; \n", result.stdoutText());
    }
}
