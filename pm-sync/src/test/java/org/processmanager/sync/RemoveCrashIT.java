package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;

/** A process killed at each step of removing an object, and of using its room again. */
class RemoveCrashIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private Path path;
    private SharedMemory memory;

    @BeforeEach
    void open() {
        path = evidence.keep(tmp.path("region"));
        memory = SharedMemory.create(path, Party.BYTES);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private List<RegionSnapshot.NamedObject> objects() {
        return SharedMemory.snapshot(path).objects();
    }

    @ParameterizedTest
    @OnePath
    @CsvSource({"object.removed", "object.counted"})
    void remover_killed_hasRemovedObject(String point) {
        SharedBoundedBuffer old = memory.boundedBuffer("object", 1, 600_000);
        try (ChildJvm victim = CrashPoints.start(Party.class, point, 1)) {
            victim.call("open", path);
            victim.send("remove", "object");
            CrashPoints.assertCrashed(victim);
        }
        assertEquals(List.of(), objects());
        assertEquals(
                Reason.REMOVED, assertThrows(RegionException.class, old::poll).reason());
        assertEquals(0, memory.atomicLong("object").get(), "no lock is left behind");
        RegionException e = assertThrows(RegionException.class, () -> memory.boundedBuffer("other", 1, 600_000));
        assertEquals(Reason.FULL, e.reason(), "this handle was there");
        assertTrue(memory.remove("object"));
        assertFalse(memory.remove("object"));
        memory.close();
        memory = SharedMemory.open(path);
        assertEquals(0, memory.boundedBuffer("other", 1, 600_000).size());
    }

    @ParameterizedTest
    @OnePath
    @CsvSource({"object.reclaimed", "object.zeroed", "object.initialized", "object.described"})
    void creator_killedWhileReusingRoom_leavesRoom(String point) {
        SharedBoundedBuffer keep = memory.boundedBuffer("keep", 1, 100);
        assertTrue(keep.offer(new byte[] {1}));
        memory.boundedBuffer("object", 100, 1000).offer(new byte[] {2});
        memory.atomicLong("after").set(5);
        memory.remove("object");
        memory.close();
        try (ChildJvm victim = CrashPoints.start(Party.class, point, 1)) {
            victim.call("open", path);
            victim.send("create", "object");
            CrashPoints.assertCrashed(victim);
        }
        memory = SharedMemory.open(path);
        assertEquals(
                List.of("keep", "after"),
                objects().stream().map(RegionSnapshot.NamedObject::name).toList());
        assertEquals(3, memory.leasedSemaphore("object", 3).availablePermits());
        assertEquals(5, memory.atomicLong("after").get());
        assertEquals(1, memory.boundedBuffer("keep", 1, 100).size());
    }

    @Test
    void room_isReusedAfterLastUserWasKilled() {
        memory.boundedBuffer("object", 1, 600_000);
        memory.close();
        try (ChildJvm other = ChildJvm.start(Party.class)) {
            other.call("open", path);
            memory = SharedMemory.open(path);
            memory.remove("object");
            memory.close();
            memory = SharedMemory.open(path);
            RegionException e = assertThrows(RegionException.class, () -> memory.boundedBuffer("object", 1, 600_000));
            assertEquals(Reason.FULL, e.reason());
            other.kill9();
        }
        assertEquals(0, memory.boundedBuffer("object", 1, 600_000).size());
    }

    @Test
    void waiter_ofRemovedObject_throwsWithinSlice() {
        memory.semaphore("object", 0);
        try (ChildJvm waiter = ChildJvm.start(Party.class)) {
            waiter.call("open", path);
            var wait = waiter.send("semaphore.acquire", "object");
            Eventually.assertThat(
                    Duration.ofSeconds(20), "it waits", () -> objects().get(0).waiters() == 1);
            memory.remove("object");
            String failure = assertThrows(Throwable.class, wait::await).toString();
            assertTrue(failure.contains("object 'object' of region"), failure);
        }
    }
}
