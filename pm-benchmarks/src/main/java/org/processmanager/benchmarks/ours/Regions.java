package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedMemory;

/** The region of a fork, in the fork's own folder. */
final class Regions {
    private static final int MEGABYTES = 8;

    private Regions() {}

    static SharedMemory open(Fields settings) {
        return SharedMemory.open(
                settings.scratch().resolve("region"), OpenMode.OPEN_OR_CREATE, SharedMemory.megabytes(MEGABYTES));
    }
}
