package org.processmanager.benchmarks.peers;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;

/** {@code ReentrantLock}: the cost of a mutex within one process. */
public final class ReentrantLocks implements Locks {
    private final Map<Integer, ReentrantLock> locks = new ConcurrentHashMap<>();

    public ReentrantLocks(Params settings) {}

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
        return new Held(locks.computeIfAbsent(number, any -> new ReentrantLock()));
    }

    private record Held(ReentrantLock lock) implements Lock {
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
