package org.processmanager.ipc.internal.fifo;

import java.util.concurrent.TimeUnit;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.util.VirtualThreads;
import org.processmanager.ipc.internal.Backoff;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Waits for one end of a pipe: in the kernel, in slices, so that an interrupt and a close are seen; a virtual thread asks at
 * growing intervals instead, since it would hold its carrier.
 */
final class PipeWait {
    private static final int SLICE_MILLIS = 50;
    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;

    private PipeWait() {}

    /**
     * Waits until one of the events stands, or the other end is gone, or the time is over.
     *
     * @throws InterruptedException if interrupted
     * @throws IllegalStateException if the gate was closed
     */
    static void await(int fd, int events, Deadline deadline, HandleGuard gate) throws InterruptedException {
        boolean virtual = VirtualThreads.isCurrent();
        Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (true) {
            gate.checkOpen();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = deadline.leftNanos();
            // rounded up: waiting zero milliseconds again and again would be spinning
            long millis = left / 1_000_000 + (left % 1_000_000 > 0 ? 1 : 0);
            if (Poll.awaitOne(fd, events, virtual ? 0 : (int) Math.min(millis, SLICE_MILLIS)) != 0 || left == 0) {
                return;
            }
            if (virtual) {
                backoff.pause(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
            }
        }
    }
}
