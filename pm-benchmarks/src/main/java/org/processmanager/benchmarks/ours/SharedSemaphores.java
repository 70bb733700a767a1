package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.sync.SharedSemaphore;

/** {@code SharedSemaphore}. */
public final class SharedSemaphores extends RegionLocks {
    public SharedSemaphores(Params settings) {
        super(settings);
    }

    @Override
    public boolean releasableByOthers() {
        return true;
    }

    @Override
    public Lock open(int number, int permits) {
        return new Permit(memory.semaphore("semaphore-" + number, permits));
    }

    private record Permit(SharedSemaphore semaphore) implements Lock {
        @Override
        public void acquire() throws InterruptedException {
            semaphore.acquire();
        }

        @Override
        public void release() {
            semaphore.release();
        }
    }
}
