package org.processmanager.core.internal.launch.io;

import java.util.concurrent.atomic.AtomicInteger;
import org.processmanager.core.internal.posix.Files;

/**
 * Enlarges pipes that carry much data, within a budget: the kernel limits the pipe memory of a user and beyond that limit gives
 * every new pipe only two pages. This class uses at most a quarter of the limit.
 */
final class PipeCapacity {
    /** The default capacity of a pipe, which bounds a read or write before the pipe is enlarged. */
    static final int ORDINARY_BYTES = 64 * 1024;

    private static final int LARGE_BYTES = 256 * 1024;
    private static final AtomicInteger LEFT_BYTES = new AtomicInteger(16 * 1024 * 1024);

    private boolean asked;
    private boolean grown;

    /** Enlarges a pipe that has carried much data, if the budget allows; tries once. */
    void growOnce(int fd) {
        if (asked) {
            return;
        }
        asked = true;
        if (LEFT_BYTES.addAndGet(-LARGE_BYTES) >= 0 && Files.growPipe(fd, LARGE_BYTES) >= LARGE_BYTES) {
            grown = true;
        } else {
            LEFT_BYTES.addAndGet(LARGE_BYTES);
        }
    }

    /** Returns the capacity of a closed pipe to the budget. */
    void release() {
        if (grown) {
            grown = false;
            LEFT_BYTES.addAndGet(LARGE_BYTES);
        }
    }
}
