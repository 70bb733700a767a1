package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.sync.Threads.Running;

/** A holder of permits killed between any two of its steps: at rest there are as many as ever. */
class LeasedCrashIT {
    private static final int PERMITS = 2;
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;
    private LeasedSemaphore semaphore;

    @BeforeEach
    void open() {
        memory = region.memory();
        semaphore = memory.leasedSemaphore("leased", PERMITS);
    }

    private void assertAllAreBack() {
        assertEquals(PERMITS, semaphore.availablePermits());
        List<Lease> all = new ArrayList<>();
        for (int i = 0; i < PERMITS; i++) {
            all.add(had(semaphore.tryAcquire()));
        }
        assertNull(semaphore.tryAcquire());
        all.forEach(Lease::close);
        assertEquals(PERMITS, semaphore.availablePermits());
    }

    private static Lease had(Lease lease) {
        assertNotNull(lease);
        return lease;
    }

    /** Two that want three of four permits each: one is killed when it has one, two or three of them. */
    @Test
    @Scenario("semaphores/6")
    void collector_killedMidway_leavesNoPermits() {
        LeasedSemaphore four = memory.leasedSemaphore("four", 4);
        for (int taken = Soak.scaled(1, 2); taken <= 3; taken++) {
            AtomicBoolean stopped = new AtomicBoolean();
            Running<Boolean> rival = Threads.start(() -> {
                boolean all = true;
                while (!stopped.get()) {
                    try (Lease lease = four.tryAcquire(3, LONG)) {
                        all &= lease != null && lease.permits() == 3;
                    }
                }
                return all;
            });
            try (ChildJvm victim = region.victim("leased.taken", taken)) {
                victim.send("leaseSeveral", "four", 4, 3);
                CrashPoints.assertCrashed(victim);
            }
            try (Lease all = had(four.tryAcquire(4, LONG))) {
                assertTrue(all.isValid());
                stopped.set(true);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertTrue(rival.result());
            assertEquals(4, four.availablePermits());
        }
    }

    @Test
    @Scenario("research-sync/39")
    void acquire_afterHolderWasKilled_succeeds() {
        try (ChildJvm holder = region.party()) {
            holder.call("lease", "leased", PERMITS);
            holder.call("lease", "leased", PERMITS);
            assertEquals(0, semaphore.availablePermits());
            Running<Lease> waiter =
                    Threads.start(() -> semaphore.tryAcquire(LONG)).awaitAsleep();
            holder.kill9();
            Lease lease = had(waiter.result());
            assertTrue(lease.isValid());
            assertEquals(1, semaphore.availablePermits());
            lease.close();
        }
        assertAllAreBack();
        assertEquals(2, SharedMemory.snapshot(region.path()).objects().get(0).deathsRepaired());
    }

    @Test
    @OnePath
    void tryAcquire_afterHolderWasKilled_succeeds() {
        try (ChildJvm holder = region.party()) {
            holder.call("lease", "leased", PERMITS);
            holder.call("lease", "leased", PERMITS);
            assertNull(semaphore.tryAcquire());
            holder.kill9();
        }
        RegionSnapshot.NamedObject seen =
                SharedMemory.snapshot(region.path()).objects().get(0);
        assertEquals("2 of 2 free", seen.state(), "as availablePermits() counts");
        assertEquals(2, seen.owners().stream().filter(owner -> !owner.alive()).count());
        assertAllAreBack();
    }

    @Test
    @OnePath
    void holder_killedAfterAcquire_releases() {
        try (ChildJvm victim = region.victim("leased.taken")) {
            victim.send("lease", "leased", PERMITS);
            CrashPoints.assertCrashed(victim);
        }
        assertAllAreBack();
    }

    @Test
    void holder_killedBeforeWakeUp_hasReleased() {
        Lease mine = semaphore.tryAcquire();
        try (ChildJvm victim = region.victim("leased.freed")) {
            victim.call("lease", "leased", PERMITS);
            Running<Lease> waiter =
                    Threads.start(() -> semaphore.tryAcquire(LONG)).awaitAsleep();
            victim.send("endLease");
            CrashPoints.assertCrashed(victim);
            had(waiter.result()).close();
        }
        mine.close();
        assertAllAreBack();
    }

    @Test
    void waiter_killed_acquiresNothing() {
        for (String point : List.of("leased.flagged", "leased.woken")) {
            Lease one = semaphore.tryAcquire();
            Lease two = semaphore.tryAcquire();
            try (ChildJvm victim = region.victim(point)) {
                victim.send("lease", "leased", PERMITS);
                CrashPoints.assertCrashed(victim);
            }
            Running<Lease> waiter =
                    Threads.start(() -> semaphore.tryAcquire(LONG)).awaitAsleep();
            one.close();
            had(waiter.result()).close();
            two.close();
            assertAllAreBack();
        }
    }
}
