package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.Threads.Running;

class LeasedSemaphoreTest {
    private static final long BYTES = SharedMemory.megabytes(2);
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("l"), BYTES);
        other = SharedMemory.open(tmp.name("l"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @Test
    void permits_areSharedByAllHandles() throws InterruptedException {
        LeasedSemaphore here = memory.leasedSemaphore("s", 2);
        LeasedSemaphore there = other.leasedSemaphore("s", 2);
        assertSame(here, memory.leasedSemaphore("s", 2));
        try (Lease one = here.acquire();
                Lease two = there.tryAcquire()) {
            assertTrue(one.isValid() && two.isValid());
            assertNull(here.tryAcquire());
            assertNull(there.tryAcquire(Duration.ZERO));
            assertEquals(0, here.availablePermits());
            assertEquals(2, here.permits());
        }
        assertEquals(2, there.availablePermits());
    }

    @Test
    void lease_isReleasedOnceByAnyThread() {
        LeasedSemaphore semaphore = memory.leasedSemaphore("s", 1);
        Lease lease = semaphore.tryAcquire();
        Threads.start(() -> {
                    lease.close();
                    return null;
                })
                .result();
        assertFalse(lease.isValid());
        Lease next = semaphore.tryAcquire();
        lease.close();
        assertTrue(next.isValid(), "the second close of the first lease gave back the permit of the second");
        assertEquals(0, semaphore.availablePermits());
        next.close();
    }

    @Test
    void fencingToken_growsWithEachLease() {
        LeasedSemaphore semaphore = memory.leasedSemaphore("s", 2);
        long last = 0;
        for (int i = 0; i < 10; i++) {
            LeasedSemaphore mine = i % 2 == 0 ? semaphore : other.leasedSemaphore("s", 2);
            Lease lease = mine.tryAcquire();
            assertTrue(lease.fencingToken() > last);
            last = lease.fencingToken();
            lease.close();
            assertThrows(IllegalStateException.class, lease::fencingToken);
        }
    }

    @Test
    void acquire_isWokenByLeaseOfOtherHandle() {
        Lease lease = memory.leasedSemaphore("s", 1).tryAcquire();
        Running<Lease> waiter = Threads.start(
                        () -> other.leasedSemaphore("s", 1).tryAcquire(LONG))
                .awaitAsleep();
        lease.close();
        assertNotNull(waiter.result());
    }

    @Test
    void acquire_afterHandleWasClosed_succeeds() {
        Lease lease = other.leasedSemaphore("s", 1).tryAcquire();
        Running<Lease> waiter = Threads.start(
                        () -> memory.leasedSemaphore("s", 1).tryAcquire(LONG))
                .awaitAsleep();
        other.close();
        assertNotNull(waiter.result());
        assertFalse(lease.isValid());
        assertThrows(IllegalStateException.class, lease::close);
    }

    @Test
    void tryAcquire_withTimeout_waitsThatLong() throws InterruptedException {
        LeasedSemaphore semaphore = memory.leasedSemaphore("s", 1);
        try (Lease lease = semaphore.tryAcquire()) {
            long start = System.nanoTime();
            assertNull(semaphore.tryAcquire(Duration.ofMillis(50)));
            assertTrue(System.nanoTime() - start >= 50_000_000);
            assertTrue(lease.isValid());
        }
    }

    @Test
    void semaphore_withInvalidPermits_isRefused() {
        for (int permits : new int[] {Integer.MIN_VALUE, -1, 0, 65_537, Integer.MAX_VALUE}) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> memory.leasedSemaphore("s", permits));
            assertTrue(e.getMessage().contains("permits: " + permits + " (expected: 1 to 65536)"), e.getMessage());
        }
        assertEquals(65_536, memory.leasedSemaphore("largest", 65_536).availablePermits());
    }

    @Test
    void semaphore_ofOtherPermitsOrType_isRefused() {
        memory.leasedSemaphore("s", 2);
        RegionException e = assertThrows(RegionException.class, () -> other.leasedSemaphore("s", 3));
        assertEquals(Reason.TYPE_MISMATCH, e.reason());
        assertTrue(e.getMessage().contains("permits 2") && e.getMessage().contains("permits 3"), e.getMessage());
        e = assertThrows(RegionException.class, () -> other.semaphore("s", 2));
        assertEquals(Reason.TYPE_MISMATCH, e.reason());
    }

    @Test
    void acquire_whenInterrupted_throws() {
        LeasedSemaphore semaphore = memory.leasedSemaphore("s", 1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, semaphore::acquire);
        assertEquals(1, semaphore.availablePermits());
        try (Lease lease = semaphore.tryAcquire()) {
            Running<Lease> waiter = Threads.start(semaphore::acquire).awaitAsleep();
            waiter.thread().interrupt();
            assertEquals(InterruptedException.class, waiter.failure().getClass());
            assertTrue(lease.isValid());
        }
    }

    @Test
    void permits_underContention_areNeverExceeded() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Threads.runAll(8, number -> {
            LeasedSemaphore semaphore = (number % 2 == 0 ? memory : other).leasedSemaphore("s", 3);
            for (int i = 0; i < 500; i++) {
                try (Lease lease = semaphore.acquire()) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    assertTrue(lease.isValid());
                }
            }
        });
        assertTrue(most.get() <= 3, "" + most);
        assertEquals(3, memory.leasedSemaphore("s", 3).availablePermits());
    }

    @Test
    void snapshot_namesHolders() {
        Lease lease = memory.leasedSemaphore("s", 3).tryAcquire();
        RegionSnapshot.NamedObject object =
                SharedMemory.snapshot(memory.path()).objects().get(0);
        assertEquals("leased semaphore", object.type());
        assertEquals("2 of 3 free", object.state());
        assertEquals(1, object.owners().size());
        assertEquals(ProcessHandle.current().pid(), object.owners().get(0).pid());
        assertEquals(Thread.currentThread().getId(), object.owners().get(0).thread());
        lease.close();
    }
}
