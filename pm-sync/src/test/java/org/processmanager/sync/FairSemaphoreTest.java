package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Permits in order of arrival, over several handles; {@link WaitFormsTest} has what ends a wait. */
class FairSemaphoreTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private SharedSemaphore semaphore;
    private final List<Integer> order = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("f"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("f"));
        semaphore = memory.fairSemaphore("s", 0);
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private Running<Void> waiter(int number, SharedMemory handle) {
        SharedSemaphore mine = handle.fairSemaphore("s", 0);
        Running<Void> waiter = Threads.start(() -> {
            mine.acquire();
            order.add(number);
            return null;
        });
        return waiter.awaitAsleep();
    }

    private void releaseOneByOne(int count) {
        for (int i = 1; i <= count; i++) {
            int done = order.size() + 1;
            semaphore.release();
            Eventually.assertThat(LONG, done + " have acquired", () -> order.size() == done);
        }
    }

    @Test
    @Scenario("semaphores/1")
    void waiters_acquireInOrderOfArrival() {
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            waiter(i, i % 3 == 0 ? memory : other);
            expected.add(i);
        }
        releaseOneByOne(6);
        assertEquals(expected, order);
        assertEquals(0, semaphore.availablePermits());
    }

    @Test
    void release_ofSeveral_wakesAsMany() {
        List<Running<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            waiters.add(waiter(i, i % 2 == 0 ? memory : other));
        }
        semaphore.release(7);
        waiters.forEach(Running::result);
        assertEquals(1, semaphore.availablePermits());
    }

    @Test
    void waiterThatGivesUp_isSkipped() throws InterruptedException {
        Running<Void> first = waiter(0, memory);
        Running<Boolean> timed = Threads.start(() -> other.fairSemaphore("s", 0).tryAcquire(Duration.ofMillis(20)));
        assertFalse(timed.result());
        waiter(1, memory);
        Running<Void> third = waiter(2, memory);
        waiter(3, other);
        first.thread().interrupt();
        third.thread().interrupt();
        assertInstanceOf(InterruptedException.class, first.failure());
        assertInstanceOf(InterruptedException.class, third.failure());
        releaseOneByOne(2);
        assertEquals(List.of(1, 3), order);
        assertEquals(0, semaphore.availablePermits());
    }

    @Test
    void interrupt_ofUninterruptibleWaiter_keepsItsPlace() {
        Running<Boolean> first = Threads.start(() -> {
                    semaphore.acquireUninterruptibly();
                    order.add(0);
                    return Thread.interrupted();
                })
                .awaitAsleep();
        waiter(1, other);
        first.thread().interrupt();
        Eventually.assertThat(LONG, "it waits again", () -> !first.thread().isInterrupted());
        first.awaitAsleep();
        releaseOneByOne(2);
        assertEquals(List.of(0, 1), order);
        assertTrue(first.result());
    }

    @Test
    void closedHandle_isSkipped() {
        Running<Void> closed = waiter(0, other);
        Running<Void> behind = waiter(1, other);
        waiter(2, memory);
        other.close();
        assertInstanceOf(IllegalStateException.class, closed.failure());
        assertInstanceOf(IllegalStateException.class, behind.failure());
        releaseOneByOne(1);
        assertEquals(List.of(2), order);
    }

    @Test
    @Scenario("semaphores/4")
    void otherMode_isRefused() {
        RegionException fair = assertThrows(RegionException.class, () -> other.semaphore("s", 0));
        assertEquals(RegionException.Reason.TYPE_MISMATCH, fair.reason());
        assertTrue(fair.getMessage().contains("fair 1") && fair.getMessage().contains("fair 0"), fair.getMessage());
        assertFalse(memory.semaphore("t", 0).isFair());
        assertThrows(RegionException.class, () -> other.fairSemaphore("t", 0));
        assertTrue(other.fairSemaphore("s", 0).isFair());
    }

    @Test
    void permits_underContention_areNeverExceeded() {
        int rounds = Soak.scaled(20_000, 300);
        semaphore.release(2);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Threads.runAll(8, number -> {
            SharedSemaphore mine = (number % 2 == 0 ? memory : other).fairSemaphore("s", 0);
            for (int i = 0; i < rounds; i++) {
                if (number == 7) {
                    while (!mine.tryAcquire()) {
                        Thread.yield();
                    }
                } else {
                    mine.acquire();
                }
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                mine.release();
            }
        });
        assertTrue(most.get() <= 2, most + " inside at once");
        assertEquals(2, semaphore.availablePermits());
        assertTrue(semaphore.tryAcquire(), "the fast path");
        assertEquals("1 permits", semaphore.snapshot().state());
    }
}
