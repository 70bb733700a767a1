package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.util.Uninterruptibles;

/**
 * Counts the launches of one manager that are under way, so that its closing can wait for them: what was begun before it is
 * either there to be seen and stopped, or is told that it came too late, and is waited for until it has undone itself.
 * Launches never wait for each other, nor for the closing.
 */
final class InFlightLaunches {
    private static final int CLOSED = 1 << 31;

    /** The highest bit says that none is let in any more, the others count. */
    private final AtomicInteger state = new AtomicInteger();

    private final CountDownLatch none = new CountDownLatch(1);

    /** Counts one in, unless it is closed: false then. */
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

    /** Lets none in any more. Idempotent. */
    void close() {
        if (state.getAndUpdate(count -> count | CLOSED) == 0) {
            none.countDown();
        }
    }

    boolean isClosed() {
        return state.get() < 0;
    }

    /**
     * Waits, once closed, until none that was let in is left. An interrupt is kept for later.
     *
     * @return false if the time was over before
     */
    boolean awaitQuiescence(Duration bound) {
        return Uninterruptibles.await(none, bound.toNanos());
    }

    /**
     * Ends what was launched too late, and waits until it is reaped, no longer than its own policies allow. An interrupt is
     * kept for later.
     *
     * @param callerWaits as its {@linkplain org.processmanager.core.internal.launch.Launcher#launch launcher} was told
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
