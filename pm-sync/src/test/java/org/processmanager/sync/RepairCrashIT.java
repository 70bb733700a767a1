package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;

/** A dead participant is repaired by the next process, and by another one if that is killed while repairing. */
class RepairCrashIT {
    private static final int PERMITS = 2;

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;

    @BeforeEach
    void open() {
        memory = region.memory();
    }

    /** A process that has two mutexes, and a part of each other object that can have owners, and is killed. */
    private void killHolder() {
        try (ChildJvm holder = region.party()) {
            holder.call("lease", "leases", PERMITS);
            holder.call("read", "readers", 2);
            holder.call("latch.register", 2);
            holder.call("barrier.register", "barrier", 2);
            holder.call("acquire", "one");
            holder.call("acquire", "two");
            holder.kill9();
        }
    }

    private RegionSnapshot.NamedObject inspect(String name) {
        return SharedMemory.snapshot(region.path()).objects().stream()
                .filter(object -> object.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Permits, read holds, parties and registrations of the killed process are free, and each of them once. */
    private void assertOthersRepaired() {
        assertEquals(PERMITS, memory.leasedSemaphore("leases", PERMITS).availablePermits());
        assertEquals("free", inspect("readers").state());
        try (Hold hold = memory.readWriteLock("readers").tryAcquireWrite()) {
            assertFalse(hold.previousOwnerDied());
        }
        assertThrows(
                PartyDiedException.class, () -> memory.ownedLatch("failing", 2).getCount());
        assertEquals(
                1,
                memory.ownedLatch("counting", 2, OwnedLatch.OnPartyDeath.COUNT_DOWN)
                        .getCount());
        SharedBarrier barrier = memory.barrier("barrier", 2);
        assertTrue(barrier.isBroken());
        for (int i = 0; i < barrier.getParties(); i++) {
            barrier.register();
        }
    }

    private void assertToldOnce(String mutex) {
        for (boolean told : new boolean[] {true, false}) {
            try (Hold hold = memory.mutex(mutex).tryAcquire()) {
                assertEquals(told, hold.previousOwnerDied(), mutex);
                hold.markConsistent();
            }
        }
    }

    @Test
    void joiner_takingDeadSlot_repairsIt() {
        killHolder();
        assertEquals("held by a dead owner", inspect("one").state());
        try (ChildJvm joiner = region.party()) {
            for (String name : List.of("one", "two")) {
                RegionSnapshot.NamedObject mutex = inspect(name);
                assertEquals("orphaned", mutex.state());
                assertEquals(List.of(), mutex.owners());
                assertEquals(1, mutex.deathsRepaired());
            }
            assertEquals(2, SharedMemory.snapshot(region.path()).participants().size(), "the slot was used again");
            joiner.call("close");
        }
        assertToldOnce("one");
        assertToldOnce("two");
        assertOthersRepaired();
    }

    @Test
    void survivor_takingOver_repairsOtherObjects() {
        killHolder();
        try (Hold hold = memory.mutex("one").tryAcquire()) {
            assertTrue(hold.previousOwnerDied());
            hold.markConsistent();
            assertEquals("orphaned", inspect("two").state());
        }
        assertToldOnce("two");
        assertEquals(
                1,
                SharedMemory.snapshot(region.path()).participants().size(),
                "the slot of the killed process is free");
    }

    @ParameterizedTest
    @ValueSource(strings = {"repair.proven", "repair.marked", "repair.freed"})
    @Scenario("sync/3")
    @Scenario("research-sync/10")
    void joiner_killedWhileRepairing_isFollowed(String point) {
        killHolder();
        try (ChildJvm victim = CrashPoints.start(Party.class, point, 1)) {
            victim.send("open", region.path());
            CrashPoints.assertCrashed(victim);
        }
        try (SharedMemory next = SharedMemory.open(region.path())) {
            assertEquals("orphaned", inspect("one").state());
            assertEquals("orphaned", inspect("two").state());
            assertFalse(
                    SharedMemory.snapshot(region.path()).participants().stream().anyMatch(p -> !p.alive()),
                    next::toString);
        }
        assertToldOnce("one");
        assertToldOnce("two");
        assertOthersRepaired();
    }

    @ParameterizedTest
    @OnePath
    @ValueSource(strings = {"repair.proven", "repair.marked", "repair.freed"})
    @Scenario("research-sync/10")
    void survivor_killedWhileRepairing_isRepaired(String point) {
        try (ChildJvm victim = region.victim(point)) {
            killHolder();
            victim.send("acquire", "one");
            CrashPoints.assertCrashed(victim);
        }
        assertToldOnce("one");
        assertToldOnce("two");
        assertOthersRepaired();
    }

    @Test
    void snapshot_namesOwnerAndCountsWaiters() {
        try (ChildJvm holder = region.party();
                ChildJvm waiter = region.party()) {
            holder.call("acquire", "one");
            RegionSnapshot.NamedObject held = inspect("one");
            assertEquals("held", held.state());
            assertEquals(1, held.owners().size());
            RegionSnapshot.Owner owner = held.owners().get(0);
            assertEquals(holder.pid(), owner.pid());
            assertTrue(owner.thread() > 0 && owner.alive(), owner::toString);
            assertTrue(owner.since().isBefore(Instant.now()), owner::toString);
            assertEquals(0, held.waiters());
            waiter.send("acquire", "one");
            Threads.start(() -> memory.mutex("one").acquire());
            Eventually.assertThat(
                    ChildJvm.WATCHDOG, "two wait", () -> inspect("one").waiters() == 2);
            waiter.kill9();
            Eventually.assertThat(
                    ChildJvm.WATCHDOG, "one waits", () -> inspect("one").waiters() == 1);
        }
    }
}
