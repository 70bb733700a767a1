package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedMutex;

/** {@code SharedMutex}. */
public final class SharedMutexes extends RegionLocks {
    public SharedMutexes(Params settings) {
        super(settings);
    }

    @Override
    public boolean releasableByOthers() {
        return false;
    }

    @Override
    public Lock open(int number, int permits) {
        return new Held(memory.mutex("mutex-" + number));
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
