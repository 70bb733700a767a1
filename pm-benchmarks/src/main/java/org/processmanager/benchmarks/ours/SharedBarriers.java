package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Barriers;
import org.processmanager.sync.SharedBarrier;
import org.processmanager.sync.SharedMemory;

/** {@code SharedBarrier}. */
public final class SharedBarriers implements Barriers {
    private final SharedMemory memory;

    public SharedBarriers(Params settings) {
        memory = ForkRegion.open(settings);
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public Barrier open(int parties) {
        SharedBarrier barrier = memory.barrier("barrier", parties);
        return barrier::await;
    }

    @Override
    public void close() {
        memory.close();
    }
}
