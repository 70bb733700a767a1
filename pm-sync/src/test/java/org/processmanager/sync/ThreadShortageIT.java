package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A process that can create no thread for a while. */
@Timeout(180)
class ThreadShortageIT {
    private static final int ENOUGH = 500;

    @RegisterExtension
    final Tmp classes = new Tmp();

    static final class User implements ChildProgram {
        private SharedMemory first;
        private SharedMemory second;

        @Override
        public void register(ChildCommands commands) {
            commands.on("nothing", arguments -> "");
            commands.on("open", arguments -> {
                try {
                    first = SharedMemory.openOrCreate(Path.of(arguments.get(0)), SharedMemory.megabytes(1));
                    second = SharedMemory.open(Path.of(arguments.get(0)));
                    return "open";
                } catch (ProcessManagerException e) {
                    return e.getClass().getSimpleName();
                }
            });
            commands.on("run", arguments -> {
                try {
                    return Command.of("echo", "hi").run().stdoutText();
                } catch (LaunchException e) {
                    return e.reason().toString();
                }
            });
            commands.on("wait", arguments -> {
                SharedMutex theirs = second.mutex("m");
                Hold hold = first.mutex("m").acquire();
                boolean none = theirs.tryAcquire(Duration.ofMillis(150)) == null;
                hold.close();
                theirs.acquire().close();
                return "" + none;
            });
            commands.on("start", arguments -> {
                try {
                    return Command.of("sleep", "60").start().stop().isComplete() + "";
                } catch (LaunchException e) {
                    return e.reason().toString();
                }
            });
        }
    }

    @Test
    @Scenario("public-platform/5")
    void noThreads_isNoErrorAndNotForEver() throws Exception {
        assumeTrue(
                NativeLayer.available() && org.processmanager.core.internal.posix.Files.effectiveUserId() == 0,
                "sets the limit of another user's process");
        Path region =
                Path.of("/dev/shm/pm-test-threads-" + ProcessHandle.current().pid());
        try (ChildJvm child =
                ChildJvm.of(User.class).asOrdinaryUser(classes.directory()).start()) {
            child.call("nothing"); // creates the thread of the commands
            limit(child, 1);
            String refused = child.call("open", region);
            assertTrue(refused.equals("ResourcesExhaustedException") || refused.equals("RegionException"), refused);
            assertEquals("RESOURCES_EXHAUSTED", child.call("run"));
            limit(child, ENOUGH);
            assertEquals("open", child.call("open", region));
            assertEquals("hi\n", child.call("run"));
            limit(child, 1);
            assertEquals("true", child.call("wait"));
            assertEquals("RESOURCES_EXHAUSTED", child.call("start"));
            limit(child, ENOUGH);
            assertEquals("true", child.call("wait"));
            assertEquals("true", child.call("start"));
        } finally {
            Files.deleteIfExists(region);
        }
    }

    /** Sets the soft limit as the child's user, which needs no privilege. */
    private static void limit(ChildJvm child, int threads) throws Exception {
        List<String> line =
                new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "prlimit"));
        line.addAll(List.of("--pid", "" + child.pid(), "--nproc=" + threads + ":"));
        Process prlimit = new ProcessBuilder(line).inheritIO().start();
        assertEquals(0, prlimit.waitFor());
    }
}
