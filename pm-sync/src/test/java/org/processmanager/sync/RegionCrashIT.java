package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A process killed at each step of making, joining and deleting a region, and of making an object. */
class RegionCrashIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private final Path path = evidence.keep(tmp.path("region"));

    @ParameterizedTest
    @ValueSource(strings = {"region.reserved", "region.written", "slot.locked", "slot.claiming", "slot.live"})
    @Scenario("sync/4")
    @Scenario("research-sync/27")
    @Scenario("public-sync/6")
    void creator_killedBeforeName_leavesNothing(String point) throws IOException {
        crash(point, "open", path);
        assertFalse(Files.exists(path));
        if (NativeLayer.available()) {
            assertEquals(List.of(), filesBeside());
        }
        assertWorks();
        assertEquals(List.of(path), filesBeside(), "the next creation deletes the unfinished file");
    }

    @Test
    @Scenario("sync/4")
    @Scenario("research-sync/27")
    void creator_killedAfterName_leavesCompleteRegion() {
        crash("region.linked", "open", path);
        assertTrue(Files.exists(path));
        SharedMemory.open(path).close();
        assertWorks();
        assertEquals(
                List.of(),
                SharedMemory.snapshot(path).participants(),
                "the slot of the killed process was reused and left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"slot.locked", "slot.claiming", "slot.live"})
    @Scenario("research-sync/28")
    void joiner_killedWhileJoining_leavesSlot(String point) {
        try (SharedMemory first = SharedMemory.create(path, Party.BYTES)) {
            crash(point, "open", path);
            try (SharedMemory next = SharedMemory.open(path)) {
                List<RegionSnapshot.Participant> participants =
                        SharedMemory.snapshot(path).participants();
                assertEquals(2, participants.size(), "" + participants);
                assertTrue(participants.stream().allMatch(RegionSnapshot.Participant::alive), "" + participants);
                assertEquals(first.path(), next.path());
            }
        }
    }

    @ParameterizedTest
    @OnePath
    @ValueSource(strings = {"object.zeroed", "object.initialized", "object.described"})
    @Scenario("sync/4")
    void creator_killedBeforePublishing_leavesNoObject(String point) {
        try (SharedMemory memory = SharedMemory.create(path, Party.BYTES)) {
            long free = SharedMemory.snapshot(path).freeBytes();
            crashIn(point);
            assertEquals(List.of(), SharedMemory.snapshot(path).objects());
            assertEquals(free, SharedMemory.snapshot(path).freeBytes());
            // Another kind in the place of the unfinished one, which left its first content there.
            assertEquals(0, memory.atomicLong("object").get());
        }
    }

    @Test
    @OnePath
    @Scenario("sync/4")
    void creator_killedAfterPublishing_leavesObject() {
        try (SharedMemory memory = SharedMemory.create(path, Party.BYTES)) {
            crashIn("object.published");
            assertEquals(7, memory.semaphore("object", 7).availablePermits());
        }
    }

    @Test
    void deleter_killedBeforeUnlink_isFinishedByOpen() {
        try (ChildJvm victim = CrashPoints.start(Party.class, "region.deleted", 1)) {
            victim.call("open", path);
            victim.send("delete");
            CrashPoints.assertCrashed(victim);
        }
        assertTrue(Files.exists(path));
        assertWorks();
    }

    @Test
    void deleter_killedBeforeUnlink_isFinishedByCreate() {
        try (ChildJvm victim = CrashPoints.start(Party.class, "region.deleted", 1)) {
            victim.call("open", path);
            victim.send("delete");
            CrashPoints.assertCrashed(victim);
        }
        SharedMemory.create(path, Party.BYTES).close();
        assertWorks();
    }

    private void crash(String point, String command, Object... args) {
        try (ChildJvm victim = CrashPoints.start(Party.class, point, 1)) {
            victim.send(command, args);
            CrashPoints.assertCrashed(victim);
        }
    }

    private void crashIn(String point) {
        try (ChildJvm victim = CrashPoints.start(Party.class, point, 1)) {
            victim.call("open", path);
            victim.send("create", "object");
            CrashPoints.assertCrashed(victim);
        }
    }

    private void assertWorks() {
        try (SharedMemory memory = SharedMemory.openOrCreate(path, Party.BYTES)) {
            assertEquals(1, memory.atomicLong("number").addAndGet(1));
            assertTrue(memory.mutex("mutex").tryAcquire() != null);
        }
    }

    private List<Path> filesBeside() throws IOException {
        try (Stream<Path> files = Files.list(path.getParent())) {
            return files.toList();
        }
    }
}
