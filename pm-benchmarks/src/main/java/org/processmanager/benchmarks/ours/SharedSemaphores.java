package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedSemaphore;

/** {@code SharedSemaphore}; all semaphores of a fork are in one region. */
public final class SharedSemaphores implements Locks {
    private final SharedMemory memory;

    public SharedSemaphores(Params settings) {
        memory = ForkRegion.open(settings);
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public boolean releasableByOthers() {
        return true;
    }

    @Override
    public Lock open(int number, int permits) {
        return new Permit(memory.semaphore("semaphore-" + number, permits));
    }

    @Override
    public void close() {
        memory.close();
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
