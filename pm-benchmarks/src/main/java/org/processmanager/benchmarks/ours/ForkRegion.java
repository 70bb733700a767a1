package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedMemory;

/** The region of a fork, in the directory of the fork. */
final class ForkRegion {
    private static final int MEGABYTES = 8;

    private ForkRegion() {}

    static SharedMemory open(Params settings) {
        return SharedMemory.open(
                settings.scratch().resolve("region"), OpenMode.OPEN_OR_CREATE, SharedMemory.megabytes(MEGABYTES));
    }
}
