package org.processmanager.sync.internal.semaphore;

import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.MAX_PERMITS;
import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.WAITERS;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.core.internal.util.StackSpace;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;
import org.processmanager.sync.internal.wait.LocalQueue;

/**
 * A count of permits on one word.
 *
 * <p>Acquiring is one compare-and-set. A thread that finds no permit spins for a moment, queues within this handle, and as
 * the first of the queue sets WAITERS and sleeps on the word, in slices. Releasing adds permits, clears WAITERS, and if it was
 * set wakes as many sleepers as it added permits. A thread that has slept acquires with WAITERS set, since others may still
 * sleep, and wakes one more if it leaves permits: of two quick releases only one sees WAITERS. If a woken process dies, the
 * next slice makes up for it. In a fair semaphore threads wait in a {@link FairQueue} instead.
 *
 * <p>Crash points: {@code semaphore.taken}, {@code semaphore.flagged} (WAITERS set, not asleep),
 * {@code semaphore.released} (before the wake-up).
 */
public final class CountingSemaphore extends SharedObject {
    private final LocalQueue queue = new LocalQueue();
    private final @Nullable FairQueue fairQueue;

    /** Uses a semaphore, whose shape tells whether it is fair. */
    public CountingSemaphore(Region region, RegionObject object) {
        super(region, object);
        fairQueue = SemaphoreHandler.isFair(object) ? new FairQueue(this, region.slots()) : null;
    }

    /** Returns whether permits are acquired in order of arrival. */
    public boolean isFair() {
        return fairQueue != null;
    }

    /** Waits for a permit. */
    public void acquire() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!tryAcquireInTurn()) {
            acquireSlowly(Deadline.NEVER);
        }
    }

    /** Waits for a permit; an interrupt does not end the wait. */
    public void acquireUninterruptibly() {
        if (fairQueue == null) {
            Uninterruptibles.run(this::acquire);
        } else if (!tryAcquireInTurn()) {
            fairQueue.acquireUninterruptibly();
        }
    }

    /** Waits for a permit; returns false on timeout. */
    public boolean tryAcquire(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return tryAcquireInTurn() || (!deadline.isOver() && acquireSlowly(deadline));
    }

    /** Acquires a permit if there is one, also if threads are queued. */
    public boolean tryAcquire() {
        return tryTake(0, 0);
    }

    private boolean tryAcquireInTurn() {
        return tryTake(0, fairQueue == null ? 0 : WAITERS);
    }

    private boolean acquireSlowly(Deadline deadline) throws InterruptedException {
        if (fairQueue != null) {
            return fairQueue.acquire(deadline);
        }
        if (Spin.until(this::tryAcquire)) {
            return true;
        }
        StackSpace.requireForWait();
        int wait = participants.beginWait(offset, WaitLayout.ACQUIRE, deadline);
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
            participants.endWait(offset, wait);
        }
    }

    private boolean acquireAsHead(Deadline deadline) throws InterruptedException {
        Slices slices = parking.slices();
        long slept = 0;
        while (true) {
            if (tryTake(slept, 0)) {
                return true;
            }
            handle.checkUsable();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long word = SemaphoreLayout.wordVolatile(memory, offset);
            if (SemaphoreLayout.permits(word) > 0) {
                continue;
            }
            if (!SemaphoreLayout.hasWaiters(word) && !SemaphoreLayout.casWord(memory, offset, word, word | WAITERS)) {
                continue;
            }
            CrashPoint.reach("semaphore.flagged");
            long nanos = slices.nextNanos(deadline);
            if (nanos <= 0) {
                return false;
            }
            parking.await(SemaphoreLayout.futex(offset), (int) (word | WAITERS), nanos);
            slept = WAITERS;
        }
    }

    /** Acquires a permit if there is one and the word has none of some bits; {@code waiters} is WAITERS after a sleep. */
    private boolean tryTake(long waiters, long without) {
        region.checkMapped();
        while (true) {
            long word = SemaphoreLayout.wordVolatile(memory, offset);
            int permits = SemaphoreLayout.permits(word);
            if (permits == 0 || (word & without) != 0) {
                handle.checkOpen();
                return false;
            }
            if (SemaphoreLayout.casWord(memory, offset, word, SemaphoreLayout.withPermits(word, -1) | waiters)) {
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
            long word = SemaphoreLayout.wordVolatile(memory, offset);
            int permits = SemaphoreLayout.permits(word);
            if (permits == 0) {
                handle.checkOpen();
                return 0;
            }
            if (SemaphoreLayout.casWord(memory, offset, word, SemaphoreLayout.withPermits(word, -permits))) {
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
        long word;
        do {
            word = SemaphoreLayout.wordVolatile(memory, offset);
        } while (!SemaphoreLayout.casWord(memory, offset, word, SemaphoreLayout.withPermits(word, permits)));
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
            long word = SemaphoreLayout.wordVolatile(memory, offset);
            int present = SemaphoreLayout.permits(word);
            if (permits > MAX_PERMITS - present) {
                throw new IllegalStateException(this + " has " + present + " permits and cannot take " + permits
                        + " more (expected: at most " + MAX_PERMITS + ")");
            }
            if (permits == 0) {
                return;
            }
            long more = SemaphoreLayout.withPermits(word, permits);
            if (SemaphoreLayout.casWord(
                    memory, offset, word, fairQueue == null ? SemaphoreLayout.withoutWaiters(more) : more)) {
                CrashPoint.reach("semaphore.released");
                if (SemaphoreLayout.hasWaiters(word)) {
                    wake(permits);
                }
                return;
            }
        }
    }

    private void wake(int permits) {
        if (fairQueue == null) {
            parking.wake(SemaphoreLayout.futex(offset), permits);
        } else {
            fairQueue.passOn();
        }
    }

    /** Draws the ticket of a thread that will wait in the {@link FairQueue}. */
    int drawTicket() {
        while (true) {
            long word = SemaphoreLayout.wordVolatile(memory, offset);
            long next = SemaphoreLayout.withNextTicket(word);
            if (SemaphoreLayout.casWord(memory, offset, word, next)) {
                return SemaphoreLayout.ticket(next);
            }
        }
    }

    boolean hasPermits() {
        boolean has = SemaphoreLayout.permits(SemaphoreLayout.wordVolatile(memory, offset)) > 0;
        handle.checkOpen(); // after reading the word, since closing makes all words 0
        return has;
    }

    /** Returns the current number of permits. */
    public int permits() {
        handle.checkOpen();
        return SemaphoreLayout.permits(SemaphoreLayout.wordVolatile(memory, offset));
    }
}
