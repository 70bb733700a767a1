package org.processmanager.sync.internal.mutex;

import static org.processmanager.sync.internal.mutex.MutexLayout.ORPHANED;
import static org.processmanager.sync.internal.mutex.MutexLayout.OWNER;
import static org.processmanager.sync.internal.mutex.MutexLayout.POISONED;
import static org.processmanager.sync.internal.mutex.MutexLayout.STATE;
import static org.processmanager.sync.internal.mutex.MutexLayout.WAITERS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.MutexPoisonedException;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.CoarseClock;
import org.processmanager.sync.internal.wait.VarHandles;

/**
 * A reentrant mutex, owned by a thread, on one 64-bit word. It is taken over when its owner dies.
 *
 * <p>The word names the participant that owns it, so that every waiter can check whether that participant is alive; which of
 * its threads is the owner is known on the Java side only. The word is acquired by compare-and-set; threads that fail wait
 * ({@link MutexWaiting}). Releasing is one compare-and-set; then the first local waiter is unparked, and one sleeper woken if
 * WAITERS was set.
 *
 * <p>A terminated thread cannot release what it owns, though its process is alive. Its process frees the word as that of a
 * dead owner ({@link OwnerThreadCheck}).
 *
 * <p>Sleeping on a futex word follows U. Drepper, "Futexes Are Tricky"; the rest of the word makes a death visible.
 *
 * <p>Crash points: {@code mutex.taken}, {@code mutex.flagged} (WAITERS set, not asleep), {@code mutex.woken}
 * (free, after a sleep), {@code mutex.handed-over}, {@code mutex.released} (before the wake-up).
 */
public final class RobustMutex extends MutexState {
    private static final VarHandle KNOWN = VarHandles.ofField(MethodHandles.lookup(), "known", long.class);

    private final MutexWaiting waiting;
    private final OwnerThreadCheck ownerCheck;

    /**
     * The word as this handle has last written it: held by it, or free, which is the best guess for the next acquisition. It
     * is written after {@link #owner}. A thread that reads its own acquisition here is the owner, since no other thread
     * writes that word.
     */
    private long known;

    /**
     * The thread of the last acquisition, written only when it changes: writing a reference can cost as much as the rest,
     * where the collector tracks references from old to young objects.
     */
    private @Nullable Thread owner;

    // Used by the owning thread only.
    /** Holds beyond the first. */
    private int reentries;

    private boolean consistent;
    /** As last recorded: what another participant has recorded since, at the same time, differs by a tick of its clock. */
    private long sinceMillis;

    private long fencingToken;
    /** The word under which the token was drawn. */
    private long fencedWord;
    /** What the latest acquisition after a wait for a condition continues. */
    private @Nullable SuspendedHolds resumed;

    private @Nullable Wakeup wakeups;

    /** Uses an object that is 0 or a mutex. */
    public RobustMutex(Region region, RegionObject object) {
        this(region, object, WaitLayout.ACQUIRE);
    }

    /** As a part of an object that begins with it; threads wait for that for a purpose of {@link WaitLayout}. */
    public RobustMutex(Region region, RegionObject object, int purpose) {
        super(region, object, purpose);
        waiting = new MutexWaiting(this);
        ownerCheck = new OwnerThreadCheck(this);
        region.addOwnerCheck(ownerCheck);
    }

    MutexWaiting waiting() {
        return waiting;
    }

