package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.sync.Threads.Running;

/** Processes that are killed while they wait for an item, or put one: the item is taken by another thread that waits. */
class ConditionCrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;
    private SharedMutex mutex;
    private SharedCondition condition;

    @BeforeEach
    void open() {
        memory = region.memory();
        mutex = memory.mutex("mutex");
        condition = mutex.condition("condition");
    }

    /** Puts an item and signals one thread. */
    static void put(SharedMemory memory) throws InterruptedException {
        SharedMutex mutex = memory.mutex("mutex");
        mutex.run(() -> {
            memory.atomicLong("items").incrementAndGet();
            mutex.condition("condition").signal();
        });
    }

    /** Waits for an item and takes it; returns whether an owner of the mutex died meanwhile. */
    static boolean take(SharedMemory memory) throws InterruptedException {
        SharedMutex mutex = memory.mutex("mutex");
        SharedLong items = memory.atomicLong("items");
        boolean died = false;
        try (Hold hold = mutex.acquire()) {
            while (items.get() == 0) {
                mutex.condition("condition").await();
                died |= hold.previousOwnerDied();
                hold.markConsistent();
            }
            items.decrementAndGet();
            return died;
        }
    }

    private void awaitWaiters(int count) {
        Eventually.assertThat(LONG, count + " wait", () -> condition.waiters() == count);
    }

    private Running<Boolean> takeHere() {
        int before = condition.waiters();
        Running<Boolean> taker = Threads.start(() -> take(memory));
        awaitWaiters(before + 1);
        return taker;
    }

    /** Starts a child that waits for an item, and whose turn it is to get one; the test waits for the next. */
    private Running<Boolean> takeThereAndHere(ChildJvm child) throws InterruptedException {
        Running<Boolean> first = takeHere();
        put(memory);
        assertFalse(first.result());
        child.send("condition.take");
        awaitWaiters(1);
        return takeHere();
    }

    private void assertUsable() throws InterruptedException {
        assertEquals(0, memory.atomicLong("items").get());
        Running<Boolean> taker = takeHere();
        put(memory);
        assertFalse(taker.result());
        assertEquals("0 waiting", condition.snapshot().state());
    }

    @Test
    void waiter_killedAsleep_takesNoSignal() throws InterruptedException {
        try (ChildJvm child = region.victim("condition.flagged")) {
            child.send("condition.take");
            CrashPoints.assertCrashed(child);
        }
        assertEquals(0, condition.waiters());
        Running<Boolean> taker = takeHere();
        put(memory);
        assertFalse(taker.result());
        assertUsable();
    }

    @Test
    @Scenario("research-sync/44")
    void signalledWaiter_killedWithoutMutex_passesItOn() throws InterruptedException {
        try (ChildJvm child = region.party()) {
            Running<Boolean> taker = takeThereAndHere(child);
            try (Hold hold = mutex.acquire()) {
                put(memory);
                Eventually.assertThat(
                        LONG, "waits for the mutex", () -> mutex.snapshot().waiters() == 1);
                child.kill9();
            }
            assertFalse(taker.result());
        }
        assertUsable();
        assertEquals(1, condition.snapshot().deathsRepaired());
    }

    @Test
    @Scenario("research-sync/44")
    void signalledWaiter_killedWithMutex_passesItOn() throws InterruptedException {
        try (ChildJvm child = region.victim("condition.acquired")) {
            Running<Boolean> taker = takeThereAndHere(child);
            put(memory);
            CrashPoints.assertCrashed(child);
            assertTrue(taker.result());
        }
        assertUsable();
    }

    @Test
    @Scenario("research-sync/45")
    void signaller_killedBeforeWakeUp_wakes() throws InterruptedException {
        Running<Boolean> taker = takeHere();
        try (ChildJvm child = region.victim("condition.signalled")) {
            child.send("condition.put");
            CrashPoints.assertCrashed(child);
            assertTrue(taker.result());
        }
        assertUsable();
    }

    @Test
    @Scenario("research-sync/45")
    void signaller_killedBeforeSignal_wakes() throws InterruptedException {
        Running<Boolean> taker = takeHere();
        Running<Boolean> second = takeHere();
        try (ChildJvm child = region.party()) {
            child.call("acquire", "mutex");
            memory.atomicLong("items").addAndGet(2);
            child.kill9();
            assertTrue(taker.result() | second.result());
            assertTrue(second.isDone());
        }
        assertUsable();
    }
}
