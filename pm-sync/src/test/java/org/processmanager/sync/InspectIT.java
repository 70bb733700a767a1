package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;
import org.processmanager.fixtures.Tmp;

/** Snapshots by a process that may only read the region's file, or has no descriptor to open it. */
class InspectIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void snapshot_withReadPermission_showsLiveOwners() throws IOException {
        assumeTrue(NativeLayer.available(), "without it locks are asked for by taking them");
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs the superuser");
        Files.setPosixFilePermissions(tmp.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path path = tmp.path("region");
        Path copy = Files.createDirectory(tmp.path("copy"));
        try (SharedMemory memory = SharedMemory.create(path, Party.BYTES);
                ChildJvm other = ChildJvm.of(Party.class).asOrdinaryUser(copy).start()) {
            Hold hold = memory.mutex("mutex").tryAcquire();
            assertNotNull(hold);
            assertTrue(
                    assertThrows(Throwable.class, () -> other.call("inspect", path))
                            .toString()
                            .contains("cannot open region " + path),
                    "a region is its owner's alone at first");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
            assertEquals("mutex held " + ProcessHandle.current().pid() + " true", other.call("inspect", path));
            assertThrows(Throwable.class, () -> other.call("open", path), "to take part it must write");
            assertEquals(1, memory.snapshot().participants().size(), "a snapshot takes no slot");
            hold.close();
        }
    }

    /** Looks while descriptors run out, one more being free each time; prints what was thrown, each once. */
    static final class NoDescriptor {
        private NoDescriptor() {}

        public static void main(String[] path) throws IOException {
            Set<String> told = new TreeSet<>();
            try (SharedMemory named = SharedMemory.create(Path.of(path[0]), Party.BYTES);
                    SharedMemory anonymous = SharedMemory.anonymous(Party.BYTES)) {
                SharedMutex mutex = anonymous.mutex("mutex");
                List<Callable<?>> looks = List.of(named::snapshot, anonymous::snapshot, () -> {
                    int descriptor = anonymous.openForChild();
                    org.processmanager.core.internal.posix.Files.close(descriptor);
                    return descriptor;
                });
                for (Callable<?> look : looks) {
                    told(look); // once with descriptors, since loading a class takes one
                }
                told(() -> SharedMemory.snapshot(Path.of(path[0] + "-missing")));
                mutex.snapshot();
                Deque<FileInputStream> all = new ArrayDeque<>();
                try {
                    while (true) {
                        all.push(new FileInputStream("/dev/null"));
                    }
                } catch (FileNotFoundException e) {
                    told.add(mutex.snapshot().state()); // none is left
                }
                for (int free = 0; free < 8; free++) {
                    looks.forEach(look -> told.add(told(look)));
                    all.pop().close();
                }
                while (!all.isEmpty()) {
                    all.pop().close();
                }
            }
            new PrintStream(new FileOutputStream(FileDescriptor.out), true).print(told);
        }

        private static String told(Callable<?> look) {
            try {
                return look.call() == null ? "null" : "done";
            } catch (RegionException e) {
                return e.reason().toString();
            } catch (ResourcesExhaustedException e) {
                return "exhausted";
            } catch (Exception e) {
                return e.toString();
            }
        }
    }

    @Test
    @Scenario("public-sync/16")
    void snapshot_ofLargeBuffer_copiesLittle() throws InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int content = 60 << 20;
        try (SharedMemory memory = SharedMemory.create(tmp.path("large"), SharedMemory.megabytes(64))) {
            SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 2, content / 2);
            buffer.put(new byte[1]);
            memory.snapshot();
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            assertEquals("1 of 2 filled", memory.snapshot().objects().get(0).state());
            assertEquals("1 of 2 filled", buffer.snapshot().state());
            long allocated =
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertTrue(allocated < content / 8, allocated + " bytes");
        }
    }

    @Test
    void snapshot_withoutFreeDescriptor_showsObjects() throws InterruptedException {
        assumeTrue(NativeLayer.available(), "without it nothing is opened in this way");
        ProcessResult result = Command.of("prlimit", "--nofile=200:200")
                .args(SmallJvm.commandLine(NoDescriptor.class))
                .arg(tmp.path("named").toString())
                .timeout(Duration.ofSeconds(60))
                .run();
        assertEquals("[RESOURCES_EXHAUSTED, done, exhausted, free]", result.stdoutText(), result::stderrText);
    }
}
