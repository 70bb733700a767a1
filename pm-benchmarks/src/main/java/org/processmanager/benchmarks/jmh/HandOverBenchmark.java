package org.processmanager.benchmarks.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.processmanager.sync.SharedBarrier;
import org.processmanager.sync.SharedMemory;

/**
 * Passes a turn to another thread by a condition and gets it back, or meets it at a barrier. The other thread uses a handle of
 * its own, as a second process would.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandOverBenchmark {
    private static final int PARTIES = 2;

    private final TemporaryRegion region = new TemporaryRegion();
    private final SharedMemory other = SharedMemory.open(region.file());

    private final Turns sharedTurns = new Turns();
    private final Lock sharedLock = region.memory().mutex("mutex").asLock();
    private final Condition sharedCondition = sharedLock.newCondition();
    private final SharedBarrier sharedBarrier = region.memory().barrier("barrier", PARTIES);

    private final Turns turns = new Turns();
    private final Lock lock = new ReentrantLock();
    private final Condition condition = lock.newCondition();
    private final CyclicBarrier cyclicBarrier = new CyclicBarrier(PARTIES);

    private final List<Thread> others = new ArrayList<>();

    @Setup
    public void startOthers() {
        Lock otherLock = other.mutex("mutex").asLock();
        Condition otherCondition = otherLock.newCondition();
        SharedBarrier otherBarrier = other.barrier("barrier", PARTIES);
        repeat(() -> sharedTurns.pass(otherLock, otherCondition, 1));
        repeat(() -> turns.pass(lock, condition, 1));
        repeat(otherBarrier::await);
        repeat(cyclicBarrier::await);
    }

    private void repeat(Callable<Integer> step) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    step.call();
                }
            } catch (InterruptedException e) {
                // the end of the trial
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        others.add(thread);
    }

    @Benchmark
    public int sharedCondition() throws InterruptedException {
        return sharedTurns.pass(sharedLock, sharedCondition, 0);
    }

    @Benchmark
    public int reentrantCondition() throws InterruptedException {
        return turns.pass(lock, condition, 0);
    }

    @Benchmark
    public int sharedBarrier() throws Exception {
        return sharedBarrier.await();
    }

    @Benchmark
    public int cyclicBarrier() throws Exception {
        return cyclicBarrier.await();
    }

    @TearDown
    public void close() throws InterruptedException {
        for (Thread thread : others) {
            thread.interrupt();
            thread.join();
        }
        other.close();
        region.close();
    }

    /** Whose turn it is; guarded by the lock that both threads pass. */
    private static final class Turns {
        private int turn;

        /** Passes the turn to the other thread, and waits for it. */
        int pass(Lock lock, Condition changed, int own) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                turn = 1 - own;
                changed.signal();
                while (turn != own) {
                    changed.await();
                }
                return turn;
            } finally {
                lock.unlock();
            }
        }
    }
}
