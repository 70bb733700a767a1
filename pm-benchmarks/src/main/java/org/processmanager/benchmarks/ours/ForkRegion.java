package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.sync.SharedMemory;

/** The region of a fork, in the directory of the fork. */
final class ForkRegion {
    private static final int MEGABYTES = 8;

    private ForkRegion() {}

    static SharedMemory open(Params settings) {
        return SharedMemory.openOrCreate(settings.scratch().resolve("region"), SharedMemory.megabytes(MEGABYTES));
    }
}
