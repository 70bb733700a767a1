package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;

/** {@code SharedMutex}; all mutexes of a fork are in one region. */
public final class SharedMutexes implements Locks {
    private final SharedMemory memory;

    public SharedMutexes(Params settings) {
        memory = ForkRegion.open(settings);
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public boolean releasableByOthers() {
        return false;
    }

    @Override
    public Lock open(int number, int permits) {
        return new Held(memory.mutex("mutex-" + number));
    }

    @Override
    public void close() {
        memory.close();
    }

    private static final class Held implements Lock {
        private final SharedMutex mutex;
        private Hold hold;

        Held(SharedMutex mutex) {
            this.mutex = mutex;
        }

        @Override
        public void acquire() throws InterruptedException {
            hold = mutex.acquire();
            if (hold.previousOwnerDied()) {
                hold.markConsistent();
            }
        }

        @Override
        public void release() {
            hold.close();
        }

        /** The usual form: the hold stays on the stack. */
        @Override
        public void during(Runnable section) throws InterruptedException {
            try (Hold mine = mutex.acquire()) {
                if (mine.previousOwnerDied()) {
                    mine.markConsistent();
                }
                section.run();
            }
        }
    }
}
