package org.processmanager.sync.internal.mutex;

import static org.processmanager.sync.internal.mutex.MutexLayout.OWNER;
import static org.processmanager.sync.internal.mutex.MutexLayout.WAITERS;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;
import org.processmanager.sync.internal.wait.LocalQueue;

/**
 * Waits for a {@link RobustMutex} that another thread owns.
 *
 * <p>A thread spins for a moment, then queues within this handle, and the first of the queue waits: if another thread of this
 * handle owns the mutex it parks and the owner unparks it; otherwise it sets WAITERS and sleeps on the low half of the word.
 * It sleeps in slices (see {@link Slices}) and checks the owner before each, so it depends on no step of another process and
 * on no wake-up by it. A thread that has slept acquires with WAITERS set, since others may still sleep.
 */
final class MutexWaiting extends SharedObject {
    private final RobustMutex mutex;
    private final LocalQueue queue = new LocalQueue();
    private volatile @Nullable Thread parkedHead;

    MutexWaiting(RobustMutex mutex) {
        super(mutex);
        this.mutex = mutex;
    }

    /** Waits for the mutex; returns false on timeout. */
    boolean lock(Deadline deadline) throws InterruptedException {
        if (Spin.until(mutex::tryTakeFree)) {
            return true;
        }
        int wait = participants.beginWait(offset, mutex.purpose(), deadline);
        try {
            if (!queue.enter(deadline)) {
                return false;
            }
            try {
                return mutex.tryTake(0) || lockAsHead(deadline);
            } finally {
                queue.leave();
            }
        } finally {
            participants.endWait(offset, wait);
        }
    }

    private boolean lockAsHead(Deadline deadline) throws InterruptedException {
        Slices slices = parking.slices();
        int slept = 0;
        while (true) {
            if (mutex.tryTake(slept)) {
                return true;
            }
            handle.checkUsable();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long word = MutexLayout.wordVolatile(memory, offset);
            int low = MutexLayout.low(word);
            if ((low & OWNER) == 0) {
                continue;
            }
            if ((low & OWNER) != self && (low & WAITERS) == 0) {
                if (!MutexLayout.casWord(memory, offset, word, word | Integer.toUnsignedLong(WAITERS))) {
                    continue;
                }
                low |= WAITERS;
                CrashPoint.reach("mutex.flagged");
            }
            long nanos = slices.nextNanos(deadline);
            if (nanos <= 0) {
                return false;
            }
            if ((low & OWNER) == self) {
                parkWhileOwnedHere(nanos);
            } else {
                region.watchOwner(low & OWNER);
                region.checkOwnersOfProcess();
                parking.await(MutexLayout.futex(offset), low, nanos);
                slept = WAITERS;
            }
        }
    }

    /** Parks while a thread of this handle owns the mutex, which unparks the head after it has released the word. */
    private void parkWhileOwnedHere(long nanos) {
        parkedHead = Thread.currentThread();
        try {
            if (MutexLayout.owner(MutexLayout.wordVolatile(memory, offset)) == self) {
                parking.park(this, nanos);
            }
        } finally {
            parkedHead = null;
        }
    }

    /** Unparks the first waiter, after this handle has released the word. */
    void unparkHead() {
        Thread head = parkedHead;
        if (head != null) {
            LockSupport.unpark(head);
        }
    }
}
