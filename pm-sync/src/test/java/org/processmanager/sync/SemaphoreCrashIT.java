package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Suspended;
import org.processmanager.sync.Threads.Running;

/** A death costs a semaphore without owners the permits that the process had acquired, also a fair one. */
class SemaphoreCrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;
    private SharedSemaphore semaphore;

    @BeforeEach
    void open() {
        memory = region.memory();
        semaphore = memory.semaphore("semaphore", 0);
    }

    @Test
    void waiter_killed_takesNoPermit() {
        try (ChildJvm waiter = region.victim("semaphore.flagged")) {
            waiter.send("semaphore.acquire", "semaphore");
            CrashPoints.assertCrashed(waiter);
        }
        semaphore.release();
        assertTrue(semaphore.tryAcquire());
    }

    @Test
    void releaser_killedBeforeWakeUp_hasReleased() {
        Running<Boolean> waiter =
                Threads.start(() -> semaphore.tryAcquire(LONG)).awaitAsleep();
        try (ChildJvm releaser = region.victim("semaphore.released")) {
            releaser.send("semaphore.release", "semaphore");
            CrashPoints.assertCrashed(releaser);
        }
        assertTrue(waiter.result());
        assertEquals(0, semaphore.availablePermits());
    }

    @Test
    @Scenario("research-sync/40")
    void holders_killed_loseTheirPermits() {
        int kills = Soak.scaled(20, 1);
        semaphore.release(kills + 2);
        for (int i = 0; i < kills; i++) {
            try (ChildJvm holder = region.party()) {
                holder.call("semaphore.acquire", "semaphore");
                holder.kill9();
            }
        }
        assertEquals(2, semaphore.availablePermits());
        Eventually.assertStays(Duration.ofMillis(200), "nothing comes back", () -> semaphore.availablePermits() == 2);
    }

    private static final List<String> STEPS =
            List.of("semaphore.ticket", "semaphore.flagged", "semaphore.arriving", "semaphore.woken");

    private Running<Boolean> fairWaiter(SharedSemaphore fair) {
        return Threads.start(() -> fair.tryAcquire(LONG)).awaitAsleep();
    }

    @Test
    @Scenario("semaphores/2")
    void fairWaiters_killedAtTheirSteps_areSkipped() throws InterruptedException {
        SharedSemaphore fair = memory.fairSemaphore("fair", 0);
        for (String step : STEPS.subList(0, Soak.scaled(STEPS.size(), 2))) {
            try (ChildJvm victim = region.victim(step)) {
                victim.send("fair.acquire", "fair");
                CrashPoints.assertCrashed(victim);
            }
        }
        Running<Boolean> waiter = fairWaiter(fair);
        fair.release();
        assertTrue(waiter.result());
        assertEquals(0, fair.availablePermits());
        fair.release();
        fair.acquire();
        fair.release();
        assertTrue(fair.tryAcquire(Duration.ZERO), "none is queued");
    }

    @Test
    void fairWaiter_killedBeforeItWakesTheNext_delaysIt() {
        SharedSemaphore fair = memory.fairSemaphore("fair", 0);
        try (ChildJvm victim = region.victim("semaphore.left")) {
            victim.send("fair.acquire", "fair");
            Eventually.assertThat(LONG, "it waits", () -> fair.snapshot().waiters() == 1);
            Running<Boolean> next = fairWaiter(fair);
            fair.release(2);
            CrashPoints.assertCrashed(victim);
            assertTrue(next.result());
        }
        assertEquals(0, fair.availablePermits());
    }

    @Test
    @Scenario("semaphores/3")
    void fairWaiter_suspended_isPassedOver() {
        assumeTrue(Soak.enabled(), "takes a second");
        SharedSemaphore fair = memory.fairSemaphore("fair", 0);
        try (ChildJvm first = region.party()) {
            ChildReply reply = first.send("fair.acquire", "fair");
            Eventually.assertThat(LONG, "it waits", () -> fair.snapshot().waiters() == 1);
            first.signal("STOP");
            Suspended.await(first.pid());
            Running<Boolean> second = fairWaiter(fair);
            Running<Boolean> third = fairWaiter(fair);
            fair.release();
            assertTrue(second.result());
            fair.release();
            assertTrue(third.result());
            Running<Boolean> last = fairWaiter(fair);
            first.signal("CONT");
            Eventually.assertStays(Duration.ofMillis(300), "it takes its place again", () -> !last.isDone());
            fair.release();
            reply.await();
            assertFalse(last.isDone(), "it came later");
            fair.release();
            assertTrue(last.result());
        }
    }
}
