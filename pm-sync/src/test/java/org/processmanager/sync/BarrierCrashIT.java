package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Parties of a barrier that are killed at each step: no other party is stuck, and a reset makes the barrier usable. */
class BarrierCrashIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private Path path;
    private SharedMemory memory;
    private SharedBarrier barrier;

    @BeforeEach
    void open() {
        path = evidence.keep(tmp.sharedFile("b"));
        memory = SharedMemory.create(tmp.name("b"), Party.BYTES);
        barrier = memory.barrier("barrier", 2);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"barrier.arrived", "barrier.flagged"})
    @Scenario("research-sync/46")
    void arrivedParty_killed_breaksTheBarrier(String step) throws Exception {
        try (ChildJvm party = CrashPoints.start(Party.class, step, 1)) {
            party.call("open", path);
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
        try (ChildJvm party = ChildJvm.start(Party.class)) {
            party.call("open", path);
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
        try (ChildJvm party = CrashPoints.start(Party.class, "barrier.last", 1)) {
            party.call("open", path);
            party.send("barrier.await", "barrier", 2);
            CrashPoints.assertCrashed(party);
            assertNames(party, assertBroken(waiter));
        }
        assertUsableAfterReset();
    }

    @Test
    void lastParty_killedBeforeWakeUp_hasTripped() {
        Running<Integer> waiter = Threads.start(() -> barrier.await(LONG)).awaitAsleep();
        try (ChildJvm party = CrashPoints.start(Party.class, "barrier.tripped", 1)) {
            party.call("open", path);
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
