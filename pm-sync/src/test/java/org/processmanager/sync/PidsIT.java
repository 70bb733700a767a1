package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Numbers of processes prove nothing: they are used again, and are others in another container. */
class PidsIT {
    private static final int FIRST_SLOT = 4096;
    private static final int PID = 8;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private final Path path = evidence.keep(tmp.path("region"));

    private ChildJvm firstProcess() throws IOException {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs the superuser");
        ChildJvm child = ChildJvm.of(Party.class).asFirstProcess().start();
        child.call("open", path);
        return child;
    }

    @Test
    @Scenario("research-sync/17")
    void deadHolder_withReusedPid_isDead() throws IOException {
        try (ChildJvm holder = ChildJvm.start(Party.class)) {
            holder.call("open", path);
            holder.call("acquire", "mutex");
            holder.kill9();
            writePid(holder.pid(), ProcessHandle.current().pid());
        }
        try (SharedMemory memory = SharedMemory.open(path);
                Hold hold = memory.mutex("mutex").tryAcquire()) {
            assertNotNull(hold);
            assertTrue(hold.previousOwnerDied());
            hold.markConsistent();
        }
    }

    /** As if the kernel had given the number to another. */
    private void writePid(long expected, long pid) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            file.read(number, FIRST_SLOT + PID);
            assertEquals(expected, number.getLong(0));
            file.write(number.putLong(0, pid).rewind(), FIRST_SLOT + PID);
        }
    }

    @Test
    @Scenario("research-sync/18")
    void restartedContainer_withSamePid_isAnotherProcess() throws IOException {
        try (ChildJvm holder = firstProcess()) {
            holder.call("acquire", "mutex");
            assertEquals(1, SharedMemory.snapshot(path).participants().get(0).pid());
            holder.kill9();
        }
        try (ChildJvm next = firstProcess()) {
            // The killed process is the parent of the container's process 1, which dies with it a moment later.
            assertEquals("true", next.call("tryAcquire", "mutex", 20_000));
            next.call("release");
        }
    }

    @Test
    @Scenario("research-sync/19")
    void pidNamespaces_excludeAndDetectDeath() throws Exception {
        try (ChildJvm holder = firstProcess();
                ChildJvm other = firstProcess();
                SharedMemory memory = SharedMemory.open(path)) {
            holder.call("acquire", "mutex");
            assertEquals("none", other.call("tryAcquire", "mutex", 200), "its pid is that of the holder: 1");
            assertNull(memory.mutex("mutex").tryAcquire(Duration.ofMillis(200)));
            holder.kill9();
            assertEquals("true", other.call("tryAcquire", "mutex", 20_000));
            other.call("release");
            try (Hold hold = memory.mutex("mutex").tryAcquire(Duration.ofSeconds(20))) {
                assertNotNull(hold);
                assertFalse(hold.previousOwnerDied());
            }
        }
    }

    @Test
    @Scenario("research-sync/22")
    void machine_afterPause_seesNoDeath() throws Exception {
        try (ChildJvm holder = ChildJvm.start(Party.class);
                ChildJvm waiter = ChildJvm.start(Party.class)) {
            holder.call("open", path);
            waiter.call("open", path);
            holder.call("acquire", "mutex");
            var waiting = waiter.send("tryAcquire", "mutex", 30_000);
            holder.signal("STOP");
            waiter.signal("STOP");
            try (SharedMemory memory = SharedMemory.open(path)) {
                assertNull(memory.mutex("mutex").tryAcquire(Duration.ofMillis(600)));
            }
            waiter.signal("CONT"); // the thread that probes for dead owners wakes up first
            try (SharedMemory memory = SharedMemory.open(path)) {
                assertNull(memory.mutex("mutex").tryAcquire(Duration.ofMillis(300)));
            }
            assertFalse(waiting.isDone());
            holder.signal("CONT");
            holder.call("release");
            assertEquals("false", waiting.await());
        }
    }
}
