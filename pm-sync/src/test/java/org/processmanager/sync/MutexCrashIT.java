package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.sync.Threads.Running;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;

/** A process killed between any two steps of the mutex. */
class MutexCrashIT {
    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;
    private SharedMutex mutex;

    @BeforeEach
    void open() {
        memory = region.memory();
        mutex = memory.mutex("mutex");
    }

    /** Acquires, returns whether the previous owner died, marks the data consistent, and releases. */
    private Callable<Boolean> use() {
        return () -> {
            try (Hold hold = mutex.acquire()) {
                hold.markConsistent();
                return hold.previousOwnerDied();
            }
        };
    }

    /** Waits until a waiter has set WAITERS: the topmost bit of the word's low half. */
    private void awaitSleeper() {
        try (Region opened = Region.open(region.path(), OpenMode.OPEN_EXISTING, 0)) {
            int word = opened.objects().find("mutex", SyncObjectTypes.MUTEX).offset() + Words.LOW_HALF;
            Eventually.assertThat(
                    ChildJvm.WATCHDOG, "WAITERS is set", () -> Words.intVolatile(opened.memory(), word) < 0);
        }
    }

    private void assertUsable(boolean onConsumerDeath) throws Exception {
        assertEquals(onConsumerDeath, use().call());
        assertFalse(use().call());
        assertTrue(mutex.tryAcquire() != null);
    }

    @Test
    @OnePath
    @Scenario("research-sync/3")
    void owner_killedAfterCas_isRecovered() throws Exception {
        try (ChildJvm victim = region.victim("mutex.taken")) {
            victim.send("acquire", "mutex");
            CrashPoints.assertCrashed(victim);
            assertUsable(true);
        }
    }

    @Test
    @Scenario("research-sync/4")
    void owner_killedBeforeWakeUp_isRecovered() throws Exception {
        try (ChildJvm victim = region.victim("mutex.released")) {
            victim.call("acquire", "mutex");
            Running<Boolean> waiter = Threads.start(use()).awaitAsleep();
            victim.send("release");
            CrashPoints.assertCrashed(victim);
            assertFalse(waiter.result(), "it had released before it died");
            assertUsable(false);
        }
    }

    @Test
    @Scenario("research-sync/7")
    void waiter_killedAfterFlag_isRecovered() throws Exception {
        try (ChildJvm victim = region.victim("mutex.flagged");
                Hold hold = mutex.acquire()) {
            victim.send("acquire", "mutex");
            CrashPoints.assertCrashed(victim);
            assertTrue(hold.isValid());
        }
        assertUsable(false);
    }

    @Test
    @Scenario("research-sync/6")
    void waiter_killedAfterWakeUp_isRecovered() throws Exception {
        try (ChildJvm holder = region.party();
                ChildJvm victim = region.victim("mutex.woken")) {
            holder.call("acquire", "mutex");
            victim.send("acquire", "mutex");
            awaitSleeper();
            Running<Boolean> waiter = Threads.start(use()).awaitAsleep();
            holder.call("release");
            CrashPoints.assertCrashed(victim);
            assertFalse(waiter.result());
            assertUsable(false);
        }
    }

    @Test
    @Scenario("sync/3")
    @Scenario("research-sync/8")
    void owner_killedAfterTakeOver_isRecovered() throws Exception {
        try (ChildJvm first = region.party();
                ChildJvm victim = region.victim("mutex.handed-over")) {
            first.call("acquire", "mutex");
            victim.send("acquire", "mutex");
            awaitSleeper();
            first.kill9();
            CrashPoints.assertCrashed(victim);
            assertUsable(true);
        }
    }
}
