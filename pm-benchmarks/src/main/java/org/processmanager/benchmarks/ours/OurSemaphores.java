package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.lock.Lock;
import org.processmanager.benchmarks.fork.lock.Locks;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedSemaphore;

/** {@code SharedSemaphore}, all of a fork in one region. */
public final class OurSemaphores implements Locks {
    private final SharedMemory memory;

    public OurSemaphores(Fields settings) {
        memory = Regions.open(settings);
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public boolean anyoneReleases() {
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
