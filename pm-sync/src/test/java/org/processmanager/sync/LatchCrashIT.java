package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Latches and events whose users are killed: no waiter is stuck, and a dead party is named. */
class LatchCrashIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private Path path;
    private SharedMemory memory;

    @BeforeEach
    void open() {
        path = evidence.keep(tmp.sharedFile("l"));
        memory = SharedMemory.create(tmp.name("l"), Party.BYTES);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    @Scenario("research-sync/48")
    void party_killed_failsTheLatchOrCounts() {
        OwnedLatch failing = memory.ownedLatch("failing", 2);
        OwnedLatch counting = memory.ownedLatch("counting", 2, OwnedLatch.OnPartyDeath.COUNT_DOWN);
        failing.register().countDown();
        counting.register().countDown();
        try (ChildJvm party = ChildJvm.start(Party.class)) {
            party.call("open", path);
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

    @Test
    void lastParty_killedBeforeWakeUp_hasCounted() {
        OwnedLatch latch = memory.ownedLatch("failing", 1);
        memory.ownedLatch("counting", 1, OwnedLatch.OnPartyDeath.COUNT_DOWN);
        Running<Boolean> waiter = Threads.start(() -> latch.await(LONG)).awaitAsleep();
        try (ChildJvm party = CrashPoints.start(Party.class, "owned-latch.counted", 1)) {
            party.call("open", path);
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
        try (ChildJvm setter = CrashPoints.start(Party.class, "event.set", 1)) {
            setter.call("open", path);
            setter.send("event.set", "event");
            CrashPoints.assertCrashed(setter);
        }
        assertTrue(waiter.result());
    }

    @Test
    void waiter_killed_consumesNoEvent() throws InterruptedException {
        SharedEvent event = memory.autoResetEvent("auto");
        try (ChildJvm waiter = CrashPoints.start(Party.class, "event.flagged", 1)) {
            waiter.call("open", path);
            waiter.send("event.awaitAuto", "auto");
            CrashPoints.assertCrashed(waiter);
        }
        event.set();
        assertTrue(event.await(Duration.ZERO));
        assertFalse(event.isSet());
    }
}
