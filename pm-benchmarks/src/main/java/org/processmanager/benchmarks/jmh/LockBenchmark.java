package org.processmanager.benchmarks.jmh;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.processmanager.sync.Hold;
import org.processmanager.sync.Lease;
import org.processmanager.sync.LeasedSemaphore;
import org.processmanager.sync.ReadHold;
import org.processmanager.sync.SharedEvent;
import org.processmanager.sync.SharedMutex;
import org.processmanager.sync.SharedReadWriteLock;
import org.processmanager.sync.SharedSemaphore;

/** Acquires and releases without contention: locks between processes and those of {@code java.util.concurrent}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LockBenchmark {
    private final TemporaryRegion region = new TemporaryRegion();
    private final SharedMutex sharedMutex = region.memory().mutex("mutex");
    private final SharedReadWriteLock sharedReadWriteLock = region.memory().readWriteLock("lock");
    private final SharedEvent sharedEvent = region.memory().autoResetEvent("event");
    private final SharedSemaphore sharedSemaphore = region.memory().semaphore("semaphore", 1);
    private final LeasedSemaphore leasedSemaphore = region.memory().leasedSemaphore("leased", 1);
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantReadWriteLock readWriteLock = new ReentrantReadWriteLock();
    private final Semaphore semaphore = new Semaphore(1);
    private long guarded;

    @Benchmark
    public long sharedMutex() throws InterruptedException {
        try (Hold hold = sharedMutex.acquire()) {
            return hold.previousOwnerDied() ? 0 : ++guarded;
        }
    }

    @Benchmark
    public long sharedMutexTry() {
        try (Hold hold = sharedMutex.tryAcquire()) {
            return hold == null ? 0 : ++guarded;
        }
    }

    @Benchmark
    public long reentrantLock() {
        lock.lock();
        try {
            return ++guarded;
        } finally {
            lock.unlock();
        }
    }

    @Benchmark
    public long sharedRead() throws InterruptedException {
        try (ReadHold hold = sharedReadWriteLock.acquireRead()) {
            return hold.previousOwnerDied() ? 0 : guarded;
        }
    }

    @Benchmark
    public long reentrantRead() {
        Lock read = readWriteLock.readLock();
        read.lock();
        try {
            return guarded;
        } finally {
            read.unlock();
        }
    }

    @Benchmark
    public long sharedWrite() throws InterruptedException {
        try (Hold hold = sharedReadWriteLock.acquireWrite()) {
            return hold.previousOwnerDied() ? 0 : ++guarded;
        }
    }

    @Benchmark
    public long reentrantWrite() {
        Lock write = readWriteLock.writeLock();
        write.lock();
        try {
            return ++guarded;
        } finally {
            write.unlock();
        }
    }

    /** Sets an event and consumes it; its twin is {@link #semaphore}. */
    @Benchmark
    public long sharedEvent() throws InterruptedException {
        sharedEvent.set();
        sharedEvent.await();
        return ++guarded;
    }

    @Benchmark
    public long sharedSemaphore() throws InterruptedException {
        sharedSemaphore.acquire();
        try {
            return ++guarded;
        } finally {
            sharedSemaphore.release();
        }
    }

    @Benchmark
    public long leasedSemaphore() throws InterruptedException {
        try (Lease lease = leasedSemaphore.acquire()) {
            return lease.isValid() ? ++guarded : 0;
        }
    }

    @Benchmark
    public long semaphore() throws InterruptedException {
        semaphore.acquire();
        try {
            return ++guarded;
        } finally {
            semaphore.release();
        }
    }

    @TearDown
    public void close() {
        region.close();
    }
}
