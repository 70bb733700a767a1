package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.FlavourWork.LONG;
import static org.processmanager.sync.FlavourWork.SHORT;
import static org.processmanager.sync.FlavourWork.WORKERS;
import static org.processmanager.sync.FlavourWork.meet;

import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Soak;
import org.processmanager.sync.Threads.Running;

/** What one worker of {@link FlavoursIT} does with a barrier. */
final class BarrierWork {
    private BarrierWork() {}

    static void addTo(Map<String, FlavourWork.Task> tasks) {
        tasks.put("barrier.rounds", BarrierWork::rounds);
        tasks.put("barrier.alone", (memory, worker, times) -> alone(memory, worker));
        tasks.put("barrier.interrupt", breaking("was interrupted", BarrierWork::interrupt));
        tasks.put("barrier.timeout", breaking("waited too long", BarrierWork::timeOut));
        tasks.put("barrier.action", breaking("the action failed", BarrierWork::failInAction));
        tasks.put("barrier.reset", breaking("was reset", SharedBarrier::reset));
    }

    /** Returns the sum of the worker's indexes, and how often it was the last one. */
    private static String rounds(SharedMemory memory, int worker, int times) throws Exception {
        SharedBarrier barrier = memory.barrier("rounds", WORKERS);
        SharedLong arrived = memory.atomicLong("arrived");
        SharedLong actions = memory.atomicLong("actions");
        int indexes = 0;
        int last = 0;
        for (int i = 1; i <= times; i++) {
            int before = WORKERS * i;
            arrived.incrementAndGet();
            int index = barrier.await(() -> {
                assertEquals(before, arrived.get(), "the action runs when all have arrived, and none has left");
                actions.incrementAndGet();
            });
            assertEquals(i, actions.get(), "once in each round");
            assertTrue(arrived.get() >= before && arrived.get() < before + WORKERS, "ahead of another party");
            indexes += index;
            last += index == 0 ? 1 : 0;
        }
        return indexes + " " + last;
    }

    private static String alone(SharedMemory memory, int worker) throws Exception {
        SharedLong runs = memory.atomicLong("runs-" + worker);
        SharedBarrier barrier = memory.barrier("barrier-" + worker, 1);
        for (int i = 0; i < 3; i++) {
            assertEquals(0, barrier.await(LONG));
            assertEquals(0, barrier.await(runs::incrementAndGet));
        }
        return runs.get() + "";
    }

    private interface Breaker {
        void breakRound(SharedBarrier barrier) throws Exception;
    }

    /** The barrier has one party more than there are workers, so that one can wait in vain. */
    private static FlavourWork.Task breaking(String reason, Breaker breaker) {
        return (memory, worker, times) -> {
            SharedBarrier barrier = memory.barrier("barrier", WORKERS + 1);
            for (int i = 0; i < Soak.scaled(5, 1); i++) {
                breakOnce(barrier, worker, reason, breaker);
                meet(memory);
                assertBroken(barrier, !reason.equals("was reset"));
                meet(memory);
                if (worker == 0) {
                    barrier.reset();
                    barrier.reset();
                }
                meet(memory);
                assertPasses(barrier, worker);
            }
            return "";
        };
    }

    private static void breakOnce(SharedBarrier barrier, int worker, String reason, Breaker breaker) throws Exception {
        if (worker == 0) {
            awaitArrived(barrier, WORKERS - 1);
            breaker.breakRound(barrier);
        } else {
            BrokenBarrierException e = assertThrows(BrokenBarrierException.class, () -> barrier.await(LONG));
            assertTrue(e.getMessage().contains(reason), e.getMessage());
        }
    }

    private static void assertBroken(SharedBarrier barrier, boolean broken) {
        assertEquals(broken, barrier.isBroken());
        assertEquals(0, barrier.getNumberWaiting());
        if (broken) {
            assertThrows(BrokenBarrierException.class, barrier::await);
        }
    }

    private static void assertPasses(SharedBarrier barrier, int worker) throws Exception {
        if (worker == 0) {
            Running<Integer> fifth = Threads.start(() -> barrier.await(LONG));
            barrier.await(LONG);
            fifth.result();
        } else {
            barrier.await(LONG);
        }
        assertFalse(barrier.isBroken());
    }

    private static void awaitArrived(SharedBarrier barrier, int parties) {
        Eventually.assertThat(LONG, parties + " wait", () -> barrier.getNumberWaiting() == parties);
    }

    private static Running<Integer> awaiting(SharedBarrier barrier) {
        Running<Integer> waiter = Threads.start(() -> barrier.await(LONG));
        awaitArrived(barrier, WORKERS);
        return waiter;
    }

    private static void interrupt(SharedBarrier barrier) {
        Running<Integer> waiter = awaiting(barrier);
        waiter.thread().interrupt();
        assertInstanceOf(InterruptedException.class, waiter.failure());
    }

    private static void timeOut(SharedBarrier barrier) {
        assertThrows(TimeoutException.class, () -> barrier.await(SHORT));
    }

    private static void failInAction(SharedBarrier barrier) {
        Running<Integer> waiter = awaiting(barrier);
        assertThrows(
                ArithmeticException.class,
                () -> barrier.await(() -> {
                    throw new ArithmeticException();
                }));
        assertInstanceOf(BrokenBarrierException.class, waiter.failure());
    }
}
