package org.processmanager.sync;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.mutex.MutexLock;
import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A mutex between processes and their threads. It is reentrant and owned by the thread, platform or virtual, that acquired it.
 * Two handles of one region exclude each other even within one JVM and one thread. Thread-safe.
 *
 * <p><b>When the owner's process dies</b>, or closes its region, a waiting thread or the next one that acquires takes the
 * mutex over: {@link Hold#previousOwnerDied()} is then true. Waiting threads detect the death within about 100 ms
 * plus the time that the kernel needs to tear down that process. A suspended process keeps its mutex. The death of a
 * waiting process has no effect on others.
 *
 * <p><b>When the owner's thread terminates</b> without releasing the mutex, it is taken over in the same way. Threads
 * of the owner's process detect a terminated owner within 100 ms, other processes within about a second. A hold that a live
 * thread never closes stays held.
 *
 * <p>Not fair: a newcomer may overtake waiting threads. Threads that wait through one handle acquire in order of arrival.
 */
public final class SharedMutex {
    private final RobustMutex mutex;
    private final RegionObject object;
    private final ObjectHandles objects;

    private final Lock lock;
    private final AtomicInteger newConditions = new AtomicInteger();

    SharedMutex(RobustMutex mutex, RegionObject object, ObjectHandles objects) {
        this.mutex = mutex;
        this.object = object;
        this.objects = objects;
        lock = new MutexLock(mutex, () -> condition(name() + ".condition-" + newConditions.incrementAndGet()));
    }

    /**
     * Acquires the mutex, blocking until it is free or its owner is dead.
     *
     * @return the hold, to be closed by the same thread
     * @throws InterruptedException if interrupted before or while waiting; the mutex is then not held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if an earlier owner died and the data was not marked consistent
     * @throws RegionException if this mutex was removed, or the region was deleted or replaced, before or while waiting
     */
    public Hold acquire() throws InterruptedException {
        mutex.lock();
        return new Hold(mutex);
    }

    /**
     * As {@link #acquire()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @return the hold, to be closed by the same thread
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if an earlier owner died and the data was not marked consistent
     * @throws RegionException if this mutex was removed, or the region was deleted or replaced, before or while waiting
     */
    public Hold acquireUninterruptibly() {
        Uninterruptibles.run(mutex::lock);
        return new Hold(mutex);
    }

    /**
     * Acquires the mutex if it is free or its owner is dead. Non-blocking.
     *
     * @return the hold, or null if another thread owns the mutex
     * @throws IllegalStateException if the region is closed
     * @throws MutexPoisonedException if an earlier owner died and the data was not marked consistent
     */
    public @Nullable Hold tryAcquire() {
        return mutex.tryLock() ? new Hold(mutex) : null;
    }

    /**
     * Acquires the mutex, waiting for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the hold, or null on timeout
     * @throws InterruptedException if interrupted before or while waiting; the mutex is then not held
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if an earlier owner died and the data was not marked consistent
     * @throws RegionException if this mutex was removed, or the region was deleted or replaced, before or while waiting
     */
    public @Nullable Hold tryAcquire(Duration wait) throws InterruptedException {
        return mutex.tryLock(Deadline.after(wait)) ? new Hold(mutex) : null;
    }

    /**
     * Runs an action while holding the mutex. If the previous owner died, the action must check {@link #previousOwnerDied()}
     * and call {@link #markConsistent()}; otherwise the mutex is poisoned when it is released.
     *
     * @param action what to run; its exceptions are thrown to the caller after the mutex is released
     * @throws InterruptedException if interrupted before or while waiting; the action is then not run
     * @throws IllegalStateException if the region is closed, before or while waiting or in the action
     * @throws MutexPoisonedException if an earlier owner died and the data was not marked consistent
     * @throws RegionException if this mutex was removed, or the region was deleted or replaced, before or while waiting
     */
    public void run(Runnable action) throws InterruptedException {
        Objects.requireNonNull(action, "action");
        try (Hold hold = acquire()) {
            action.run();
        }
    }

    /**
     * Runs an action that returns a result or throws a checked exception, as {@link #run} does.
     *
     * @param action what to run; its exceptions are thrown to the caller after the mutex is released
     * @param <T> the type of the result
     * @return the result of the action
     * @throws InterruptedException if interrupted before or while waiting; the action is then not run
     * @throws IllegalStateException if the region is closed, before or while waiting or in the action
     * @throws MutexPoisonedException if an earlier owner died and the data was not marked consistent
     * @throws RegionException if this mutex was removed, or the region was deleted or replaced, before or while waiting
     * @throws Exception if the action throws it
     */
    public <T extends @Nullable Object> T call(Callable<T> action) throws Exception {
        Objects.requireNonNull(action, "action");
        try (Hold hold = acquire()) {
            return action.call();
        }
    }

    /**
     * Opens a condition of this mutex, or creates it. It is an object of the region, which {@link SharedMemory#remove} removes.
     *
     * @param name as that of a region; unique among the objects of all types
     * @return the condition, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if the name belongs to an object of another type or to a condition of another mutex, or there is
     *     no room: it takes 64 bytes for each participant that the region has room for
     */
    public SharedCondition condition(String name) {
        return objects.condition(name, mutex, object);
    }

    /**
     * Returns whether the current thread owns the mutex through this handle.
     *
     * @return true if it has at least one hold
     */
    public boolean isHeldByCurrentThread() {
        return mutex.isOwned();
    }

    /**
     * Returns whether the mutex was taken over from a dead owner and the data was not marked consistent since, as
     * {@link Hold#previousOwnerDied()}: for {@link #asLock()} and {@link #run}.
     *
     * @return true if the data must be checked
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public boolean previousOwnerDied() {
        return mutex.previousOwnerDied();
    }

    /**
     * Marks the data that the mutex protects as consistent, as {@link Hold#markConsistent()}: for {@link #asLock()} and
     * {@link #run}.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public void markConsistent() {
        mutex.markConsistent();
    }

    /**
     * Returns this mutex as a lock of {@code java.util.concurrent}, with the same owner and the same count of holds. Its
     * methods throw the same unchecked exceptions as those of this class. After each {@code lock()}, and after each wait for a
     * condition, check {@link #previousOwnerDied()}: if it is true, unlocking without {@link #markConsistent()} poisons the
     * mutex.
     *
     * <p>The n-th call of {@code newCondition()} through a region handle opens the {@link SharedCondition} with the name of
     * this mutex and the suffix {@code .condition-n}. So processes share these conditions if each opens the same ones in the
     * same order. They remain in the region: call it once for each condition, and keep the result.
     *
     * @return the same lock each time
     */
    public Lock asLock() {
        return lock;
    }

    /**
     * Makes a poisoned mutex usable, after the data that it protects was repaired or replaced.
     *
     * @return false if it was not poisoned
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this mutex was removed, or the region was deleted or replaced
     */
    public boolean reset() {
        return mutex.reset();
    }

    /**
     * Returns the current state: the owner and since when, the number of waiting threads, and the number of deaths repaired.
     * Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this mutex was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return mutex.snapshot();
    }

    /**
     * Returns the name by which it was opened.
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
