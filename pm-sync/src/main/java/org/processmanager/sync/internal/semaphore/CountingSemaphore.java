package org.processmanager.sync.internal.semaphore;

import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.MOST_PERMITS;
import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.WAITERS;

import java.nio.ByteBuffer;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.region.park.Slices;
import org.processmanager.sync.internal.wait.LocalQueue;

/**
 * A count on one 32-bit word, from which anyone takes and to which anyone gives.
 *
 * <p>How it works. Taking is one compare-and-set. Who finds none spins for a moment, queues within this handle, and as the
 * first of the queue sets WAITERS and sleeps on the word, in slices. Giving adds, clears WAITERS, and wakes as many as it
 * gave if it was set. Who has slept takes with WAITERS set, since others may sleep still, and wakes one more if it leaves
 * permits: two quick releases find WAITERS set only once. A woken process that dies is made good for by the next slice.
 *
 * <p>Crash points: {@code semaphore.taken}, {@code semaphore.flagged} (WAITERS set, not asleep),
 * {@code semaphore.released} (before the wake-up).
 */
public final class CountingSemaphore {
    private final String name;
    private final Region region;
    private final ObjectHandle use;
    private final ByteBuffer memory;
    private final Parking parking;
    private final int object;
    private final int at;
    private final LocalQueue queue = new LocalQueue();

    /** The semaphore at that offset of a region, and the object of which it is a part. */
    public CountingSemaphore(Region region, String name, int object, int offset) {
        this.object = object;
        this.region = region;
        this.name = name;
        use = region.objects().use(name, object);
        memory = region.memory();
        parking = region.parking();
        at = offset;
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

    /** Waits for a permit at most so long; false if there was none. */
    public boolean tryAcquire(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return tryAcquire() || (!deadline.isOver() && acquireSlowly(deadline));
    }

    /** Takes a permit if there is one. */
    public boolean tryAcquire() {
        return tryTake(0);
    }

    private boolean acquireSlowly(Deadline deadline) throws InterruptedException {
        if (Spin.until(this::tryAcquire)) {
            return true;
        }
        region.participants().beginWait(object);
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
            region.participants().endWait(object);
        }
    }

    private boolean acquireAsHead(Deadline deadline) throws InterruptedException {
        Slices slices = parking.slices();
        int slept = 0;
        while (true) {
            if (tryTake(slept)) {
                return true;
            }
            use.checkUsable();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            int word = SemaphoreLayout.wordVolatile(memory, at);
            if (SemaphoreLayout.permits(word) > 0) {
                continue;
            }
            if ((word & WAITERS) == 0 && !SemaphoreLayout.casWord(memory, at, word, word | WAITERS)) {
                continue;
            }
            CrashPoint.reach("semaphore.flagged");
            long nanos = slices.nextNanos(deadline);
            if (nanos <= 0) {
                return false;
            }
            parking.await(SemaphoreLayout.futex(at), word | WAITERS, nanos);
            slept = WAITERS;
        }
    }

    /** Takes a permit if there is one; {@code waiters} is WAITERS for who has slept. */
    private boolean tryTake(int waiters) {
        region.checkReach();
        while (true) {
            int word = SemaphoreLayout.wordVolatile(memory, at);
            int permits = SemaphoreLayout.permits(word);
            if (permits == 0) {
                use.checkOpen();
                return false;
            }
            if (SemaphoreLayout.casWord(memory, at, word, (word - 1) | waiters)) {
                CrashPoint.reach("semaphore.taken");
                if (use.isUnusable()) {
                    giveBack();
                }
                if (waiters != 0 && permits > 1) {
                    parking.wake(SemaphoreLayout.futex(at), 1);
                }
                return true;
            }
        }
    }

    /** Closed meanwhile: the permit may still be of the shared word. */
    private void giveBack() {
        int word;
        do {
            word = SemaphoreLayout.wordVolatile(memory, at);
        } while (!SemaphoreLayout.casWord(memory, at, word, word + 1));
        use.checkUsable();
    }

    /**
     * Gives permits.
     *
     * @throws IllegalStateException if there would be more than an int can count, or the region is closed
     */
    public void release(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits: " + permits + " (expected: 0 or more)");
        }
        while (true) {
            use.checkOpen();
            int word = SemaphoreLayout.wordVolatile(memory, at);
            int present = SemaphoreLayout.permits(word);
            if (permits > MOST_PERMITS - present) {
                throw new IllegalStateException(this + " has " + present + " permits and cannot take " + permits
                        + " more (expected: at most " + MOST_PERMITS + ")");
            }
            if (permits == 0) {
                return;
            }
            if (SemaphoreLayout.casWord(memory, at, word, present + permits)) {
                CrashPoint.reach("semaphore.released");
                if ((word & WAITERS) != 0) {
                    parking.wake(SemaphoreLayout.futex(at), permits);
                }
                return;
            }
        }
    }

    /** How many permits there are at this moment. */
    public int permits() {
        use.checkOpen();
        return SemaphoreLayout.permits(SemaphoreLayout.wordVolatile(memory, at));
    }

    /** What it is at this moment, for people. */
    public RegionInfo.NamedObject inspect() {
        return use.inspect();
    }

    /** Its name in the region. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "semaphore '" + name + "' of " + region;
    }
}