    /** Waits for the mutex. */
    public void lock() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!tryLockFast() && !tryTakeFree()) {
            waiting.lock(Deadline.NEVER);
        }
    }

    /** Acquires the mutex if it is free or its owner is dead. Non-blocking. */
    public boolean tryLock() {
        if (tryLockFast() || tryTake(0)) {
            return true;
        }
        handle.checkOpen();
        return false;
    }

    /** Waits for the mutex; returns false on timeout. */
    public boolean tryLock(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return tryLock() || (!deadline.isOver() && waiting.lock(deadline));
    }

    /** Acquires the mutex if the current thread owns it already, or if this handle was the last to release it. */
    private boolean tryLockFast() {
        long word = (long) KNOWN.getAcquire(this);
        return MutexLayout.low(word) == 0 ? acquireFree(word) : isHeld(word) && reenter();
    }

    private boolean reenter() {
        if (owner != Thread.currentThread()) {
            return false;
        }
        handle.checkOpen();
        reentries = Math.incrementExact(reentries);
        return true;
    }

    private static boolean isHeld(long word) {
        return MutexLayout.owner(word) != 0;
    }

    /** Acquires a word that is free and has no flags. */
    private boolean acquireFree(long free) {
        region.checkMapped();
        long mine = MutexLayout.next(free, self);
        if (!MutexLayout.casWord(memory, offset, free, mine)) {
            return false;
        }
        own(mine);
        return true;
    }

    boolean tryTakeFree() {
        long word = MutexLayout.wordVolatile(memory, offset);
        return MutexLayout.owner(word) == 0 && tryTake(0);
    }

    /** Tries once to acquire a word that is free or whose owner is dead; {@code waiters} is WAITERS after a sleep. */
    boolean tryTake(int waiters) {
        region.checkMapped();
        long word = MutexLayout.wordVolatile(memory, offset);
        int low = MutexLayout.low(word);
        if ((low & OWNER) != 0) {
            return isDead(low & OWNER) ? takeOver(word) : ownerCheck.releaseIfTerminated() && tryTake(WAITERS);
        }
        if ((low & STATE) == POISONED) {
            handle.checkOpen();
            throw new MutexPoisonedException(this
                    + " is poisoned: an owner died and the next one released it without markConsistent();"
                    + " repair the data and call reset()");
        }
        CrashPoint.reach(waiters == 0 ? "mutex.free" : "mutex.woken");
        long mine = MutexLayout.next(word, self | low & STATE | low & WAITERS | waiters);
        if (!MutexLayout.casWord(memory, offset, word, mine)) {
            return false;
        }
        own(mine);
        consistent = false;
        return true;
    }

    private boolean takeOver(long word) {
        long mine = MutexLayout.next(word, self | ORPHANED | WAITERS);
        if (!MutexLayout.casWordOfDead(memory, offset, word, mine)) {
            return false;
        }
        CrashPoint.reach("mutex.handed-over");
        own(mine);
        consistent = false;
        region.repairQuietly(MutexLayout.owner(word)); // it may have owned other objects, too
        return true;
    }

    /** Returns the thread of this handle that owns a word; null if there is none. */
    @Nullable
    Thread ownerOf(long word) {
        long held = (long) KNOWN.getAcquire(this);
        Thread thread = owner;
        return MutexLayout.owner(word) == self
                        && MutexLayout.owner(held) == self
                        && MutexLayout.epoch(held) == MutexLayout.epoch(word)
                ? thread
                : null;
    }

    /**
     * Records the current thread as the owner. If the handle is closed, the word may have been that of the private memory
     * while another thread still owns the shared one; so the owner's fields are not written before the handle was seen open.
     */
    private void own(long mine) {
        CrashPoint.reach("mutex.taken");
        if (handle.isUnusable()) {
            giveBack(mine);
        }
        Thread thread = Thread.currentThread();
        if (owner != thread) {
            owner = thread;
        }
        reentries = 0; // a terminated owner may have left some
        KNOWN.setRelease(this, mine);
        MutexLayout.threadPlain(memory, offset, mine, thread.getId());
        long now = CoarseClock.millis();
        if (now != sinceMillis) {
            sinceMillis = now;
            MutexLayout.sinceMillisPlain(memory, offset, now);
        }
    }

    /** Undoes the compare-and-set: if it changed the shared word, it would later look like a dead owner. */
    private void giveBack(long mine) {
        MutexLayout.casWord(memory, offset, mine, MutexLayout.free(mine, MutexLayout.low(mine) & ~OWNER));
        handle.checkUsable();
    }

    /**
     * Releases one hold of the current thread.
     *
     * @throws IllegalMonitorStateException if it has none
     * @throws IllegalStateException if the region was closed, or the mutex was lost otherwise
     * @throws RegionException if the region was deleted or replaced; the hold is then released
     */
    public void unlock() {
        checkOwned();
        release(POISONED);
    }

    /** As {@link #unlock}, just after {@link #checkOwned}. */
    public void unlockOwned() {
        release(POISONED);
    }

    /** As {@link #unlock}, but an orphaned mutex remains orphaned instead of poisoned. */
    public void unlockUnrepaired() {
        checkOwned();
        release(ORPHANED);
    }

    /** Releases all holds of the current thread, which is about to wait; an orphaned mutex remains orphaned. */
    public SuspendedHolds suspend() {
        SuspendedHolds holds = new SuspendedHolds(ownership(), reentries, 0, false);
        reentries = 0;
        unlockUnrepaired();
        return holds;
    }

    /** Acquires the mutex again, uninterruptibly, for the holds that {@link #suspend} released. */
    public void resume(SuspendedHolds holds) {
        Uninterruptibles.run(this::lock);
        reentries = holds.reentries();
        resumed = holds.resumed(known, isOrphaned());
    }

    private void release(int stateIfOrphaned) {
        if (reentries > 0) {
            reentries--;
            return;
        }
        long held = known;
        long free = MutexLayout.free(held, isOrphaned() ? stateIfOrphaned : 0);
        Wakeup first = wakeups;
        if (first != null) {
            wakeups = null; // the next owner has its own
        }
        KNOWN.setRelease(this, free);
        region.checkMapped();
        if (MutexLayout.casWord(memory, offset, held, free)) {
            CrashPoint.reach("mutex.released");
            wakeOthers(held, free);
        } else {
            wakeOthers(releaseFlagged(held, free), free);
        }
        if (first != null) {
            Wakeup.run(first);
        }
        region.checkOpen();
    }

    /** Runs an action when the mutex has been released; for the owner only. */
    public void whenReleased(Runnable action) {
        if (!Wakeup.contains(wakeups, action)) {
            wakeups = new Wakeup(action, wakeups);
        }
    }

    private void wakeOthers(long held, long free) {
        waiting.unparkHead();
        if ((MutexLayout.low(held) & WAITERS) != 0) {
            boolean poisoned = MutexLayout.low(free) != 0;
            parking.wake(MutexLayout.futex(offset), poisoned ? Integer.MAX_VALUE : 1);
        }
    }

    /** Frees the word, to which another thread has added WAITERS; returns it as it was. */
    private long releaseFlagged(long held, long free) {
        while (true) {
            long word = MutexLayout.wordVolatile(memory, offset);
            if (MutexLayout.owner(word) != self || MutexLayout.epoch(word) != MutexLayout.epoch(held)) {
                region.checkOpen();
                throw new IllegalStateException(
                        String.format("%s was lost: its word is %016x (expected: %016x)", this, word, held));
            }
            if (MutexLayout.casWord(memory, offset, word, free)) {
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
        if (!isHeld((long) KNOWN.getAcquire(this)) || owner != Thread.currentThread()) {
            // After closing, the word is private and zero: another thread may have acquired it.
            handle.checkOpen();
            throw new IllegalMonitorStateException(this + " is not held by thread "
                    + Thread.currentThread().getName() + (isPoisoned() ? "; it is poisoned" : ""));
        }
    }

    /** Returns whether the current thread owns it. */
    public boolean isOwned() {
        long word = (long) KNOWN.getAcquire(this);
        return isHeld(word) && owner == Thread.currentThread() && (region.isClosed() || isStill(word));
    }

    /** Returns what identifies the current acquisition, also after waits for conditions; for the owner only. */
    public long ownership() {
        SuspendedHolds holds = resumed;
        return holds != null && holds.word() == known ? holds.ownership() : known;
    }

    /** Returns whether the acquisition that {@link #ownership} identified still lasts. */
    public boolean lasts(long ownership) {
        SuspendedHolds holds = resumed(ownership);
        return isStill(holds != null ? holds.word() : ownership);
    }

    /** Returns the acquisition after a wait for a condition that continues another one; null if there was none. */
    public @Nullable SuspendedHolds resumed(long ownership) {
        SuspendedHolds holds = resumed;
        return holds != null && holds.ownership() == ownership ? holds : null;
    }

    /** Returns whether the acquisition that wrote a word still lasts. */
    boolean isStill(long ownership) {
        long word = MutexLayout.wordVolatile(memory, offset);
        return !handle.isUnusable()
                && MutexLayout.owner(word) == self
                && MutexLayout.epoch(word) == MutexLayout.epoch(ownership);
    }

    /** Returns the fencing token of the current acquisition, drawn on the first call; for the owner only. */
    public long fencingToken() {
        checkOwned();
        if (fencedWord != known) {
            fencingToken = MutexLayout.nextTokenPlain(memory, offset);
            region.checkOpen();
            fencedWord = known;
        }
        region.checkOpen();
        return fencingToken;
    }

    /** Returns whether it was taken over from a dead owner and not marked consistent since; for the owner only. */
    public boolean isOrphaned() {
        return (MutexLayout.low(known) & ORPHANED) != 0 && !consistent;
    }

    /** Returns {@link #isOrphaned} after the checks; for the owner only. */
    public boolean previousOwnerDied() {
        checkOwned();
        region.checkOpen();
        return isOrphaned();
    }

    /** Marks the data as consistent; for the owner only. */
    public void markConsistent() {
        checkOwned();
        region.checkOpen();
        consistent = true;
    }
}
