package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.sync.Lease;
import org.processmanager.sync.LeasedSemaphore;

/** {@code LeasedSemaphore}. */
public final class LeasedSemaphores extends RegionLocks {
    public LeasedSemaphores(Params settings) {
        super(settings);
    }

    @Override
    public boolean releasableByOthers() {
        return false;
    }

    @Override
    public Lock open(int number, int permits) {
        return new Leased(memory.leasedSemaphore("leased-" + number, Math.max(1, permits)));
    }

    private static final class Leased implements Lock {
        private final LeasedSemaphore semaphore;
        private Lease lease;

        Leased(LeasedSemaphore semaphore) {
            this.semaphore = semaphore;
        }

        @Override
        public void acquire() throws InterruptedException {
            lease = semaphore.acquire();
        }

        @Override
        public void release() {
            lease.close();
        }

        /** The usual form: the lease stays on the stack. */
        @Override
        public void during(Runnable section) throws InterruptedException {
            try (Lease mine = semaphore.acquire()) {
                section.run();
            }
        }
    }
}
