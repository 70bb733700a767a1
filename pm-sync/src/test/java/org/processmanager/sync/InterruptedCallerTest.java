package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Tmp;

/**
 * A thread that is interrupted already calls everything that reaches the region's file. The JDK closes a channel whose
 * caller is interrupted, and with a channel all locks of the process would fall: others would believe it dead.
 */
class InterruptedCallerTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path path;
    private SharedMemory keeper;
    private Hold hold;
    private ChildJvm other;

    @BeforeEach
    void open() throws InterruptedException {
        path = tmp.path("region");
        keeper = SharedMemory.create(path, Party.BYTES);
        hold = keeper.mutex("mutex").acquire();
        other = ChildJvm.start(Party.class);
        other.call("open", path);
    }

    @AfterEach
    void close() {
        Thread.interrupted();
        other.close();
        keeper.close();
    }

    /** Runs it interrupted; then this JVM must still be alive for others, and interrupted. */
    private void interrupted(String what, Executable operation) {
        Thread.currentThread().interrupt();
        assertDoesNotThrow(operation, what);
        assertTrue(Thread.interrupted(), what + " keeps the interrupt");
        assertEquals("none", other.call("tryAcquire", "mutex", 0), "what is held here, for others, after: " + what);
        assertTrue(hold.isValid(), what);
    }

    @Test
    void fileAccess_byInterruptedThread_keepsLocks() {
        Map<String, Executable> operations = new LinkedHashMap<>();
        SharedMemory[] second = new SharedMemory[1];
        operations.put("open", () -> second[0] = SharedMemory.open(path));
        operations.put("make an object", () -> second[0].semaphore("made", 1));
        operations.put("open an object", () -> keeper.semaphore("made", 1));
        operations.put(
                "tryAcquire, which probes", () -> second[0].mutex("mutex").tryAcquire());
        operations.put(
                "lease, which probes",
                () -> assertEquals(2, second[0].leasedSemaphore("leases", 2).availablePermits()));
        operations.put(
                "poll, which probes",
                () -> assertNull(second[0].boundedBuffer("buffer", 1, 8).poll()));
        operations.put(
                "inspect",
                () -> assertEquals(3, SharedMemory.snapshot(path).participants().size()));
        operations.put(
                "inspect a handle",
                () -> assertEquals(3, keeper.snapshot().participants().size()));
        operations.put("remove", () -> assertTrue(second[0].remove("made")));
        operations.put("close", () -> second[0].close());
        operations.put(
                "refuse a size",
                () -> assertThrows(RegionException.class, () -> SharedMemory.openOrCreate(path, 2 * Party.BYTES)));
        operations.put(
                "refuse a taken name",
                () -> assertThrows(RegionException.class, () -> SharedMemory.create(path, Party.BYTES)));
        operations.put("create and delete another", () -> {
            try (SharedMemory another = SharedMemory.create(tmp.path("another"), Party.BYTES)) {
                another.delete();
            }
        });
        operations.forEach(this::interrupted);
    }

    @Test
    void handle_ofInterruptedThread_isAliveForOthers() {
        Thread.currentThread().interrupt();
        Path mine = tmp.path("mine");
        try (SharedMemory made = SharedMemory.create(mine, Party.BYTES)) {
            made.mutex("mutex").asLock().lock();
            assertTrue(Thread.interrupted());
            try (ChildJvm child = ChildJvm.start(Party.class)) {
                child.call("open", mine);
                assertEquals("none", child.call("tryAcquire", "mutex", 0));
                assertEquals(2, made.snapshot().participants().size());
            }
        }
    }

    @Test
    void repair_byInterruptedThread_succeeds() {
        try (ChildJvm victim = ChildJvm.start(Party.class)) {
            victim.call("open", path);
            victim.call("lease", "leases", 1);
            victim.kill9();
        }
        interrupted("open, which repairs", () -> {
            try (SharedMemory second = SharedMemory.open(path)) {
                assertEquals(1, second.leasedSemaphore("leases", 1).availablePermits());
            }
        });
    }

    @Test
    void waits_interrupted_keepLocks() {
        try (SharedMemory second = SharedMemory.open(path)) {
            for (Executable wait : new Executable[] {
                () -> second.mutex("mutex").acquire(),
                () -> second.semaphore("semaphore", 0).acquire(),
                () -> second.leasedSemaphore("leases", 1).acquire(),
                () -> second.boundedBuffer("buffer", 1, 8).take()
            }) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, wait);
                assertFalse(Thread.interrupted());
                assertEquals("none", other.call("tryAcquire", "mutex", 0));
            }
        }
    }

    @Test
    void open_whenThreadGroupIsInterrupted_keepsLocks() {
        ThreadGroup group = new ThreadGroup("interrupted");
        Thread[] threads = new Thread[2];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(group, () -> {
                for (int round = 0; round < 100; round++) {
                    SharedMemory.open(path).close();
                }
            });
            threads[i].setDaemon(true);
            threads[i].start();
        }
        while (threads[0].isAlive() || threads[1].isAlive()) {
            group.interrupt();
            Thread.onSpinWait();
        }
        assertEquals("none", other.call("tryAcquire", "mutex", 0));
        assertEquals(2, keeper.snapshot().participants().size());
    }
}
