package org.processmanager.benchmarks.peers;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;

/** {@code java.util.concurrent.Semaphore}: the cost of a semaphore within one process. */
public final class JucSemaphores implements Locks {
    private final Map<Integer, Semaphore> semaphores = new ConcurrentHashMap<>();

    public JucSemaphores(Params settings) {}

    @Override
    public boolean crossesProcesses() {
        return false;
    }

    @Override
    public boolean releasableByOthers() {
        return true;
    }

    @Override
    public Lock open(int number, int permits) {
        return new Permit(semaphores.computeIfAbsent(number, any -> new Semaphore(permits)));
    }

    private record Permit(Semaphore semaphore) implements Lock {
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
