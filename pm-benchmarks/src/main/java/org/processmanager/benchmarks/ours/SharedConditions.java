package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedCondition;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedMutex;

/** Permits counted under a {@code SharedMutex}; a worker waits for one by a {@code SharedCondition}, and is signalled. */
public final class SharedConditions extends RegionLocks {
    public SharedConditions(Params settings) {
        super(settings);
    }

    @Override
    public boolean releasableByOthers() {
        return true;
    }

    @Override
    public Lock open(int number, int permits) {
        boolean isFirst = memory.atomicLong("opened-" + number).compareAndSet(0, 1);
        SharedLong count = memory.atomicLong("permits-" + number);
        if (isFirst) {
            count.set(permits);
        }
        SharedMutex mutex = memory.mutex("mutex-" + number);
        return new Permits(mutex, mutex.condition("condition-" + number), count);
    }

    private record Permits(SharedMutex mutex, SharedCondition condition, SharedLong count) implements Lock {
        @Override
        public void acquire() throws InterruptedException {
            try (Hold hold = mutex.acquire()) {
                while (count.get() == 0) {
                    condition.await();
                }
                count.set(count.get() - 1);
            }
        }

        @Override
        public void release() throws InterruptedException {
            try (Hold hold = mutex.acquire()) {
                count.set(count.get() + 1);
                condition.signal();
            }
        }
    }
}
