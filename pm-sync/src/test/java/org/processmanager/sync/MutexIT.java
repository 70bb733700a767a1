package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.sync.Threads.Running;

class MutexIT {
    /** A slice and the taking apart of a small JVM: measured about 0.1 s; the bound is for very busy machines. */
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;
    private SharedMutex mutex;

    @BeforeEach
    void open() {
        memory = region.memory();
        mutex = memory.mutex("mutex");
    }

    @Test
    void mutex_excludesThreadsOfSeveralProcesses() {
        int rounds = Soak.scaled(100_000, 2_000);
        try (ChildJvm one = region.party();
                ChildJvm two = region.party();
                ChildJvm three = region.party()) {
            List<ChildReply> counting = new ArrayList<>();
            for (ChildJvm party : List.of(one, two, three)) {
                counting.add(party.send("count", "mutex", 3, rounds));
            }
            counting.forEach(ChildReply::await);
            assertEquals(9L * rounds, memory.atomicLong("count").get());
        }
    }

    @Test
    @Scenario("research-sync/1")
    void acquire_whenHolderIsKilled_takesOver() throws InterruptedException {
        try (ChildJvm holder = region.party()) {
            assertEquals("false", holder.call("acquire", "mutex"));
            Running<Long> waiter = Threads.start(() -> {
                        try (Hold hold = mutex.acquire()) {
                            assertTrue(hold.previousOwnerDied());
                            hold.markConsistent();
                            return System.nanoTime();
                        }
                    })
                    .awaitAsleep();
            long killed = System.nanoTime();
            holder.kill9();
            long nanos = waiter.result() - killed;
            assertTrue(nanos < RECOVERY.toNanos(), "taken over after " + nanos / 1_000_000 + " ms");
            try (Hold hold = mutex.acquire()) {
                assertFalse(hold.previousOwnerDied());
            }
        }
    }

    @Test
    @Scenario("research-sync/14")
    void holderWithLargeHeap_killed_isReplacedInTime() throws InterruptedException {
        assumeTrue(Soak.enabled(), "touches 2 GiB, in the soak alone");
        try (ChildJvm holder = ChildJvm.of(Party.class)
                .options("-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch")
                .start()) {
            holder.call("open", region.path());
            holder.call("acquire", "mutex");
            long killed = System.nanoTime();
            Running<Hold> waiter = Threads.start(mutex::acquire).awaitAsleep();
            holder.kill9();
            assertTrue(waiter.result().previousOwnerDied());
            long millis = (System.nanoTime() - killed) / 1_000_000;
            assertTrue(millis < 1_000, "taken over after " + millis + " ms");
        }
    }

    @Test
    @OnePath
    void tryAcquire_afterHolderWasKilled_takesOver() {
        try (ChildJvm holder = region.party()) {
            holder.call("acquire", "mutex");
            assertNull(mutex.tryAcquire());
            holder.kill9();
            Hold hold = mutex.tryAcquire();
            assertNotNull(hold);
            assertTrue(hold.previousOwnerDied());
            hold.markConsistent();
            hold.close();
        }
    }

    @Test
    @Scenario("sync/1")
    @Scenario("research-sync/2")
    void acquire_ofFiftyWaiters_reportsDeathOnce() {
        List<ChildJvm> parties = new ArrayList<>();
        try (ChildJvm holder = region.party()) {
            for (int i = 0; i < 2; i++) {
                parties.add(region.party());
            }
            holder.call("acquire", "mutex");
            List<ChildReply> waiting = new ArrayList<>();
            for (ChildJvm party : parties) {
                waiting.add(party.send("waitAll", "mutex", 25));
            }
            Eventually.assertStays(
                    Duration.ofMillis(200), "all wait", () -> waiting.stream().noneMatch(ChildReply::isDone));
            holder.kill9();
            int told = 0;
            for (ChildReply reply : waiting) {
                told += Integer.parseInt(reply.await());
            }
            assertEquals(1, told);
        } finally {
            parties.forEach(ChildJvm::close);
        }
    }

    @Test
    @Scenario("sync/2")
    @Scenario("research-sync/11")
    void suspendedHolder_keepsMutex() throws InterruptedException {
        Duration stopped = Soak.scaled(Duration.ofSeconds(10), Duration.ofMillis(1200));
        try (ChildJvm holder = region.party()) {
            holder.call("acquire", "mutex");
            holder.signal("STOP");
            assertNull(mutex.tryAcquire(stopped));
            holder.signal("CONT");
            holder.call("release");
            try (Hold hold = mutex.tryAcquire(Duration.ofSeconds(10))) {
                assertNotNull(hold);
                assertFalse(hold.previousOwnerDied());
            }
        }
    }

    @Test
    @Scenario("sync/7")
    @Scenario("research-sync/32")
    void childOfDeadHolder_doesNotKeepItAlive() {
        try (ChildJvm holder = region.party()) {
            holder.call("acquire", "mutex");
            ProcessHandle sleeper = ProcessHandle.of(Long.parseLong(holder.call("startSleeper")))
                    .orElseThrow();
            try {
                holder.kill9();
                try (Hold hold = mutex.tryAcquire()) {
                    assertTrue(hold.previousOwnerDied());
                    assertTrue(sleeper.isAlive());
                    hold.markConsistent();
                }
            } finally {
                sleeper.destroyForcibly();
            }
        }
    }

    @Test
    @OnePath
    @Scenario("sync/5")
    @Scenario("research-sync/50")
    void allProcessesKilled_leaveUsableRegion() throws InterruptedException {
        memory.atomicLong("data").set(7);
        memory.close();
        try (ChildJvm holder = region.party();
                ChildJvm waiter = region.party()) {
            holder.call("acquire", "mutex");
            waiter.send("acquire", "mutex");
            holder.kill9();
            waiter.expect("acquired");
            waiter.kill9();
        }
        try (SharedMemory next = SharedMemory.open(region.path());
                Hold hold = next.mutex("mutex").acquire()) {
            assertTrue(hold.previousOwnerDied());
            assertEquals(7, next.atomicLong("data").get());
            hold.markConsistent();
            assertEquals(
                    1,
                    SharedMemory.snapshot(region.path()).participants().stream()
                            .filter(RegionSnapshot.Participant::alive)
                            .count());
        }
    }

    @Test
    @OnePath
    void exitedHolder_isTakenOver() throws InterruptedException {
        try (ChildJvm holder = region.party()) {
            holder.call("acquire", "mutex");
            holder.exit(0);
            holder.waitFor(ChildJvm.WATCHDOG);
            try (Hold hold = mutex.acquire()) {
                assertTrue(hold.previousOwnerDied());
                hold.markConsistent();
            }
        }
    }
}
