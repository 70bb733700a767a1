package org.processmanager.core.internal.launch.io;

import java.util.concurrent.atomic.AtomicInteger;
import org.processmanager.core.internal.posix.Files;

/**
 * Larger pipes for those that carry a lot, as far as they go: past a quota of the user, of which this takes a quarter at
 * most, the kernel gives every new pipe of that user only two pages.
 */
final class PipeCapacity {
    /** What a pipe has unless it is grown, and so what a read or write moves at most at first. */
    static final int ORDINARY_BYTES = 64 * 1024;

    private static final int LARGE_BYTES = 256 * 1024;
    private static final AtomicInteger LEFT_BYTES = new AtomicInteger(16 * 1024 * 1024);

    private boolean asked;
    private boolean grown;

    /** Grows a pipe that has shown to carry a lot, if there is room left; asks once. */
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

    /** The pipe is closed. */
    void release() {
        if (grown) {
            grown = false;
            LEFT_BYTES.addAndGet(LARGE_BYTES);
        }
    }
}
