package org.processmanager.sync;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.mutex.MutexLock;
import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A mutex between processes and their threads. It is owned by the thread of the process that acquired it, platform or
 * virtual, and is reentrant. Two handles of one region exclude each other even within one JVM and one thread.
 *
 * <p><b>When a process dies</b> that owns it, or closes its region, the mutex is handed over to who waits or comes next:
 * {@link Hold#previousOwnerDied()} is true. A waiter learns of it within about a tenth of a second plus the time that the
 * kernel needs to take the dead process apart. A process that is merely stopped keeps its mutex. A waiter that dies costs
 * nobody anything.
 *
 * <p><b>When the owner's thread terminates</b> without releasing the mutex, the mutex is handed over in the same way. Threads
 * of the owner's process detect a terminated owner within 100 ms, other processes within about a second. A hold that a live
 * thread never closes stays held.
 *
 * <p>It is not fair: who comes may overtake who waits. Within one handle those who wait do so in the order of their coming.
 */
public final class SharedMutex {
    private final RobustMutex mutex;

    private final Lock lock;

    SharedMutex(RobustMutex mutex) {
        this.mutex = mutex;
        lock = new MutexLock(mutex);
    }

    /**
     * Acquires the mutex, waiting until it is free or its owner is dead.
     *
     * @return the hold, to be closed by the same thread
     * @throws InterruptedException if interrupted before or while waiting; the mutex is then not held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if an earlier owner died and the data was not declared consistent
     * @throws RegionException if the region was deleted while waiting
     */
    public Hold acquire() throws InterruptedException {
        mutex.lock();
        return new Hold(mutex);
    }

    /**
     * Acquires the mutex if it is free or its owner is dead, without waiting.
     *
     * @return the hold, or null if another owns the mutex
     * @throws IllegalStateException if the region is closed
     * @throws MutexPoisonedException if an earlier owner died and the data was not declared consistent
     */
    public @Nullable Hold tryAcquire() {
        return mutex.tryLock() ? new Hold(mutex) : null;
    }

    /**
     * Acquires the mutex, waiting at most so long.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the hold, or null if another owned the mutex all the time
     * @throws InterruptedException if interrupted before or while waiting; the mutex is then not held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if an earlier owner died and the data was not declared consistent
     * @throws RegionException if the region was deleted while waiting
     */
    public @Nullable Hold tryAcquire(Duration wait) throws InterruptedException {
        return mutex.tryLock(Deadline.after(wait)) ? new Hold(mutex) : null;
    }

    /**
     * Whether the current thread owns the mutex through this handle.
     *
     * @return true if it has at least one hold
     */
    public boolean isHeldByCurrentThread() {
        return mutex.isOwned();
    }

    /**
     * Whether the mutex was taken over from an owner that died and nobody has said since that the data is consistent: as
     * {@link Hold#previousOwnerDied()}, for who uses {@link #asLock()}.
     *
     * @return true if the data needs a look
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public boolean previousOwnerDied() {
        mutex.checkOwned();
        return mutex.isOrphaned();
    }

    /**
     * Says that what the mutex protects is consistent again: as {@link Hold#markConsistent()}, for who uses
     * {@link #asLock()}.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public void markConsistent() {
        mutex.markConsistent();
    }

    /**
     * This mutex as a lock of {@code java.util.concurrent}, with the same owner and the same count of holds. Its methods
     * throw what those of this class do. After each {@code lock()} that may have taken over from the dead ask
     * {@link #previousOwnerDied()}: unlocking without {@link #markConsistent()} poisons the mutex then. It has no conditions.
     *
     * @return the same lock each time
     */
    public Lock asLock() {
        return lock;
    }

    /**
     * Makes a poisoned mutex usable again, after what it protects was repaired or replaced.
     *
     * @return false if it was not poisoned
     * @throws IllegalStateException if the region is closed
     */
    public boolean reset() {
        return mutex.reset();
    }

    /**
     * Looks at this mutex as {@link SharedMemory#inspect()} does at all objects: takes no part, writes nothing, waits for
     * nobody; by any thread.
     *
     * @return who has it and since when, how many wait for it, how many deaths were made good for at this moment; it may have changed since
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this mutex was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionInfo.NamedObject inspect() {
        return mutex.inspect();
    }

    /**
     * The name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return mutex.name();
    }

    @Override
    public String toString() {
        return mutex.toString();
    }
}
