package org.processmanager.benchmarks.peers;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;

/** Permits counted under a {@code ReentrantLock}; a worker waits for one by its condition, and is signalled. */
public final class JucConditions implements Locks {
    private final Map<Integer, Permits> permits = new ConcurrentHashMap<>();

    public JucConditions(Params settings) {}

    @Override
    public boolean crossesProcesses() {
        return false;
    }

    @Override
    public boolean releasableByOthers() {
        return true;
    }

    @Override
    public Lock open(int number, int initial) {
        return permits.computeIfAbsent(number, any -> new Permits(initial));
    }

    private static final class Permits implements Lock {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition condition = lock.newCondition();
        private int count;

        Permits(int count) {
            this.count = count;
        }

        @Override
        public void acquire() throws InterruptedException {
            lock.lock();
            try {
                while (count == 0) {
                    condition.await();
                }
                count--;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void release() {
            lock.lock();
            try {
                count++;
                condition.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}
