package org.processmanager.ipc.internal.fifo;

import org.processmanager.core.internal.posix.Files;
import org.processmanager.ipc.internal.stream.FrameLayout;

/** How many frames a pipe accepts. */
final class PipeRoom {
    private PipeRoom() {}

    /** Returns how many frames of full size an empty pipe accepts. */
    static int whenEmpty(int fd) {
        return Files.pipeSize(fd) / FrameLayout.MAX_FRAME_BYTES;
    }

    /**
     * Returns how many frames a pipe is certain to accept, unless others write to it.
     *
     * @param bytes in the pipe
     */
    static int now(int fd, int bytes) {
        // A frame that does not fit in the last page begins a new one, so two adjacent pages hold more than the bytes
        // of one.
        int used = bytes == 0 ? 0 : 2 * (bytes / FrameLayout.MAX_FRAME_BYTES) + 2;
        return Math.max(0, whenEmpty(fd) - used);
    }
}
