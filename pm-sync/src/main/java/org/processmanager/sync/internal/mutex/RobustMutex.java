package org.processmanager.sync.internal.mutex;

import static org.processmanager.sync.internal.mutex.MutexLayout.ORPHANED;
import static org.processmanager.sync.internal.mutex.MutexLayout.OWNER;
import static org.processmanager.sync.internal.mutex.MutexLayout.POISONED;
import static org.processmanager.sync.internal.mutex.MutexLayout.STATE;
import static org.processmanager.sync.internal.mutex.MutexLayout.WAITERS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.MutexPoisonedException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.wait.CoarseClock;
import org.processmanager.sync.internal.wait.VarHandles;

/**
 * A mutex on one 64-bit word that is handed over when its owner dies; owned by a thread, reentrant.
 *
 * <p>How it works. The word names the participant that owns it, so whoever finds it taken can ask whether that one lives;
 * which thread of the participant, is known on the Java side alone. The word is taken by compare-and-set first; losers wait
 * ({@link MutexWaiting}). Releasing is one compare-and-set, then the local first is unparked, then one sleeper woken if
 * WAITERS was set.
 *
 * <p>A terminated thread cannot release what it owns, though its process lives. Its process frees the word as that of a dead
 * owner: waiters of this JVM look before each slice, {@link Region} once a second for those of other processes.
 *
 * <p>The words of a mutex that sleeps on a futex are after U. Drepper, "Futexes Are Tricky"; the rest of the word is what
 * makes a death visible.
 *
 * <p>Crash points: {@code mutex.taken}, {@code mutex.flagged} (WAITERS set, not asleep), {@code mutex.woken}
 * (it is free, after a sleep), {@code mutex.handed-over}, {@code mutex.released} (before the wake-up).
 */
public final class RobustMutex {
    private static final VarHandle KNOWN = VarHandles.ofField(MethodHandles.lookup(), "known", long.class);

    private final String name;
    private final Region region;
    private final ObjectHandle use;
    private final ByteBuffer memory;
    private final Parking parking;
    private final Participants participants;
    private final int at;
    private final int self;
    private final MutexWaiting waiting;

    /**
     * The word as this handle has last written it: held by it, or free, when it is the best guess for the next taking. It is
     * written after {@link #owner}, and names who is the owner if it is held. A thread that reads it as its own
     * ownership's is the owner, since nobody else writes its name.
     */
    private long known;

    /**
     * The last owner's thread, written only when it is another one: to write a reference may cost as much as the rest, where
     * the collector notes what points from the old to the young.
     */
    private @Nullable Thread owner;

    // Of the owning thread alone.
    /** Holds beyond the first. */
    private int reentries;

    private boolean consistent;
    private long fencingToken;
    /** The word under which the token was drawn. */
    private long fencedWord;

    /** The mutex at that offset of a region, where all is 0 or a mutex, and the object of which it is a part. */
    public RobustMutex(Region region, String name, int object, int offset) {
        this.region = region;
        this.name = name;
        use = region.objects().use(name, object);
        memory = region.memory();
        parking = region.parking();
        participants = region.participants();
        at = offset;
        self = participants.self();
        waiting = new MutexWaiting(this, region, use, object, offset);
        region.addOwnerCheck(this::checkOwner);
    }

