package org.processmanager.sync;

import java.time.Duration;
import java.util.Date;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.condition.RobustCondition;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A condition of a {@link SharedMutex}, on which threads of all processes wait until another thread changes what the mutex
 * protects and signals it. A {@link Condition} like those of a {@code ReentrantLock}. Thread-safe.
 *
 * <pre>{@code
 * SharedCondition changed = mutex.condition("changed");
 * try (Hold hold = mutex.acquire()) {
 *     while (queue.isEmpty()) {
 *         changed.await();
 *     }
 *     take();
 * }
 * }</pre>
 *
 * <p>All methods that wait or signal require the mutex, and throw {@link IllegalMonitorStateException} without it. A wait
 * releases the mutex, with all holds of the thread, and acquires it again before it returns or throws; its {@link Hold}s are
 * then valid again. Only if that is impossible it throws without the mutex: {@link IllegalStateException} if the region was
 * closed, {@link RegionException} if the region was deleted or replaced or the mutex removed, and
 * {@link MutexPoisonedException}.
 *
 * <p>A wait may return without a signal, so it belongs in a loop that checks the state. That happens after a death only: a
 * thread does not return because others were signalled. A signal goes to the thread that has waited longest in its process;
 * processes get signals in turn. A thread that is signalled while it is interrupted or times out returns normally.
 *
 * <p><b>When a waiting process dies</b>, a signal that it had received is not lost: the other waiting threads return. <b>When
 * an owner of the mutex dies</b>, before or after it signalled, all waiting threads return, too, and the next owner of the
 * mutex gets true from {@link Hold#previousOwnerDied()}, as after {@link SharedMutex#acquire()}: check it after each wait. A
 * thread that waits before it has marked the data consistent leaves that to the next owner. Waiting threads detect a death
 * within about 100 ms plus the time that the kernel needs to tear down that process.
 */
public final class SharedCondition implements Condition {
    private final RobustCondition condition;

    SharedCondition(RobustCondition condition) {
        this.condition = condition;
    }

    /**
     * Waits for a signal.
     *
     * @throws InterruptedException if interrupted before or while waiting; the mutex is held all the same
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if meanwhile an owner died and the data was not marked consistent
     * @throws RegionException if this condition or its mutex was removed, or the region was deleted or replaced, before or
     *     while waiting
     */
    @Override
    public void await() throws InterruptedException {
        condition.await(Deadline.NEVER);
    }

    /**
     * As {@link #await()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if meanwhile an owner died and the data was not marked consistent
     * @throws RegionException if this condition or its mutex was removed, or the region was deleted or replaced, before or
     *     while waiting
     */
    @Override
    public void awaitUninterruptibly() {
        Uninterruptibles.run(() -> condition.await(Deadline.NEVER));
    }

    /**
     * Waits for a signal, for at most a given time; acquiring the mutex again may take longer.
     *
     * @param wait on the monotonic clock; zero or less does not wait and keeps the mutex
     * @return false on timeout
     * @throws InterruptedException if interrupted before or while waiting; the mutex is held all the same
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws MutexPoisonedException if meanwhile an owner died and the data was not marked consistent
     * @throws RegionException if this condition or its mutex was removed, or the region was deleted or replaced, before or
     *     while waiting
     */
    public boolean await(Duration wait) throws InterruptedException {
        return condition.await(Deadline.after(wait));
    }

    /**
     * Waits for a signal, for at most a given time; as {@link #await(Duration)}.
     *
     * @param time to wait at most
     * @param unit of the time
     * @return false on timeout
     * @throws InterruptedException if interrupted before or while waiting; the mutex is held all the same
     */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return await(Duration.ofNanos(Objects.requireNonNull(unit, "unit").toNanos(time)));
    }

    /**
     * Waits for a signal, for at most a given time; as {@link #await(Duration)}.
     *
     * @param nanosTimeout nanoseconds to wait at most; zero or less does not wait and keeps the mutex
     * @return what is left of that time, zero or less on timeout
     * @throws InterruptedException if interrupted before or while waiting; the mutex is held all the same
     */
    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        Deadline deadline = Deadline.after(Duration.ofNanos(nanosTimeout));
        return condition.await(deadline) ? deadline.leftNanos() : Math.min(0, nanosTimeout);
    }

    /**
     * Waits for a signal until a given time; as {@link #await(Duration)} with the time from now until then: setting the clock
     * meanwhile has no effect.
     *
     * @param deadline to wait until
     * @return false on timeout
     * @throws InterruptedException if interrupted before or while waiting; the mutex is held all the same
     */
    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        long until = Objects.requireNonNull(deadline, "deadline").getTime();
        return await(Duration.ofMillis(until).minusMillis(System.currentTimeMillis()));
    }

    /**
     * Wakes one waiting thread, if there is any.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this condition or its mutex was removed, or the region was deleted or replaced
     */
    @Override
    public void signal() {
        condition.signal();
    }

    /**
     * Wakes all waiting threads.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this condition or its mutex was removed, or the region was deleted or replaced
     */
    @Override
    public void signalAll() {
        condition.signalAll();
    }

    /**
     * Returns how many threads of live processes wait and have not been signalled. Does not require the mutex.
     *
     * @return the current number, which may change at any time unless the mutex is held
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this condition was removed, or the region was deleted or replaced
     */
    public int waiters() {
        return condition.waiters();
    }

    /**
     * Returns the current state: the number of waiting threads, and the number of deaths of waiting processes repaired. Writes
     * nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this condition was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return condition.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return condition.name();
    }

    @Override
    public String toString() {
        return condition.toString();
    }
}
