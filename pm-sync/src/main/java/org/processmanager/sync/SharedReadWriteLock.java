package org.processmanager.sync;

import java.time.Duration;
import java.util.concurrent.locks.ReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.rwlock.ReadWriteLocks;
import org.processmanager.sync.internal.rwlock.RobustReadWriteLock;

/**
 * A lock between processes and their threads that many may hold for reading, or one for writing. Both are reentrant and owned
 * by the thread, platform or virtual, that acquired them. Thread-safe.
 *
 * <pre>{@code
 * SharedReadWriteLock prices = shop.readWriteLock("prices");
 * try (ReadHold hold = prices.acquireRead()) {
 *     look();
 * }
 * try (Hold hold = prices.acquireWrite()) {
 *     if (hold.previousOwnerDied()) {
 *         repair();
 *         hold.markConsistent();
 *     }
 *     change();
 * }
 * }</pre>
 *
 * <p>A thread that holds it for writing may acquire it for reading, too, and so <em>downgrade</em>: it releases the write hold
 * and keeps the read hold. The reverse is refused, since two threads that did so would wait for each other. A thread that may
 * want to write after it has read acquires it for <em>updating</em>: others may read meanwhile, but neither update nor write,
 * and {@link UpdateHold#upgrade()} waits for them.
 *
 * <p><b>When a reader's process dies</b>, or closes its region, its read holds are released. <b>When a writer's process
 * dies</b>, the next thread gets the lock alone, be it for reading or writing, and {@link Hold#previousOwnerDied()} or
 * {@link ReadHold#previousOwnerDied()} is true: it must repair the data and call {@code markConsistent()}, or the lock is
 * poisoned when it is released. Waiting threads detect a death within about 100 ms plus the time that the kernel needs to tear
 * down that process. A suspended process keeps what it holds. A thread that terminates without releasing its holds is treated
 * as if its process had died, within about a second.
 *
 * <p>Phase-fair: readers that have waited for a writer come before the next writer, unless they need more than 10 ms to
 * continue, and readers that come while a writer waits for the present readers wait for it. Among writers it is not fair: a
 * newcomer may overtake.
 */
public final class SharedReadWriteLock {
    private final RobustReadWriteLock lock;
    private final ReadWriteLock jucLock;

    SharedReadWriteLock(RobustReadWriteLock lock) {
        this.lock = lock;
        jucLock = new ReadWriteLocks(lock);
    }

    /**
     * Acquires the lock for reading, blocking until no writer has it.
     *
     * @return the hold, to be closed by the same thread
     * @throws InterruptedException if interrupted before or while waiting; the lock is then not held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public ReadHold acquireRead() throws InterruptedException {
        lock.lockRead(Deadline.NEVER);
        return new ReadHold(lock);
    }

    /**
     * As {@link #acquireRead()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @return the hold, to be closed by the same thread
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public ReadHold acquireReadUninterruptibly() {
        Uninterruptibles.run(() -> lock.lockRead(Deadline.NEVER));
        return new ReadHold(lock);
    }

    /**
     * Acquires the lock for reading if no writer has it, or a dead one. Non-blocking.
     *
     * @return the hold, or null if a writer has it
     * @throws IllegalStateException if the region is closed
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced
     */
    public @Nullable ReadHold tryAcquireRead() {
        return lock.tryLockRead() ? new ReadHold(lock) : null;
    }

    /**
     * Acquires the lock for reading, waiting for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the hold, or null on timeout
     * @throws InterruptedException if interrupted before or while waiting; the lock is then not held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public @Nullable ReadHold tryAcquireRead(Duration wait) throws InterruptedException {
        return lock.lockRead(Deadline.after(wait)) ? new ReadHold(lock) : null;
    }

    /**
     * Acquires the lock for writing, blocking until no other thread has it.
     *
     * @return the hold, to be closed by the same thread
     * @throws InterruptedException if interrupted before or while waiting; the lock is then not held
     * @throws IllegalStateException if the current thread holds it for reading only, or the region is closed, before or while
     *     waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public Hold acquireWrite() throws InterruptedException {
        lock.lockWrite(Deadline.NEVER);
        return new Hold(lock);
    }

    /**
     * As {@link #acquireWrite()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @return the hold, to be closed by the same thread
     * @throws IllegalStateException if the current thread holds it for reading only, or the region is closed, before or while
     *     waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public Hold acquireWriteUninterruptibly() {
        Uninterruptibles.run(() -> lock.lockWrite(Deadline.NEVER));
        return new Hold(lock);
    }

    /**
     * Acquires the lock for writing if no other thread has it, or a dead writer. Non-blocking.
     *
     * @return the hold, or null if another thread has it, or the current thread has it for reading only
     * @throws IllegalStateException if the region is closed
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced
     */
    public @Nullable Hold tryAcquireWrite() {
        return lock.tryLockWrite() ? new Hold(lock) : null;
    }

