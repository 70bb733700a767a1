package org.processmanager.sync.internal;

import static org.processmanager.sync.internal.MutexDescriptor.ORPHANED;
import static org.processmanager.sync.internal.MutexDescriptor.OWNER;
import static org.processmanager.sync.internal.MutexDescriptor.POISONED;
import static org.processmanager.sync.internal.MutexDescriptor.STATE;
import static org.processmanager.sync.internal.MutexDescriptor.WAITERS;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.MutexPoisonedException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.Deadline;
import org.processmanager.sync.internal.region.ObjectUse;
import org.processmanager.sync.internal.region.Parking;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.Slices;

/**
 * A mutex on one 64-bit word that is handed over when its owner dies; owned by a thread, reentrant.
 *
 * <p>How it works. The word names the participant that owns it, so whoever finds it taken can ask whether that one lives;
 * which thread of the participant, is known on the Java side alone. The word is taken by compare-and-set first. Losers spin
 * for a moment, then queue within this handle, and the first of the queue waits: if another thread of this handle owns the
 * mutex it parks and the owner unparks it; else it sets WAITERS and sleeps on the low half of the word. It sleeps in slices
 * (see {@link Slices}) and probes the owner before each: no step of another process, and no wake-up that it owes, is ever
 * relied upon. Who has slept takes the word with WAITERS set, since others may sleep still. Releasing is one
 * compare-and-set, then the local first is unparked, then one sleeper woken if WAITERS was set.
 *
 * <p>The words of a mutex that sleeps on a futex are after U. Drepper, "Futexes Are Tricky"; the rest of the word is what
 * makes a death visible.
 *
 * <p>Crash points: {@code mutex.taken}, {@code mutex.flagged} (WAITERS set, not asleep), {@code mutex.woken}
 * (it is free, after a sleep), {@code mutex.handed-over}, {@code mutex.released} (before the wake-up).
 */
public final class RobustMutex {
    private final String name;
    private final Region region;
    private final ObjectUse use;
    private final ByteBuffer memory;
    private final Parking parking;
    private final Participants participants;
    private final int object;
    private final int at;
    private final int self;
    private final LocalQueue queue = new LocalQueue();
    private volatile @Nullable Thread parkedHead;

    // Of the owning thread alone. Another thread reads its own name here only if it is the owner.
    private @Nullable Thread owner;
    /** Holds beyond the first. */
    private int reentries;
    /** The word as this handle has last written it: held by it, or free, when it is the best guess for the next taking. */
    private long known;

    private boolean consistent;
    private long fencingToken;
    /** The word under which the token was drawn. */
    private long fencedWord;

    /** The mutex at that offset of a region, where all is 0 or a mutex, and the object of which it is a part. */
    public RobustMutex(Region region, String name, int object, int offset) {
        this.object = object;
        this.region = region;
        this.name = name;
        use = region.use(name, object);
        memory = region.memory();
        parking = region.parking();
        participants = region.participants();
        at = offset;
        self = participants.self();
    }

