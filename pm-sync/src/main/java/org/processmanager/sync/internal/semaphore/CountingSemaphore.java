package org.processmanager.sync.internal.semaphore;

import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.MAX_PERMITS;
import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.WAITERS;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;
import org.processmanager.sync.internal.wait.LocalQueue;

/**
 * A count of permits on one 32-bit word.
 *
 * <p>Acquiring is one compare-and-set. A thread that finds no permit spins for a moment, queues within this handle, and as
 * the first of the queue sets WAITERS and sleeps on the word, in slices. Releasing adds permits, clears WAITERS, and if it was
 * set wakes as many sleepers as it added permits. A thread that has slept acquires with WAITERS set, since others may still
 * sleep, and wakes one more if it leaves permits: of two quick releases only one sees WAITERS. If a woken process dies, the
 * next slice makes up for it.
 *
 * <p>Crash points: {@code semaphore.taken}, {@code semaphore.flagged} (WAITERS set, not asleep),
 * {@code semaphore.released} (before the wake-up).
 */
public final class CountingSemaphore extends SharedObject {
    private final LocalQueue queue = new LocalQueue();

    /** Uses a semaphore. */
    public CountingSemaphore(Region region, RegionObject object) {
        super(region, object);
    }

    /** Waits for a permit. */
    public void acquire() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!tryAcquire()) {
            acquireSlowly(Deadline.NEVER);
        }
    }

    /** Waits for a permit; returns false on timeout. */
    public boolean tryAcquire(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return tryAcquire() || (!deadline.isOver() && acquireSlowly(deadline));
    }

    /** Acquires a permit if there is one. */
    public boolean tryAcquire() {
        return tryTake(0);
    }

    private boolean acquireSlowly(Deadline deadline) throws InterruptedException {
        if (Spin.until(this::tryAcquire)) {
            return true;
        }
        participants.beginWait(offset);
        try {
            if (!queue.enter(deadline)) {
                return false;
            }
            try {
                return acquireAsHead(deadline);
            } finally {
                queue.leave();
            }
        } finally {
            participants.endWait(offset);
        }
    }

    private boolean acquireAsHead(Deadline deadline) throws InterruptedException {
        Slices slices = parking.slices();
        int slept = 0;
        while (true) {
            if (tryTake(slept)) {
                return true;
            }
            handle.checkUsable();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            int word = SemaphoreLayout.wordVolatile(memory, offset);
            if (SemaphoreLayout.permits(word) > 0) {
                continue;
            }
            if ((word & WAITERS) == 0 && !SemaphoreLayout.casWord(memory, offset, word, word | WAITERS)) {
                continue;
            }
            CrashPoint.reach("semaphore.flagged");
            long nanos = slices.nextNanos(deadline);
            if (nanos <= 0) {
                return false;
            }
            parking.await(SemaphoreLayout.futex(offset), word | WAITERS, nanos);
            slept = WAITERS;
        }
    }

    /** Acquires a permit if there is one; {@code waiters} is WAITERS after a sleep. */
    private boolean tryTake(int waiters) {
        region.checkMapped();
        while (true) {
            int word = SemaphoreLayout.wordVolatile(memory, offset);
            int permits = SemaphoreLayout.permits(word);
            if (permits == 0) {
                handle.checkOpen();
                return false;
            }
            if (SemaphoreLayout.casWord(memory, offset, word, (word - 1) | waiters)) {
                CrashPoint.reach("semaphore.taken");
                if (handle.isUnusable()) {
                    undo(1);
                }
                if (waiters != 0 && permits > 1) {
                    parking.wake(SemaphoreLayout.futex(offset), 1);
                }
                return true;
            }
        }
    }

    /**
     * Acquires all permits.
     *
     * @return how many there were
     */
    public int drain() {
        region.checkMapped();
        while (true) {
            int word = SemaphoreLayout.wordVolatile(memory, offset);
            int permits = SemaphoreLayout.permits(word);
            if (permits == 0) {
                handle.checkOpen();
                return 0;
            }
            if (SemaphoreLayout.casWord(memory, offset, word, word & WAITERS)) {
                CrashPoint.reach("semaphore.taken");
                if (handle.isUnusable()) {
                    undo(permits);
                }
                return permits;
            }
        }
    }

    /** Returns permits after the handle was closed: they may have been those of the shared word. */
    private void undo(int permits) {
        int word;
        do {
            word = SemaphoreLayout.wordVolatile(memory, offset);
        } while (!SemaphoreLayout.casWord(memory, offset, word, word + permits));
        handle.checkUsable();
    }

    /**
     * Adds permits.
     *
     * @throws IllegalStateException if there would be more than an int can count, or the region is closed
     */
    public void release(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits: " + permits + " (expected: 0 or more)");
        }
        while (true) {
            handle.checkOpen();
            int word = SemaphoreLayout.wordVolatile(memory, offset);
            int present = SemaphoreLayout.permits(word);
            if (permits > MAX_PERMITS - present) {
                throw new IllegalStateException(this + " has " + present + " permits and cannot take " + permits
                        + " more (expected: at most " + MAX_PERMITS + ")");
            }
            if (permits == 0) {
                return;
            }
            if (SemaphoreLayout.casWord(memory, offset, word, present + permits)) {
                CrashPoint.reach("semaphore.released");
                if ((word & WAITERS) != 0) {
                    parking.wake(SemaphoreLayout.futex(offset), permits);
                }
                return;
            }
        }
    }

    /** Returns the current number of permits. */
    public int permits() {
        handle.checkOpen();
        return SemaphoreLayout.permits(SemaphoreLayout.wordVolatile(memory, offset));
    }
}
