package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.sync.SharedEvent;

/** {@code SharedEvent}, which resets itself: at most one permit. */
public final class SharedEvents extends RegionLocks {
    public SharedEvents(Params settings) {
        super(settings);
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