    /** Waits for the mutex. */
    public void lock() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!tryLockFast()) {
            lockSlowly(Deadline.NEVER);
        }
    }

    /** Waits for the mutex, keeping interrupts for later. */
    public void lockUninterruptibly() {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    lock();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes the mutex if it is free or its owner is dead, without waiting. */
    public boolean tryLock() {
        return tryLockFast() || tryTake(0);
    }

    /** Waits for the mutex at most so long; false if it was not had. */
    public boolean tryLock(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return tryLock() || (!deadline.isOver() && lockSlowly(deadline));
    }

    private boolean tryLockFast() {
        long word = known;
        if (MutexDescriptor.low(word) == 0 && casToMine(word)) {
            return true;
        }
        if (owner == Thread.currentThread()) {
            use.checkOpen();
            reentries = Math.incrementExact(reentries);
            return true;
        }
        word = MutexDescriptor.wordVolatile(memory, at);
        return MutexDescriptor.low(word) == 0 && casToMine(word);
    }

    /** Takes a word that is free and has no flags. */
    private boolean casToMine(long free) {
        long mine = MutexDescriptor.next(free, self);
        if (!MutexDescriptor.casWord(memory, at, free, mine)) {
            return false;
        }
        own(mine);
        return true;
    }

    private boolean lockSlowly(Deadline deadline) throws InterruptedException {
        if (Spin.until(this::tryTakeFree)) {
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
            if (tryTake(slept)) {
                return true;
            }
            use.checkUsable();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long word = MutexDescriptor.wordVolatile(memory, at);
            int low = MutexDescriptor.low(word);
            if ((low & OWNER) == 0) {
                continue;
            }
            if ((low & OWNER) != self && (low & WAITERS) == 0) {
                if (!MutexDescriptor.casWord(memory, at, word, word | Integer.toUnsignedLong(WAITERS))) {
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
                parking.await(MutexDescriptor.futex(at), low, nanos);
                slept = WAITERS;
            }
        }
    }

    /** The owner is a thread of this handle, which looks for us after it has released the word. */
    private void parkWhileOwnedHere(long nanos) {
        parkedHead = Thread.currentThread();
        try {
            if (MutexDescriptor.owner(MutexDescriptor.wordVolatile(memory, at)) == self) {
                parking.park(this, nanos);
            }
        } finally {
            parkedHead = null;
        }
    }

    private boolean tryTakeFree() {
        long word = MutexDescriptor.wordVolatile(memory, at);
        return MutexDescriptor.owner(word) == 0 && tryTake(0);
    }

    /** One attempt, on a free word or one whose owner is dead; {@code waiters} is WAITERS for who has slept. */
    private boolean tryTake(int waiters) {
        long word = MutexDescriptor.wordVolatile(memory, at);
        int low = MutexDescriptor.low(word);
        if ((low & OWNER) != 0) {
            return isDead(low & OWNER) && takeOver(word);
        }
        if ((low & STATE) == POISONED) {
            use.checkOpen();
            throw new MutexPoisonedException(this
                    + " is poisoned: an owner died and the next one released it without markConsistent();"
                    + " repair the data and reset() it");
        }
        CrashPoint.reach(waiters == 0 ? "mutex.free" : "mutex.woken");
        long mine = MutexDescriptor.next(word, self | low & STATE | low & WAITERS | waiters);
        if (!MutexDescriptor.casWord(memory, at, word, mine)) {
            return false;
        }
        own(mine);
        consistent = false;
        return true;
    }

    private boolean takeOver(long word) {
        long mine = MutexDescriptor.next(word, self | ORPHANED | WAITERS);
        if (!MutexDescriptor.casWord(memory, at, word, mine)) {
            return false;
        }
        CrashPoint.reach("mutex.handed-over");
        MutexDescriptor.countDeath(memory, at);
        own(mine);
        consistent = false;
        region.repairQuietly(MutexDescriptor.owner(word)); // it may have left other objects as well
        return true;
    }

    private boolean isDead(int participant) {
        if (participant == self) {
            return false;
        }
        if (!participants.isSlot(participant)) {
            throw new RegionException(
                    RegionException.Reason.CORRUPT,
                    String.format("%s names an owner that cannot be (%08x)", this, participant));
        }
        return participants.isDead(Participants.slot(participant), Participants.generation(participant));
    }

    /**
     * The current thread has taken the word. Of a closed handle it may have been that of the private memory, while another
     * thread still believes to own the shared one: so nothing of the owner's is touched before the handle was seen open.
     */
    private void own(long mine) {
        CrashPoint.reach("mutex.taken");
        if (use.isUnusable()) {
            giveBack(mine);
        }
        Thread thread = Thread.currentThread();
        owner = thread;
        known = mine;
        MutexDescriptor.ownerPlain(memory, at, thread.getId(), CoarseClock.millis());
    }

    /** If the word is the shared one after all, it would say that somebody died. */
    private void giveBack(long mine) {
        MutexDescriptor.casWord(memory, at, mine, MutexDescriptor.free(mine, MutexDescriptor.low(mine) & ~OWNER));
        use.checkUsable();
    }

    /**
     * Releases one hold of the current thread.
     *
     * @throws IllegalMonitorStateException if it has none
     * @throws IllegalStateException if the region was closed, or the mutex was lost in another way
     */
    public void unlock() {
        checkOwned();
        if (reentries > 0) {
            reentries--;
            return;
        }
        long held = known;
        long free = MutexDescriptor.free(held, isOrphaned() ? POISONED : 0);
        known = free;
        owner = null;
        if (MutexDescriptor.casWord(memory, at, held, free)) {
            CrashPoint.reach("mutex.released");
            wakeOthers(held, free);
        } else {
            wakeOthers(releaseFlagged(held, free), free);
        }
    }

    private void wakeOthers(long held, long free) {
        Thread head = parkedHead;
        if (head != null) {
            LockSupport.unpark(head);
        }
        if ((MutexDescriptor.low(held) & WAITERS) != 0) {
            boolean poisoned = MutexDescriptor.low(free) != 0;
            parking.wake(MutexDescriptor.futex(at), poisoned ? Integer.MAX_VALUE : 1);
        }
    }

    /** Frees the word, to which somebody has added WAITERS; returns it as it was. */
    private long releaseFlagged(long held, long free) {
        while (true) {
            long word = MutexDescriptor.wordVolatile(memory, at);
            if (MutexDescriptor.owner(word) != self || MutexDescriptor.epoch(word) != MutexDescriptor.epoch(held)) {
                region.checkOpen();
                throw new IllegalStateException(
                        String.format("%s was lost: its word is %016x (expected: %016x)", this, word, held));
            }
            if (MutexDescriptor.casWord(memory, at, word, free)) {
                CrashPoint.reach("mutex.released");
                return word;
            }
        }
    }

    /**
     * Refuses a thread that does not own the mutex.
     *
     * @throws IllegalMonitorStateException if it does not
     * @throws IllegalStateException if it does not, and the region is closed
     */
    public void checkOwned() {
        if (owner != Thread.currentThread()) {
            // Of a closed region the word is private and zero: another thread may have taken it from its owner.
            region.checkOpen();
            throw new IllegalMonitorStateException(
                    this + " is not held by thread " + Thread.currentThread().getName());
        }
    }

    /** Whether the current thread owns it. */
    public boolean isOwned() {
        return owner == Thread.currentThread();
    }

    /** The word of the present ownership, by which it can be told from others; for the owner alone. */
    public long ownership() {
        return known;
    }

    /** Whether the mutex is still owned as it was when {@link #ownership} was asked. */
    public boolean isStill(long ownership) {
        long word = MutexDescriptor.wordVolatile(memory, at);
        return !use.isRemoved()
                && !region.isClosed()
                && MutexDescriptor.owner(word) == self
                && MutexDescriptor.epoch(word) == MutexDescriptor.epoch(ownership);
    }

    /** The number of the present ownership, drawn when it is first asked for; for the owner alone. */
    public long fencingToken() {
        checkOwned();
        if (fencedWord != known) {
            fencingToken = MutexDescriptor.nextTokenPlain(memory, at);
            region.checkOpen();
            fencedWord = known;
        }
        return fencingToken;
    }

    /** Whether it was taken from a dead owner and nobody has said since that the data is consistent; for the owner alone. */
    public boolean isOrphaned() {
        return (MutexDescriptor.low(known) & ORPHANED) != 0 && !consistent;
    }

    /** Says that the data is consistent again; for the owner alone. */
    public void markConsistent() {
        checkOwned();
        consistent = true;
    }

    /** Makes a poisoned mutex usable; false if it was not poisoned. */
    public boolean reset() {
        while (true) {
            use.checkOpen();
            long word = MutexDescriptor.wordVolatile(memory, at);
            int low = MutexDescriptor.low(word);
            if ((low & OWNER) != 0 || (low & STATE) != POISONED) {
                return false;
            }
            long free = MutexDescriptor.next(word, low & WAITERS);
            if (MutexDescriptor.casWord(memory, at, word, free)) {
                return true;
            }
        }
    }

    /** Its name in the region. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "mutex '" + name + "' of " + region;
    }
}
