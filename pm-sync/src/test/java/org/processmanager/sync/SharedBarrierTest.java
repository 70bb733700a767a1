package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

class SharedBarrierTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("b"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("b"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private Running<Integer> waiting(SharedMemory handle, int parties) {
        return Threads.start(() -> handle.barrier("b", parties).await(LONG)).awaitAsleep();
    }

    @Test
    void parties_continueWhenAllHaveArrived() throws Exception {
        SharedBarrier barrier = memory.barrier("b", 3);
        assertSame(barrier, memory.barrier("b", 3));
        Running<Integer> first = waiting(memory, 3);
        assertEquals(1, barrier.getNumberWaiting());
        Running<Integer> second = waiting(other, 3);
        assertEquals("2 of 3 arrived", barrier.snapshot().state());
        assertEquals(2, barrier.snapshot().owners().size());
        assertEquals(0, barrier.await());
        assertEquals(2, first.result());
        assertEquals(1, second.result());
        assertEquals(0, barrier.getNumberWaiting());
        assertEquals(3, barrier.getParties());
    }

    @Test
    void barrierOfOne_neverBlocks() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertEquals(0, memory.barrier("b", 1).await(runs::incrementAndGet));
        }
        assertEquals(3, runs.get());
    }

    /** The word has 12 bits for the number of resets. */
    @Test
    void arrival_beforeManyResets_doesNotCount() {
        SharedBarrier barrier = memory.barrier("b", 2);
        assertThrows(TimeoutException.class, () -> barrier.await(Duration.ZERO));
        for (int i = 0; i < 1 << 12; i++) {
            barrier.reset();
        }
        assertEquals(0, barrier.getNumberWaiting());
        assertThrows(TimeoutException.class, () -> barrier.await(Duration.ZERO));
    }

    /** No party is ever a round ahead of another, and in each round each arrival has an index of its own. */
    @Test
    void rounds_doNotOverlap() {
        int parties = 4;
        int rounds = Soak.scaled(20_000, 300);
        AtomicInteger[] arrived = new AtomicInteger[rounds];
        Set<String> indexes = new ConcurrentSkipListSet<>();
        AtomicInteger actions = new AtomicInteger();
        for (int i = 0; i < rounds; i++) {
            arrived[i] = new AtomicInteger();
        }
        Threads.runAll(parties, number -> {
            SharedBarrier barrier = (number % 2 == 0 ? memory : other).barrier("b", parties);
            for (int i = 0; i < rounds; i++) {
                int round = i;
                arrived[i].incrementAndGet();
                indexes.add(i + "/"
                        + barrier.await(() -> {
                            actions.incrementAndGet();
                            assertEquals(parties, arrived[round].get());
                        }));
                assertEquals(parties, arrived[i].get(), "continued before all had arrived");
            }
        });
        assertEquals(parties * rounds, indexes.size());
        assertEquals(rounds, actions.get());
    }

    /** More threads than parties: each round takes as many as come first. */
    @Test
    void barrier_withMoreThreadsThanParties_servesAll() {
        AtomicInteger arrivals = new AtomicInteger(Soak.scaled(60_000, 600));
        SharedBarrier barrier = memory.barrier("b", 2);
        Threads.runAll(6, number -> {
            while (arrivals.getAndDecrement() > 0) {
                (number % 2 == 0 ? memory : other).barrier("b", 2).await(LONG);
            }
        });
        assertEquals(0, barrier.getNumberWaiting());
        assertFalse(barrier.isBroken());
    }

    @Test
    void timeout_breaksTheBarrier() throws Exception {
        SharedBarrier barrier = memory.barrier("b", 3);
        Running<Integer> waiter = waiting(other, 3);
        assertThrows(TimeoutException.class, () -> barrier.await(Duration.ofMillis(20)));
        assertInstanceOf(BrokenBarrierException.class, waiter.failure());
        assertTrue(barrier.isBroken());
        assertEquals(0, barrier.getNumberWaiting());
        BrokenBarrierException e = assertThrows(BrokenBarrierException.class, barrier::await);
        assertTrue(e.getMessage().contains("waited too long"), e.getMessage());
        barrier.reset();
        assertFalse(other.barrier("b", 3).isBroken());
        assertThrows(TimeoutException.class, () -> barrier.await(Duration.ZERO));
        barrier.reset();
        waiting(memory, 3);
        waiting(other, 3);
        assertEquals(0, barrier.await());
    }

    @Test
    void interrupt_breaksTheBarrier() {
        SharedBarrier barrier = memory.barrier("b", 3);
        Running<Integer> waiter = waiting(other, 3);
        Running<Integer> interrupted = waiting(memory, 3);
        interrupted.thread().interrupt();
        assertInstanceOf(InterruptedException.class, interrupted.failure());
        assertInstanceOf(BrokenBarrierException.class, waiter.failure());
        barrier.reset();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, barrier::await);
        assertTrue(barrier.isBroken());
    }

    @Test
    void failedAction_breaksTheBarrier() {
        SharedBarrier barrier = memory.barrier("b", 2);
        Running<Integer> waiter = waiting(other, 2);
        assertThrows(
                ArithmeticException.class,
                () -> barrier.await(() -> {
                    throw new ArithmeticException();
                }));
        assertTrue(waiter.failure().getMessage().contains("the action failed"));
    }

    @Test
    void reset_breaksTheWaitersAlone() throws Exception {
        SharedBarrier barrier = memory.barrier("b", 2);
        Running<Integer> waiter = waiting(other, 2);
        barrier.reset();
        assertTrue(waiter.failure().getMessage().contains("was reset"));
        assertFalse(barrier.isBroken());
        waiter = waiting(other, 2);
        assertEquals(0, barrier.await());
        assertEquals(1, waiter.result());
    }

    @Test
    @Scenario("jdk/1")
    void otherParties_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> memory.barrier("b", 0));
        assertThrows(IllegalArgumentException.class, () -> memory.barrier("b", 65_537));
        memory.barrier("b", 2);
        RegionException e = assertThrows(RegionException.class, () -> other.barrier("b", 3));
        assertEquals(RegionException.Reason.TYPE_MISMATCH, e.reason());
    }

    @Test
    void handleOfAWaiter_closed_breaksTheBarrier() {
        Running<Integer> closed = waiting(other, 3);
        Running<Integer> waiter = waiting(memory, 3);
        other.close();
        assertInstanceOf(IllegalStateException.class, closed.failure());
        String message = waiter.failure().getMessage();
        assertTrue(message.contains("party pid " + ProcessHandle.current().pid()), message);
    }

    @Test
    void registeredParty_ofClosedHandle_breaksTheBarrier() throws Exception {
        SharedBarrier barrier = memory.barrier("b", 2);
        try (BarrierParty mine = barrier.register()) {
            other.barrier("b", 2).register();
            assertThrows(IllegalStateException.class, barrier::register);
            mine.close();
            barrier.register().close();
        }
        Running<Integer> waiter = waiting(memory, 2);
        other.close();
        assertInstanceOf(BrokenBarrierException.class, waiter.failure());
        assertEquals(1, barrier.snapshot().deathsRepaired());
        barrier.reset();
        Set<Integer> indexes = new TreeSet<>();
        Running<Integer> again = waiting(memory, 2);
        indexes.add(barrier.await());
        indexes.add(again.result());
        assertEquals(Set.of(0, 1), indexes);
    }

    @Test
    void wait_endsWithTheBarrier() {
        Running<Integer> waiter = waiting(memory, 2);
        assertTrue(other.remove("b"));
        assertEquals(
                RegionException.Reason.REMOVED,
                assertInstanceOf(RegionException.class, waiter.failure()).reason());
    }

    @Test
    void interruptOfUninterruptibleParty_breaksNothing() throws Exception {
        SharedBarrier barrier = memory.barrier("b", 2);
        AtomicInteger runs = new AtomicInteger();
        Running<Boolean> waiter = Threads.start(() -> {
                    Thread.currentThread().interrupt();
                    return barrier.awaitUninterruptibly() == 1 && Thread.interrupted();
                })
                .awaitAsleep();
        waiter.thread().interrupt();
        assertEquals(0, other.barrier("b", 2).await(LONG, runs::incrementAndGet));
        assertTrue(waiter.result());
        Running<Integer> next = waiting(memory, 2);
        assertEquals(0, barrier.awaitUninterruptibly(runs::incrementAndGet));
        assertEquals(1, next.result());
        assertEquals(2, runs.get());
        barrier.reset();
        Running<Integer> broken =
                Threads.start(() -> barrier.awaitUninterruptibly()).awaitAsleep();
        barrier.reset();
        assertInstanceOf(BrokenBarrierException.class, broken.failure());
    }
}
