package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;
import org.processmanager.sync.SharedEvent;
import org.processmanager.sync.SharedMemory;

/** {@code SharedEvent}, which resets itself: at most one permit. */
public final class SharedEvents implements Locks {
    private final SharedMemory memory;

    public SharedEvents(Params settings) {
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
        SharedEvent event = memory.autoResetEvent("event-" + number);
        boolean isFirst = memory.atomicLong("opened-" + number).compareAndSet(0, 1);
        if (isFirst && permits > 0) {
            event.set();
        }
        return new OnePermit(event);
    }

    @Override
    public void close() {
        memory.close();
    }

    private record OnePermit(SharedEvent event) implements Lock {
        @Override
        public void acquire() throws InterruptedException {
            event.await();
        }

        @Override
        public void release() {
            event.set();
        }
    }
}
