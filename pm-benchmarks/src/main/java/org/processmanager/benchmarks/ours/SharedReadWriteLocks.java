package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.sync.Hold;
import org.processmanager.sync.ReadHold;
import org.processmanager.sync.SharedReadWriteLock;

/** {@code SharedReadWriteLock}. */
public final class SharedReadWriteLocks extends RegionLocks {
    public SharedReadWriteLocks(Params settings) {
        super(settings);
    }

    @Override
    public boolean releasableByOthers() {
        return false;
    }

    @Override
    public Lock open(int number, int permits) {
        return new Writing(lock(number));
    }

    @Override
    public Lock openForReading(int number) {
        return new Reading(lock(number));
    }

    private SharedReadWriteLock lock(int number) {
        return memory.readWriteLock("lock-" + number);
    }

    private static final class Writing implements Lock {
        private final SharedReadWriteLock lock;
        private Hold hold;

        Writing(SharedReadWriteLock lock) {
            this.lock = lock;
        }

        @Override
        public void acquire() throws InterruptedException {
            hold = lock.acquireWrite();
        }

        @Override
        public void release() {
            hold.close();
        }

        /** The usual form: the hold stays on the stack. */
        @Override
        public void during(Runnable section) throws InterruptedException {
            try (Hold mine = lock.acquireWrite()) {
                if (mine.previousOwnerDied()) {
                    mine.markConsistent();
                }
                section.run();
            }
        }
    }

    private static final class Reading implements Lock {
        private final SharedReadWriteLock lock;
        private ReadHold hold;

        Reading(SharedReadWriteLock lock) {
            this.lock = lock;
        }

        @Override
        public void acquire() throws InterruptedException {
            hold = lock.acquireRead();
        }

        @Override
        public void release() {
            hold.close();
        }

        /** The usual form: the hold stays on the stack. */
        @Override
        public void during(Runnable section) throws InterruptedException {
            try (ReadHold mine = lock.acquireRead()) {
                if (mine.previousOwnerDied()) {
                    mine.markConsistent();
                }
                section.run();
            }
        }
    }
}
