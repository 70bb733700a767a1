package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** A death costs a semaphore without owners exactly the permits that the process had acquired. */
class SemaphoreCrashIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private Path path;
    private SharedMemory memory;
    private SharedSemaphore semaphore;

    @BeforeEach
    void open() {
        path = evidence.keep(tmp.sharedFile("s"));
        memory = SharedMemory.create(tmp.name("s"), Party.BYTES);
        semaphore = memory.semaphore("semaphore", 0);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void waiter_killed_takesNoPermit() {
        try (ChildJvm waiter = CrashPoints.start(Party.class, "semaphore.flagged", 1)) {
            waiter.call("open", path);
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
        try (ChildJvm releaser = CrashPoints.start(Party.class, "semaphore.released", 1)) {
            releaser.call("open", path);
            releaser.send("semaphore.release", "semaphore");
            CrashPoints.assertCrashed(releaser);
        }
        assertTrue(waiter.result());
        assertEquals(0, semaphore.availablePermits());
    }

    @Test
    @Scenario("research-sync/40")
    void holders_killed_loseTheirPermits() {
        int kills = Soak.scaled(20, 3);
        semaphore.release(kills + 2);
        for (int i = 0; i < kills; i++) {
            try (ChildJvm holder = ChildJvm.start(Party.class)) {
                holder.call("open", path);
                holder.call("semaphore.acquire", "semaphore");
                holder.kill9();
            }
        }
        assertEquals(2, semaphore.availablePermits());
        Eventually.assertStays(Duration.ofMillis(200), "nothing comes back", () -> semaphore.availablePermits() == 2);
    }
}
