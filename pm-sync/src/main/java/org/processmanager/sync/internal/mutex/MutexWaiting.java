package org.processmanager.sync.internal.mutex;

import static org.processmanager.sync.internal.mutex.MutexLayout.OWNER;
import static org.processmanager.sync.internal.mutex.MutexLayout.WAITERS;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.region.park.Slices;
import org.processmanager.sync.internal.wait.LocalQueue;

/**
 * How those wait who have lost a {@link RobustMutex}.
 *
 * <p>They spin for a moment, then queue within this handle, and the first of the queue waits: if another thread of this
 * handle owns the mutex it parks and the owner unparks it; else it sets WAITERS and sleeps on the low half of the word. It
 * sleeps in slices (see {@link Slices}) and probes the owner before each: no step of another process, and no wake-up that it
 * owes, is ever relied upon. Who has slept takes the word with WAITERS set, since others may sleep still.
 */
final class MutexWaiting {
    private final RobustMutex mutex;
    private final Region region;
    private final ObjectHandle use;
    private final ByteBuffer memory;
    private final Parking parking;
    private final Participants participants;
    private final int object;
    private final int at;
    private final int self;
    private final LocalQueue queue = new LocalQueue();
    private volatile @Nullable Thread parkedHead;

    MutexWaiting(RobustMutex mutex, Region region, ObjectHandle use, int object, int offset) {
        this.mutex = mutex;
        this.region = region;
        this.use = use;
        this.object = object;
        memory = region.memory();
        parking = region.parking();
        participants = region.participants();
        at = offset;
        self = participants.self();
    }

    /** Waits for the mutex; false if the time is over before. */
    boolean lock(Deadline deadline) throws InterruptedException {
        if (Spin.until(mutex::tryTakeFree)) {
            return true;
        }
        participants.beginWait(object);
        try {
            if (!queue.enter(deadline)) {
                return false;
            }
            try {
                return lockAsHead(deadline);
            } finally {
                queue.leave();
            }
        } finally {
            participants.endWait(object);
        }
    }

    private boolean lockAsHead(Deadline deadline) throws InterruptedException {
        Slices slices = parking.slices();
        int slept = 0;
        while (true) {
            if (mutex.tryTake(slept)) {
                return true;
            }
            use.checkUsable();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long word = MutexLayout.wordVolatile(memory, at);
            int low = MutexLayout.low(word);
            if ((low & OWNER) == 0) {
                continue;
            }
            if ((low & OWNER) != self && (low & WAITERS) == 0) {
                if (!MutexLayout.casWord(memory, at, word, word | Integer.toUnsignedLong(WAITERS))) {
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
                parking.await(MutexLayout.futex(at), low, nanos);
                slept = WAITERS;
            }
        }
    }

    /** The owner is a thread of this handle, which looks for us after it has released the word. */
    private void parkWhileOwnedHere(long nanos) {
        parkedHead = Thread.currentThread();
        try {
            if (MutexLayout.owner(MutexLayout.wordVolatile(memory, at)) == self) {
                parking.park(this, nanos);
            }
        } finally {
            parkedHead = null;
        }
    }

    /** The word was released by this handle. */
    void unparkHead() {
        Thread head = parkedHead;
        if (head != null) {
            LockSupport.unpark(head);
        }
    }
}
