package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.processmanager.core.internal.util.VirtualThreads;
import org.processmanager.ipc.internal.Backoff;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * One slice of a wait for sockets, short enough that a deletion is seen; an interrupt and a close end it at once. It waits in
 * the kernel; a virtual thread, which would pin its carrier there, polls at growing intervals instead.
 */
final class SelectorWait {
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;

    private SelectorWait() {}

    /**
     * Blocks until a socket is ready, the deadline expires, the selector is woken, or a slice is over.
     *
     * @param action called with the key of each socket that is ready
     * @throws InterruptedException if interrupted
     * @throws IllegalStateException if the guard was closed
     */
    static void await(Selector selector, Consumer<SelectionKey> action, Deadline deadline, HandleGuard guard)
            throws InterruptedException, IOException {
        guard.checkOpen();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long nanos = Math.min(deadline.leftNanos(), SLICE_NANOS);
        if (!VirtualThreads.isCurrent()) {
            // Rounded up, because zero would have no end.
            selector.select(action, Math.max(1, (nanos + 999_999) / 1_000_000));
            return;
        }
        Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        long start = System.nanoTime();
        while (selector.selectNow(action) == 0) {
            long left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                return;
            }
            backoff.pause(left);
            guard.checkOpen();
        }
    }
}
