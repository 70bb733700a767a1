package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Locks;
import org.processmanager.sync.SharedMemory;

/** Locks of one kind; all of a fork are in one region. */
abstract class RegionLocks implements Locks {
    final SharedMemory memory;

    RegionLocks(Params settings) {
        memory = ForkRegion.open(settings);
    }

    @Override
    public final boolean crossesProcesses() {
        return true;
    }

    @Override
    public final void close() {
        memory.close();
    }
}
