package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

/** A JVM that is process 1, as in a container: orphaned processes become its children, and exit as such. */
@Timeout(180)
class FirstProcessIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final int ORPHANS = 20;

    /** Makes orphans while it has children of its own. */
    static final class Init implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("stop", arguments -> {
                try (ProcessManager manager = ProcessManager.create()) {
                    String script = "sleep 60 & (sleep 60 & (sleep 60 & sleep 60); :) & echo ready; wait";
                    for (int i = 0; i < 3; i++) {
                        Command command = manager.command("sh", "-c", script);
                        ManagedProcess process =
                                LauncherContract.startReady(i == 0 ? command.stderr(Output.inherit()) : command);
                        process.stop(i < 2 ? StopPolicy.defaults() : StopPolicy.immediateKill());
                        process.await();
                    }
                }
                return strangers();
            });
            commands.on("run", arguments -> {
                long self = ProcessHandle.current().pid();
                try (ProcessManager manager = ProcessManager.create()) {
                    ManagedProcess bystander =
                            manager.command("cat").stdin(Input.pipe()).start();
                    int accepted = 0;
                    for (int i = 0; i < ORPHANS; i++) {
                        // each shell leaves one that ends at once, and one that ends later
                        ProcessResult result = manager.command(
                                        "sh", "-c", "(true; exit 7) & (sleep 0.05; exit 8) & exit 3")
                                .stdout(Output.discard())
                                .stderr(Output.discard())
                                .acceptExitCodes(3)
                                .run();
                        accepted += result.status().equals(new ExitStatus.Exited(3)) ? 1 : 0;
                    }
                    boolean orphansEnded = Eventually.await(Duration.ofSeconds(20), () -> List.of("none", "zombies")
                            .contains(strangers()));
                    bystander.stdin().close();
                    ExitStatus end = bystander.await().status();
                    return self + " " + accepted + " " + orphansEnded + " " + end.equals(new ExitStatus.Exited(0));
                }
            });
        }

        /** What has this JVM as its parent but is none of its children: all zombies, or some that live. */
        private static String strangers() {
            try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                List<String> states = processes
                        .filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                        .map(Init::stat)
                        .filter(stat -> stat.contains("(sh) ") || stat.contains("(sleep) "))
                        .map(stat -> stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3))
                        .distinct()
                        .toList();
                return states.isEmpty() ? "none" : states.equals(List.of("Z")) ? "zombies" : states.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String stat(Path process) {
            try {
                return Files.readString(process.resolve("stat"));
            } catch (IOException e) {
                return ""; // it has gone
            }
        }
    }

    @Test
    @Scenario("research-process/45")
    @Scenario("public-launch/7")
    void orphansReapedByInit_doNotAffectChildren() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        Assumptions.assumeTrue(
                org.processmanager.core.internal.posix.Files.effectiveUserId() == 0, "needs the superuser");
        try (ChildJvm jvm = ChildJvm.of(Init.class).asFirstProcess().start()) {
            assertEquals("none", jvm.call("stop"));
            String[] told = jvm.call("run").split(" ");
            assertEquals("1", told[0], "it is process 1");
            assertEquals(ORPHANS, Integer.parseInt(told[1]));
            assertTrue(Boolean.parseBoolean(told[2]), "orphans ended");
            assertTrue(Boolean.parseBoolean(told[3]), "its own child was not reaped by others, nor its end missed");
        }
    }
}
