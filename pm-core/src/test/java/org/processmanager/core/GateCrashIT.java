package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A JVM that is killed while a launch is at its gate. */
@Timeout(180)
class GateCrashIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    private static final String WAY_IN = "org.processmanager.cgroup";

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path directory;

    static final class Starter implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("touch", arguments -> {
                Command.of("touch", arguments.get(1))
                        .cgroup(Path.of(arguments.get(0)))
                        .run();
                return "ran";
            });
        }
    }

    @AfterEach
    void removeTheGroup() throws IOException {
        if (directory != null) {
            Eventually.assertThat(Duration.ofSeconds(20), "the group is empty", () -> {
                try {
                    return Files.readString(directory.resolve("cgroup.procs")).isEmpty();
                } catch (IOException e) {
                    return true;
                }
            });
            Files.deleteIfExists(directory);
        }
    }

    private void nameAGroup() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        String mount = Cgroup.mount();
        Assumptions.assumeTrue(mount != null && Files.isWritable(Path.of(mount)), "may not make control groups");
        directory = Path.of(mount, tmp.name("gate"));
    }

    @Test
    @Scenario("process/16")
    void parentDeathAtTheGate_leavesNoProgram() throws Exception {
        nameAGroup();
        Path trace = tmp.path("trace");
        try (ChildJvm starter =
                ChildJvm.of(Starter.class).property(WAY_IN, "gate").start()) {
            assertEquals("ran", starter.call("touch", directory, trace), "without a crash it runs");
            Files.delete(trace);
        }
        try (ChildJvm starter = ChildJvm.of(Starter.class)
                .property(WAY_IN, "gate")
                .crashAt("launch.gate", 1)
                .start()) {
            starter.send("touch", directory, trace);
            assertEquals(ChildJvm.KILLED, starter.waitFor(ChildJvm.WATCHDOG));
        }
        Eventually.assertThat(
                Duration.ofSeconds(20), "no process of the launch is left", () -> !isAnybodyNaming(trace));
        assertFalse(Files.exists(trace));
    }

    /** The crash shows which way was taken: a process that starts in its cgroup never reaches the gate. */
    @Test
    @Scenario("process/16")
    void process_startsInItsCgroupWhereSupported() throws Exception {
        nameAGroup();
        String library = Command.of("getconf", "GNU_LIBC_VERSION").run().stdoutText();
        Matcher version = Pattern.compile("glibc (\\d+)\\.(\\d+)\\s*").matcher(library);
        assertTrue(version.matches(), library);
        boolean can = Integer.parseInt(version.group(1)) == 2 && Integer.parseInt(version.group(2)) >= 39;
        assertEquals(can, Spawn.takesCgroup(), library);
        Path trace = tmp.path("trace");
        String way = System.getProperty(WAY_IN, "birth");
        try (ChildJvm starter =
                ChildJvm.of(Starter.class).crashAt("launch.gate", 1).start()) {
            if (can && way.equals("birth")) {
                assertEquals("ran", starter.call("touch", directory, trace));
            } else {
                starter.send("touch", directory, trace);
                assertEquals(ChildJvm.KILLED, starter.waitFor(ChildJvm.WATCHDOG));
            }
        }
        assertEquals(can && way.equals("birth"), Files.exists(trace));
    }

    private static boolean isAnybodyNaming(Path trace) {
        return ProcessHandle.allProcesses().anyMatch(process -> process.info()
                .commandLine()
                .filter(line -> line.contains(trace.toString()))
                .isPresent());
    }
}
