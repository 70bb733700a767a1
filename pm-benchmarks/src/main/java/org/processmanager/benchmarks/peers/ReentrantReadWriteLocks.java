package org.processmanager.benchmarks.peers;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;

/** {@code ReentrantReadWriteLock}: the cost of a read-write lock within one process. */
public final class ReentrantReadWriteLocks implements Locks {
    private final Map<Integer, ReentrantReadWriteLock> locks = new ConcurrentHashMap<>();

    public ReentrantReadWriteLocks(Params settings) {}

    @Override
    public boolean crossesProcesses() {
        return false;
    }

    @Override
    public boolean releasableByOthers() {
        return false;
    }

    @Override
    public Lock open(int number, int permits) {
        return new Held(lock(number).writeLock());
    }

    @Override
    public Lock openForReading(int number) {
        return new Held(lock(number).readLock());
    }

    private ReentrantReadWriteLock lock(int number) {
        return locks.computeIfAbsent(number, any -> new ReentrantReadWriteLock());
    }

    private record Held(java.util.concurrent.locks.Lock lock) implements Lock {
        @Override
        public void acquire() {
            lock.lock();
        }

        @Override
        public void release() {
            lock.unlock();
        }
    }
}