    /** Waits for the mutex. */
    public void lock() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!tryLockFast()) {
            waiting.lock(Deadline.NEVER);
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
        return tryLock() || (!deadline.isOver() && waiting.lock(deadline));
    }

    private boolean tryLockFast() {
        long word = (long) KNOWN.getAcquire(this);
        if (MutexLayout.low(word) == 0 && casToMine(word)) {
            return true;
        }
        if (isHeld(word) && owner == Thread.currentThread()) {
            use.checkOpen();
            reentries = Math.incrementExact(reentries);
            return true;
        }
        word = MutexLayout.wordVolatile(memory, at);
        return MutexLayout.low(word) == 0 && casToMine(word);
    }

    private static boolean isHeld(long word) {
        return MutexLayout.owner(word) != 0;
    }

    /** Takes a word that is free and has no flags. */
    private boolean casToMine(long free) {
        region.checkReach();
        long mine = MutexLayout.next(free, self);
        if (!MutexLayout.casWord(memory, at, free, mine)) {
            return false;
        }
        own(mine);
        return true;
    }

    boolean tryTakeFree() {
        long word = MutexLayout.wordVolatile(memory, at);
        return MutexLayout.owner(word) == 0 && tryTake(0);
    }

    /** One attempt, on a free word or one whose owner is dead; {@code waiters} is WAITERS for who has slept. */
    boolean tryTake(int waiters) {
        region.checkReach();
        long word = MutexLayout.wordVolatile(memory, at);
        int low = MutexLayout.low(word);
        if ((low & OWNER) != 0) {
            return isDead(low & OWNER) ? takeOver(word) : releaseIfOwnerTerminated() && tryTake(WAITERS);
        }
        if ((low & STATE) == POISONED) {
            use.checkOpen();
            throw new MutexPoisonedException(this
                    + " is poisoned: an owner died and the next one released it without markConsistent();"
                    + " repair the data and reset() it");
        }
        CrashPoint.reach(waiters == 0 ? "mutex.free" : "mutex.woken");
        long mine = MutexLayout.next(word, self | low & STATE | low & WAITERS | waiters);
        if (!MutexLayout.casWord(memory, at, word, mine)) {
            return false;
        }
        own(mine);
        consistent = false;
        return true;
    }

    private boolean takeOver(long word) {
        long mine = MutexLayout.next(word, self | ORPHANED | WAITERS);
        if (!MutexLayout.casWordOfDead(memory, at, word, mine)) {
            return false;
        }
        CrashPoint.reach("mutex.handed-over");
        own(mine);
        consistent = false;
        region.repairQuietly(MutexLayout.owner(word)); // it may have left other objects as well
        return true;
    }

    /**
     * Frees the word, as that of a dead owner, if a thread of this handle owns it that has terminated: nobody else can. Other
     * processes see the process alive, so the process of the owner looks, before each slice of a wait here and once a second.
     */
    private boolean releaseIfOwnerTerminated() {
        long word = MutexLayout.wordVolatile(memory, at);
        return isOwnerTerminated(word) && releaseForTerminatedOwner(word);
    }

    private boolean checkOwner() {
        releaseIfOwnerTerminated();
        return !use.isRemoved();
    }

    private boolean isOwnerTerminated(long word) {
        long held = (long) KNOWN.getAcquire(this);
        Thread thread = owner;
        return MutexLayout.owner(word) == self
                && MutexLayout.owner(held) == self
                && MutexLayout.epoch(held) == MutexLayout.epoch(word)
                && thread != null
                && !thread.isAlive();
    }

    private boolean releaseForTerminatedOwner(long ownership) {
        while (isStill(ownership)) {
            long word = MutexLayout.wordVolatile(memory, at);
            if (MutexLayout.epoch(word) == MutexLayout.epoch(ownership)
                    && MutexLayout.casWordOfDead(memory, at, word, MutexLayout.free(word, ORPHANED))) {
                parking.wakeAll(MutexLayout.futex(at));
                waiting.unparkHead();
                return true;
            }
        }
        return false;
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
        if (owner != thread) {
            owner = thread;
        }
        reentries = 0; // a terminated owner may have left some
        KNOWN.setRelease(this, mine);
        MutexLayout.ownerPlain(memory, at, thread.getId(), CoarseClock.millis());
    }

    /** If the word is the shared one after all, it would say that somebody died. */
    private void giveBack(long mine) {
        MutexLayout.casWord(memory, at, mine, MutexLayout.free(mine, MutexLayout.low(mine) & ~OWNER));
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
        long free = MutexLayout.free(held, isOrphaned() ? POISONED : 0);
        KNOWN.setRelease(this, free);
        region.checkReach();
        if (MutexLayout.casWord(memory, at, held, free)) {
            CrashPoint.reach("mutex.released");
            wakeOthers(held, free);
        } else {
            wakeOthers(releaseFlagged(held, free), free);
        }
    }

    private void wakeOthers(long held, long free) {
        waiting.unparkHead();
        if ((MutexLayout.low(held) & WAITERS) != 0) {
            boolean poisoned = MutexLayout.low(free) != 0;
            parking.wake(MutexLayout.futex(at), poisoned ? Integer.MAX_VALUE : 1);
        }
    }

    /** Frees the word, to which somebody has added WAITERS; returns it as it was. */
    private long releaseFlagged(long held, long free) {
        while (true) {
            long word = MutexLayout.wordVolatile(memory, at);
            if (MutexLayout.owner(word) != self || MutexLayout.epoch(word) != MutexLayout.epoch(held)) {
                region.checkOpen();
                throw new IllegalStateException(
                        String.format("%s was lost: its word is %016x (expected: %016x)", this, word, held));
            }
            if (MutexLayout.casWord(memory, at, word, free)) {
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
            // Of a closed region the word is private and zero: another thread may have taken it from its owner.
            region.checkOpen();
            throw new IllegalMonitorStateException(
                    this + " is not held by thread " + Thread.currentThread().getName());
        }
    }

    /** Whether the current thread owns it. */
    public boolean isOwned() {
        long word = (long) KNOWN.getAcquire(this);
        return isHeld(word) && owner == Thread.currentThread() && (region.isClosed() || isStill(word));
    }

    /** The word of the present ownership, by which it can be told from others; for the owner alone. */
    public long ownership() {
        return known;
    }

    /** Whether the mutex is still owned as it was when {@link #ownership} was asked. */
    public boolean isStill(long ownership) {
        long word = MutexLayout.wordVolatile(memory, at);
        return !use.isRemoved()
                && !region.isClosed()
                && MutexLayout.owner(word) == self
                && MutexLayout.epoch(word) == MutexLayout.epoch(ownership);
    }

    /** The number of the present ownership, drawn when it is first asked for; for the owner alone. */
    public long fencingToken() {
        checkOwned();
        if (fencedWord != known) {
            fencingToken = MutexLayout.nextTokenPlain(memory, at);
            region.checkOpen();
            fencedWord = known;
        }
        return fencingToken;
    }

    /** Whether it was taken from a dead owner and nobody has said since that the data is consistent; for the owner alone. */
    public boolean isOrphaned() {
        return (MutexLayout.low(known) & ORPHANED) != 0 && !consistent;
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
            long word = MutexLayout.wordVolatile(memory, at);
            int low = MutexLayout.low(word);
            if ((low & OWNER) != 0 || (low & STATE) != POISONED) {
                return false;
            }
            long free = MutexLayout.next(word, low & WAITERS);
            if (MutexLayout.casWord(memory, at, word, free)) {
                return true;
            }
        }
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
        return "mutex '" + name + "' of " + region;
    }
}
