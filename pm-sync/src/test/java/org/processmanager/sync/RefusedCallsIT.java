package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Regions where a container runtime or an old kernel refuses system calls. */
class RefusedCallsIT {
    private static final long BYTES = SharedMemory.megabytes(1);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    static final class User implements ChildProgram {
        private SharedMemory region;
        private Hold hold;

        @Override
        public void register(ChildCommands commands) {
            commands.on("create", arguments -> {
                region = SharedMemory.create(Path.of(arguments.get(0)), BYTES);
                hold = region.mutex("m").acquire();
                SharedBoundedBuffer buffer = region.boundedBuffer("b", 4, 8);
                buffer.put(new byte[] {1, 2, 3});
                return "" + buffer.take().length;
            });
            commands.on("contend", arguments -> {
                try (Hold contended = region.mutex("contended").acquire()) {
                    return "" + contended.isValid();
                }
            });
            commands.on("create again", arguments -> {
                try {
                    return SharedMemory.create(Path.of(arguments.get(0)), BYTES).toString();
                } catch (RegionException e) {
                    return e.reason().name();
                }
            });
            commands.on("anonymous", arguments -> {
                try (SharedMemory memory = SharedMemory.anonymous(BYTES)) {
                    return "" + memory.atomicLong("n").addAndGet(5);
                }
            });
        }
    }

    @Test
    @Scenario("public-platform/3")
    @Scenario("research-sync/20")
    void refusedLinksFilesAndFutexes_haveSubstitutes() throws Exception {
        assumeTrue(NativeLayer.available(), "the portable path never has them");
        Path path = tmp.path("region");
        try (ChildJvm child = ChildJvm.of(User.class)
                .denying(
                        "linkat EPERM",
                        "memfd_create ENOSYS",
                        "statx ENOSYS",
                        "membarrier EPERM",
                        "statfs EPERM",
                        "pidfd_open EPERM",
                        "shared_futex_wait EPERM")
                .start()) {
            check(child, path);
            assertTrue(child.standardError().contains("no futexes (futex wait"), child::standardError);
        }
    }

    /** Their locks are those of the process, which exclude others that have the locks of open files. */
    @Test
    @Scenario("public-platform/4")
    void refusedOfdLocks_areReplacedByOthers() throws Exception {
        assumeTrue(NativeLayer.available(), "the portable path never has them");
        Path path = tmp.path("region");
        try (ChildJvm child = ChildJvm.of(User.class)
                .denying("ofd_locks EINVAL")
                .property("org.slf4j.simpleLogger.defaultLogLevel", "info")
                .start()) {
            check(child, path);
            child.exit(0);
            child.waitFor(ChildJvm.WATCHDOG);
            String log = child.standardError();
            assertEquals(
                    1, log.lines().filter(line -> line.contains("F_OFD_SETLK")).count(), log);
        }
    }

    private void check(ChildJvm child, Path path) throws Exception {
        assertEquals("3", child.call("create", path));
        assertEquals("ALREADY_EXISTS", child.call("create again", path));
        assertEquals("5", child.call("anonymous"));
        try (SharedMemory memory = SharedMemory.open(path)) {
            assertEquals(null, memory.mutex("m").tryAcquire(), "both processes own the mutex");
            Hold contended = memory.mutex("contended").acquire();
            ChildReply reply = child.send("contend");
            Eventually.assertThat(ChildJvm.WATCHDOG, "the child waits", () -> isWaitedFor(memory));
            contended.close();
            assertEquals("true", reply.await());
            child.kill9();
            try (Hold hold = memory.mutex("m").acquire()) {
                assertEquals(true, hold.previousOwnerDied());
            }
        }
        try (Stream<Path> files = Files.list(path.getParent())) {
            assertEquals(
                    List.of(path),
                    files.filter(file -> file.toString().contains("region")).toList());
        }
    }

    private static boolean isWaitedFor(SharedMemory memory) {
        return memory.mutex("contended").snapshot().waiters() == 1;
    }
}
