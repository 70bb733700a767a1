package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Scenario;
import org.processmanager.sync.Threads.Running;

/** Parties of a barrier that are killed at each step: no other party is stuck, and a reset makes the barrier usable. */
class BarrierCrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;
    private SharedBarrier barrier;

    @BeforeEach
    void open() {
        memory = region.memory();
        barrier = memory.barrier("barrier", 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"barrier.arrived", "barrier.flagged"})
    @Scenario("research-sync/46")
    void arrivedParty_killed_breaksTheBarrier(String step) throws Exception {
        try (ChildJvm party = region.victim(step)) {
            party.send("barrier.await", "barrier", 2);
            CrashPoints.assertCrashed(party);
            assertNames(party, assertBroken(Threads.start(() -> barrier.await(LONG))));
        }
        assertUsableAfterReset();
    }

    @Test
    @Scenario("research-sync/46")
    void registeredParty_killed_breaksTheBarrier() throws Exception {
        Running<Integer> waiter = Threads.start(() -> barrier.await(LONG)).awaitAsleep();
        try (ChildJvm party = region.party()) {
            party.call("barrier.register", "barrier", 2);
            party.kill9();
            assertNames(party, assertBroken(waiter));
        }
        assertUsableAfterReset();
    }

    @Test
    @Scenario("research-sync/46")
    void lastParty_killedBeforeItsAction_breaksTheBarrier() throws Exception {
        Running<Integer> waiter = Threads.start(() -> barrier.await(LONG)).awaitAsleep();
        try (ChildJvm party = region.victim("barrier.last")) {
            party.send("barrier.await", "barrier", 2);
            CrashPoints.assertCrashed(party);
            assertNames(party, assertBroken(waiter));
        }
        assertUsableAfterReset();
    }

    @Test
    void lastParty_killedBeforeWakeUp_hasTripped() {
        Running<Integer> waiter = Threads.start(() -> barrier.await(LONG)).awaitAsleep();
        try (ChildJvm party = region.victim("barrier.tripped")) {
            party.send("barrier.await", "barrier", 2);
            CrashPoints.assertCrashed(party);
        }
        assertEquals(1, waiter.result());
    }

    private static BrokenBarrierException assertBroken(Running<Integer> waiter) {
        return assertInstanceOf(BrokenBarrierException.class, waiter.failure());
    }

    private static void assertNames(ChildJvm party, BrokenBarrierException e) {
        assertTrue(e.getMessage().contains("party pid " + party.pid() + " ("), e.getMessage());
    }

    private void assertUsableAfterReset() throws Exception {
        barrier.reset();
        Running<Integer> waiter = Threads.start(() -> barrier.await(LONG)).awaitAsleep();
        assertEquals(0, barrier.await(LONG));
        assertEquals(1, waiter.result());
    }
}
