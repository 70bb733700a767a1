package org.processmanager.sync.internal.wait;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * The threads of one handle that wait for the same word, in order of arrival. Only the first waits on the word, so a process
 * has at most one sleeper per handle and word in the kernel.
 */
public final class LocalQueue {
    private final ReentrantLock head = new ReentrantLock(true);

    /** Waits to be the first; returns false on timeout. */
    public boolean enter(Deadline deadline) throws InterruptedException {
        if (deadline == Deadline.NEVER) {
            head.lockInterruptibly();
            return true;
        }
        return head.tryLock(deadline.leftNanos(), TimeUnit.NANOSECONDS);
    }

    /** Makes the next thread the first. */
    public void leave() {
        head.unlock();
    }
}
