package org.processmanager.ipc.internal.fifo;

import java.util.concurrent.TimeUnit;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.util.VirtualThreads;
import org.processmanager.ipc.internal.Backoff;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * One slice of a wait for an end of a pipe, short enough that an interrupt, a close and a deletion are seen. It waits in the
 * kernel; a virtual thread, which would pin its carrier there, polls at growing intervals instead.
 */
final class PipeWait {
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;

    private PipeWait() {}

    /**
     * Blocks until one of the events occurs, the other end closes, the deadline expires, or a slice is over.
     *
     * @throws InterruptedException if interrupted
     * @throws IllegalStateException if the guard was closed
     */
    static void await(int fd, int events, Deadline deadline, HandleGuard guard) throws InterruptedException {
        guard.checkOpen();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long nanos = Math.min(deadline.leftNanos(), SLICE_NANOS);
        if (!VirtualThreads.isCurrent()) {
            // Rounded up, because repeated waits of zero milliseconds would spin.
            Poll.awaitOne(fd, events, (int) ((nanos + 999_999) / 1_000_000));
            return;
        }
        Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        long start = System.nanoTime();
        while (Poll.awaitOne(fd, events, 0) == 0) {
            long left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                return;
            }
            backoff.pause(left);
            guard.checkOpen();
        }
    }
}
