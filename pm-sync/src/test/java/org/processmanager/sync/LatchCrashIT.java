package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Scenario;
import org.processmanager.sync.Threads.Running;

/** Latches and events whose users are killed: no waiter is stuck, and a dead party is named. */
class LatchCrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;

    @BeforeEach
    void open() {
        memory = region.memory();
    }

    @Test
    @Scenario("research-sync/48")
    void party_killed_failsTheLatchOrCounts() {
        OwnedLatch failing = memory.ownedLatch("failing", 2);
        OwnedLatch counting = memory.ownedLatch("counting", 2, OwnedLatch.OnPartyDeath.COUNT_DOWN);
        failing.register().countDown();
        counting.register().countDown();
        try (ChildJvm party = region.party()) {
            party.call("latch.register", 2);
            Running<Boolean> fails = Threads.start(() -> failing.await(LONG)).awaitAsleep();
            Running<Boolean> counts = Threads.start(() -> counting.await(LONG)).awaitAsleep();
            party.kill9();
            PartyDiedException e = assertInstanceOf(PartyDiedException.class, fails.failure());
            assertEquals(party.pid(), e.pid());
            assertTrue(counts.result());
            assertEquals(1, counting.snapshot().deathsRepaired());
        }
    }

    /** Shorter than the first slice: it has no second sleep before which others search for the dead. */
    @Test
    void shortWait_afterDeathOfParty_findsIt() throws InterruptedException {
        OwnedLatch failing = memory.ownedLatch("failing", 1);
        OwnedLatch counting = memory.ownedLatch("counting", 1, OwnedLatch.OnPartyDeath.COUNT_DOWN);
        try (ChildJvm party = region.party()) {
            party.call("latch.register", 1);
            assertFalse(failing.await(Duration.ofMillis(1))); // what follows is not delayed by the loading of classes
            party.kill9();
        }
        assertTrue(counting.await(Duration.ofMillis(5)));
    }

    @Test
    void lastParty_killedBeforeWakeUp_hasCounted() {
        OwnedLatch latch = memory.ownedLatch("failing", 1);
        memory.ownedLatch("counting", 1, OwnedLatch.OnPartyDeath.COUNT_DOWN);
        Running<Boolean> waiter = Threads.start(() -> latch.await(LONG)).awaitAsleep();
        try (ChildJvm party = region.victim("owned-latch.counted")) {
            party.call("latch.register", 1);
            party.send("latch.countDown");
            CrashPoints.assertCrashed(party);
        }
        assertTrue(waiter.result());
        assertEquals(0, latch.getCount());
    }

    @Test
    void setter_killedBeforeWakeUp_hasSet() {
        SharedEvent event = memory.event("event");
        Running<Boolean> waiter = Threads.start(() -> event.await(LONG)).awaitAsleep();
        try (ChildJvm setter = region.victim("event.set")) {
            setter.send("event.set", "event");
            CrashPoints.assertCrashed(setter);
        }
        assertTrue(waiter.result());
    }

    @Test
    void waiter_killed_consumesNoEvent() throws InterruptedException {
        SharedEvent event = memory.autoResetEvent("auto");
        try (ChildJvm waiter = region.victim("event.flagged")) {
            waiter.send("event.awaitAuto", "auto");
            CrashPoints.assertCrashed(waiter);
        }
        event.set();
        assertTrue(event.await(Duration.ZERO));
        assertFalse(event.isSet());
    }
}