    /**
     * Acquires the lock for writing, waiting for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the hold, or null on timeout
     * @throws InterruptedException if interrupted before or while waiting; the lock is then not held
     * @throws IllegalStateException if the current thread holds it for reading only, or the region is closed, before or while
     *     waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public @Nullable Hold tryAcquireWrite(Duration wait) throws InterruptedException {
        return lock.lockWrite(Deadline.after(wait)) ? new Hold(lock) : null;
    }

    /**
     * Acquires the lock for updating, blocking until no other thread has it for updating or writing. Others may read meanwhile.
     *
     * @return the hold, to be closed by the same thread
     * @throws InterruptedException if interrupted before or while waiting; the lock is then not held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public UpdateHold acquireUpdate() throws InterruptedException {
        lock.lockUpdate(Deadline.NEVER);
        return new UpdateHold(lock);
    }

    /**
     * As {@link #acquireUpdate()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @return the hold, to be closed by the same thread
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public UpdateHold acquireUpdateUninterruptibly() {
        Uninterruptibles.run(() -> lock.lockUpdate(Deadline.NEVER));
        return new UpdateHold(lock);
    }

    /**
     * Acquires the lock for updating if no other thread has it for updating or writing, or a dead writer. Non-blocking.
     *
     * @return the hold, or null if another thread has it for updating or writing; or if a writer died and another thread reads
     * @throws IllegalStateException if the region is closed
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced
     */
    public @Nullable UpdateHold tryAcquireUpdate() {
        return lock.tryLockUpdate() ? new UpdateHold(lock) : null;
    }

    /**
     * Acquires the lock for updating, waiting for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the hold, or null on timeout
     * @throws InterruptedException if interrupted before or while waiting; the lock is then not held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if a writer died and the data was not marked consistent
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, before or while waiting
     */
    public @Nullable UpdateHold tryAcquireUpdate(Duration wait) throws InterruptedException {
        return lock.lockUpdate(Deadline.after(wait)) ? new UpdateHold(lock) : null;
    }

    /**
     * Returns whether a dead writer left the data and it was not marked consistent since, as {@link Hold#previousOwnerDied()}:
     * for {@link #asReadWriteLock()}.
     *
     * @return true if the current thread has the lock alone and must check the data
     */
    public boolean previousOwnerDied() {
        return lock.mutex().isOwned() && lock.mutex().isOrphaned();
    }

    /**
     * Marks the data that the lock protects as consistent, as {@link Hold#markConsistent()}: for {@link #asReadWriteLock()}.
     *
     * @throws IllegalMonitorStateException if the current thread does not have the lock alone
     */
    public void markConsistent() {
        lock.markConsistent();
    }

    /**
     * Returns this lock as one of {@code java.util.concurrent}, with the same owners and counts of holds. Its methods throw the
     * same unchecked exceptions as those of this class. After each {@code lock()}, for reading or writing, check
     * {@link #previousOwnerDied()}. Conditions are not supported.
     *
     * @return the same lock each time
     */
    public ReadWriteLock asReadWriteLock() {
        return jucLock;
    }

    /**
     * Makes a poisoned lock usable, after the data that it protects was repaired or replaced.
     *
     * @return false if it was not poisoned
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this lock was removed, or the region was deleted or replaced
     */
    public boolean reset() {
        return lock.reset();
    }

    /**
     * Returns the current state: the writer or the readers, the number of waiting threads, and the number of deaths of writers
     * repaired. Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this lock was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return lock.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return lock.name();
    }

    @Override
    public String toString() {
        return lock.toString();
    }
}
