package org.processmanager.sync.internal.wait;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * The threads of one handle that want the same word and lost: in the order of their coming, and the first alone waits on the
 * word. It keeps a process to one sleeper per word in the kernel, whatever the number of its threads.
 */
public final class LocalQueue {
    private final ReentrantLock head = new ReentrantLock(true);

    /** Waits to be the first; false if the time is over before. */
    public boolean enter(Deadline deadline) throws InterruptedException {
        if (deadline == Deadline.NEVER) {
            head.lockInterruptibly();
            return true;
        }
        return head.tryLock(deadline.leftNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets the next be the first. */
    public void leave() {
        head.unlock();
    }

    /** How many wait, the first not counted; a moment's estimate. */
    int length() {
        return head.getQueueLength();
    }
}
