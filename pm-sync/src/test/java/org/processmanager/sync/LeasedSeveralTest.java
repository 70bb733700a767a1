package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Several permits of a leased semaphore at once. */
class LeasedSeveralTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PERMITS = 4;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private LeasedSemaphore here;
    private LeasedSemaphore there;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("l"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("l"));
        here = memory.leasedSemaphore("s", PERMITS);
        there = other.leasedSemaphore("s", PERMITS);
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @Test
    void lease_releasesAllItsPermits() throws InterruptedException {
        Lease three = here.acquire(3);
        assertEquals(3, three.permits());
        assertTrue(three.isValid());
        assertTrue(three.fencingToken() > 0);
        assertEquals(1, there.availablePermits());
        three.close();
        three.close();
        assertFalse(three.isValid());
        assertEquals(PERMITS, there.availablePermits());
        try (Lease one = here.acquire()) {
            assertEquals(1, one.permits());
        }
    }

    @Test
    void tryAcquire_ofMoreThanAreFree_takesNone() throws InterruptedException {
        try (Lease two = there.tryAcquire(2)) {
            assertNotNull(two);
            assertNull(here.tryAcquire(3));
            assertNull(here.tryAcquire(3, SHORT));
            assertEquals(2, here.availablePermits());
            try (Lease rest = here.tryAcquire(2, Duration.ZERO)) {
                assertNotNull(rest);
                assertEquals(0, here.availablePermits());
            }
        }
    }

    @Test
    void acquire_whenEnoughAreReleased_succeeds() throws InterruptedException {
        Lease one = here.acquire();
        Lease two = there.acquire();
        Running<Integer> waiter = Threads.start(() -> {
                    try (Lease lease = here.acquire(3)) {
                        return lease.permits();
                    }
                })
                .awaitAsleep();
        two.close();
        assertEquals(3, waiter.result());
        one.close();
    }

    @Test
    void waiter_holdsNoPermitsMeanwhile() throws InterruptedException {
        Lease one = here.acquire();
        Running<Boolean> waiter = Threads.start(() -> {
                    try (Lease all = there.acquire(PERMITS)) {
                        return all.isValid();
                    }
                })
                .awaitAsleep();
        try (Lease rest = here.tryAcquire(PERMITS - 1, LONG)) {
            assertNotNull(rest);
        }
        one.close();
        assertTrue(waiter.result());
    }

    @Test
    void permit_wakesAWaiterForOneBehindOneForSeveral() throws Exception {
        Lease all = here.acquire(PERMITS);
        Lease last = null;
        Running<Boolean> several = Threads.start(() -> {
                    try (Lease lease = there.acquire(3)) {
                        return lease.isValid();
                    }
                })
                .awaitAsleep();
        Running<Lease> one = Threads.start(() -> there.acquire()).awaitAsleep();
        all.close();
        last = one.result();
        last.close();
        assertTrue(several.result());
    }

    @Test
    @Scenario("semaphores/5")
    void collectors_doNotBlockEachOther() {
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Threads.runAll(4, number -> {
            LeasedSemaphore semaphore = number % 2 == 0 ? here : there;
            int count = number < 2 ? 3 : 2;
            for (int i = 0; i < Soak.scaled(20_000, 300); i++) {
                try (Lease lease = semaphore.acquire(count)) {
                    most.accumulateAndGet(held.addAndGet(count), Math::max);
                    held.addAndGet(-count);
                }
            }
        });
        assertTrue(most.get() <= PERMITS, most + " of " + PERMITS + " were held");
        assertEquals(PERMITS, here.availablePermits());
    }

    @Test
    void acquireUninterruptibly_keepsTheInterrupt() throws InterruptedException {
        Lease all = here.acquire(PERMITS);
        Running<Boolean> waiter = Threads.start(() -> {
                    Thread.currentThread().interrupt();
                    try (Lease lease = there.acquireUninterruptibly(2);
                            Lease one = there.acquireUninterruptibly()) {
                        return lease.isValid() && one.isValid() && Thread.interrupted();
                    }
                })
                .awaitAsleep();
        all.close();
        assertTrue(waiter.result());
    }

    @Test
    void count_outOfRange_isRefused() {
        for (int count : new int[] {0, -1, PERMITS + 1}) {
            assertThrows(IllegalArgumentException.class, () -> here.acquire(count));
            assertThrows(IllegalArgumentException.class, () -> here.acquireUninterruptibly(count));
            assertThrows(IllegalArgumentException.class, () -> here.tryAcquire(count));
            assertThrows(IllegalArgumentException.class, () -> here.tryAcquire(count, Duration.ZERO));
        }
    }

    @Test
    void acquire_afterClose_throws() throws InterruptedException {
        Lease lease = here.acquire(2);
        memory.close();
        assertThrows(IllegalStateException.class, () -> here.acquire(2));
        assertThrows(IllegalStateException.class, () -> here.tryAcquire(2));
        assertThrows(IllegalStateException.class, lease::close);
        assertFalse(lease.isValid());
    }
}
