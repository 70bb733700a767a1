package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

class SharedSemaphoreTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("s"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("s"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @Test
    void semaphore_isSharedByAllHandles() {
        SharedSemaphore semaphore = memory.semaphore("s", 2);
        assertSame(semaphore, memory.semaphore("s", 2));
        assertTrue(semaphore.tryAcquire());
        assertEquals(1, other.semaphore("s", 2).availablePermits());
        assertTrue(other.semaphore("s", 2).tryAcquire());
        assertFalse(semaphore.tryAcquire());
    }

    @Test
    void release_withoutAcquire_addsPermit() {
        SharedSemaphore semaphore = memory.semaphore("s", 0);
        other.semaphore("s", 0).release(3);
        assertEquals(3, semaphore.availablePermits());
    }

    @Test
    void acquire_isWokenByOtherHandle() {
        SharedSemaphore semaphore = memory.semaphore("s", 0);
        Running<Boolean> waiter =
                Threads.start(() -> semaphore.tryAcquire(LONG)).awaitAsleep();
        other.semaphore("s", 0).release();
        assertTrue(waiter.result());
        assertEquals(0, semaphore.availablePermits());
    }

    @Test
    void release_ofSeveral_wakesAsMany() {
        SharedSemaphore semaphore = memory.semaphore("s", 0);
        SharedSemaphore remote = other.semaphore("s", 0);
        List<Running<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            SharedSemaphore mine = i % 2 == 0 ? semaphore : remote;
            waiters.add(Threads.start(() -> mine.tryAcquire(LONG)).awaitAsleep());
        }
        semaphore.release(10);
        waiters.forEach(waiter -> assertTrue(waiter.result()));
        assertEquals(0, semaphore.availablePermits());
    }

    @Test
    void tryAcquire_withTimeout_waitsThatLong() throws InterruptedException {
        SharedSemaphore semaphore = memory.semaphore("s", 0);
        assertFalse(semaphore.tryAcquire(Duration.ZERO));
        assertFalse(semaphore.tryAcquire(Duration.ofDays(-1)));
        long start = System.nanoTime();
        assertFalse(semaphore.tryAcquire(SHORT));
        assertTrue(System.nanoTime() - start >= SHORT.toNanos());
    }

    @Test
    void release_beyondMaximum_isRefused() {
        SharedSemaphore semaphore = memory.semaphore("s", Integer.MAX_VALUE - 1);
        semaphore.release();
        assertThrows(IllegalStateException.class, semaphore::release);
        assertThrows(IllegalStateException.class, () -> semaphore.release(Integer.MAX_VALUE));
        assertEquals(Integer.MAX_VALUE, semaphore.availablePermits());
        assertTrue(semaphore.tryAcquire());
        assertThrows(IllegalStateException.class, () -> semaphore.release(2));
    }

    @Test
    void release_ofNegativeNumber_isRefused() {
        SharedSemaphore semaphore = memory.semaphore("s", 1);
        assertThrows(IllegalArgumentException.class, () -> semaphore.release(-1));
        semaphore.release(0);
        assertEquals(1, semaphore.availablePermits());
        assertThrows(IllegalArgumentException.class, () -> memory.semaphore("t", -1));
    }

    @Test
    void semaphore_ofOtherPermits_isRefused() {
        memory.semaphore("s", 1);
        RegionException e = assertThrows(RegionException.class, () -> other.semaphore("s", 2));
        assertEquals(RegionException.Reason.TYPE_MISMATCH, e.reason());
        assertTrue(e.getMessage().contains("permits 1") && e.getMessage().contains("permits 2"), e.getMessage());
    }

    @Test
    void acquire_whenInterrupted_throws() {
        SharedSemaphore semaphore = memory.semaphore("s", 1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, semaphore::acquire);
        assertEquals(1, semaphore.availablePermits());
        assertTrue(semaphore.tryAcquire());
        Running<Boolean> waiter =
                Threads.start(() -> semaphore.tryAcquire(LONG)).awaitAsleep();
        waiter.thread().interrupt();
        assertInstanceOf(InterruptedException.class, waiter.failure());
        semaphore.release();
        assertEquals(1, semaphore.availablePermits());
    }

    @Test
    void operations_afterClose_throw() {
        SharedSemaphore semaphore = memory.semaphore("s", 1);
        memory.close();
        assertThrows(IllegalStateException.class, semaphore::acquire);
        assertThrows(IllegalStateException.class, semaphore::tryAcquire);
        assertThrows(IllegalStateException.class, semaphore::release);
        assertThrows(IllegalStateException.class, semaphore::availablePermits);
        assertEquals(1, other.semaphore("s", 1).availablePermits());
    }

    @Test
    void permits_underContention_areNeverExceeded() {
        int permits = 3;
        int rounds = Soak.scaled(100_000, 2_000);
        SharedSemaphore semaphore = memory.semaphore("s", permits);
        SharedSemaphore remote = other.semaphore("s", permits);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Threads.runAll(8, number -> {
            SharedSemaphore mine = number % 2 == 0 ? semaphore : remote;
            for (int i = 0; i < rounds; i++) {
                mine.acquire();
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                mine.release();
            }
        });
        assertTrue(most.get() <= permits, most + " inside at once");
        assertEquals(permits, semaphore.availablePermits());
    }
}
