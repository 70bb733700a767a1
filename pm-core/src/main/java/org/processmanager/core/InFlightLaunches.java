package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.util.Uninterruptibles;

/**
 * Counts the launches of one manager that are in progress, so that its close() can wait for them. A launch that started
 * before close() is either registered in time to be stopped, or notices that it is too late and undoes itself. Launches wait
 * neither for each other nor for close().
 */
final class InFlightLaunches {
    private static final int CLOSED = 1 << 31;

    /** The highest bit is set once closed, the others count. */
    private final AtomicInteger state = new AtomicInteger();

    private final CountDownLatch none = new CountDownLatch(1);

    /** Counts one in; returns false if this is closed. */
    boolean enter() {
        if (state.incrementAndGet() > 0) {
            return true;
        }
        leave();
        return false;
    }

    /** Counts one out that {@link #enter} let in. */
    void leave() {
        if (state.decrementAndGet() == CLOSED) {
            none.countDown();
        }
    }

    /** Refuses further launches. Idempotent. */
    void close() {
        if (state.getAndUpdate(count -> count | CLOSED) == 0) {
            none.countDown();
        }
    }

    boolean isClosed() {
        return state.get() < 0;
    }

    /**
     * Waits, once closed, until no launch is in progress. The interrupt status is preserved.
     *
     * @return false if the bound has elapsed first
     */
    boolean awaitQuiescence(Duration bound) {
        return Uninterruptibles.await(none, bound.toNanos());
    }

    /**
     * Ends what was launched too late and waits until it is reaped, within the bounds of its policies. The interrupt status is
     * preserved.
     *
     * @param callerWaits as for {@link org.processmanager.core.internal.launch.Launcher#launch}
     */
    static void undo(List<ChildProcess> children, boolean callerWaits) {
        children.forEach(ChildProcess::kill);
        for (ChildProcess child : children) {
            child.terminate(EndReason.TERMINATED);
            if (callerWaits) {
                try {
                    child.awaitOrStop(child.completion());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            } else {
                child.completion().join();
            }
        }
    }
}
