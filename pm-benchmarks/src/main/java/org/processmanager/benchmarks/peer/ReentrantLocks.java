package org.processmanager.benchmarks.peer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.lock.Lock;
import org.processmanager.benchmarks.fork.lock.Locks;

/** {@code ReentrantLock}: what a mutex costs that stays in one process. */
public final class ReentrantLocks implements Locks {
    private final Map<Integer, ReentrantLock> locks = new ConcurrentHashMap<>();

    public ReentrantLocks(Fields settings) {}

    @Override
    public boolean crossesProcesses() {
        return false;
    }

    @Override
    public boolean anyoneReleases() {
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
