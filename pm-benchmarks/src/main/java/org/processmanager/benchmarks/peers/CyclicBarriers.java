package org.processmanager.benchmarks.peers;

import java.util.concurrent.CyclicBarrier;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Barriers;

/** {@code CyclicBarrier}: the cost of a barrier within one process. */
public final class CyclicBarriers implements Barriers {
    private CyclicBarrier barrier;

    public CyclicBarriers(Params settings) {}

    @Override
    public boolean crossesProcesses() {
        return false;
    }

    @Override
    public synchronized Barrier open(int parties) {
        if (barrier == null) {
            barrier = new CyclicBarrier(parties);
        }
        return barrier::await;
    }
}
