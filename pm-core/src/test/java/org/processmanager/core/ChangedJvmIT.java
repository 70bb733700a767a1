package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;

/** Programs of a JVM whose signals and limits were changed. */
@Timeout(180)
class ChangedJvmIT {
    private static final int SIGCHLD = 17;
    private static final Pointer SIG_IGN = Pointer.createConstant(1);

    static final class Ignorer implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("ignore", arguments -> {
                status(Command.of("true")); // the first launch resets the signal
                List<String> outcomes = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    Function.getFunction("c", "signal").invokePointer(new Object[] {SIGCHLD, SIG_IGN});
                    Command command = Command.of("/bin/sh", "-c", i % 2 == 0 ? "exit 3" : "sleep 0.05; exit 3");
                    outcomes.add(status(i == 4 && PosixLauncher.isAvailable() ? command.dieWithParent() : command));
                }
                return String.join("\n", outcomes);
            });
            commands.on("after", arguments -> status(Command.of("/bin/sh", "-c", "exit 3")));
        }

        private static String status(Command command) throws InterruptedException {
            return command.acceptAnyExit().run().status().toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    @Scenario("public-launch/5")
    void sigchldIgnoredLater_isNamed(String layer) throws Exception {
        Assumptions.assumeTrue(layer.equals("off") || PosixLauncher.isAvailable(), "needs posix_spawn");
        try (ChildJvm jvm = ChildJvm.of(Ignorer.class)
                .property("org.processmanager.native", layer)
                .start()) {
            List<String> outcomes = jvm.call("ignore").lines().toList();
            assertEquals(10, outcomes.size());
            for (String outcome : outcomes) {
                assertTrue(outcome.contains("SIGCHLD"), outcomes::toString);
            }
            if (layer.equals("on")) {
                assertEquals(new ExitStatus.Exited(3).toString(), jvm.call("after"));
            }
        }
    }

    /** Prints the soft limits of files of a program and of itself. */
    static final class Raised {
        private Raised() {}

        public static void main(String[] args) throws Exception {
            String limit = Command.shell("ulimit -Sn").run().stdoutText().strip();
            // read here: a program might read it before it is restored
            String own = Files.readString(Path.of("/proc/self/limits"))
                    .replaceFirst("(?s).*\nMax open files +(\\d+).*", "$1");
            new PrintStream(new FileOutputStream(FileDescriptor.out), true).print(limit + " " + own);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    @Scenario("public-launch/11")
    void softLimitRaisedByTheJvm_isGivenBack(String layer) throws Exception {
        Assumptions.assumeTrue(layer.equals("off") || PosixLauncher.isAvailable(), "needs posix_spawn");
        List<String> options = List.of("-Dorg.processmanager.native=" + layer);
        // The shell stays the parent of the JVM.
        ProcessResult result = Command.of("prlimit", "--nofile=777:999", "sh", "-c", "\"$@\"; exit $?", "sh")
                .args(SmallJvm.commandLine(options, Raised.class))
                .run();
        assertEquals(layer.equals("on") ? "777 999" : "999 999", result.stdoutText(), result::toString);
    }
}
