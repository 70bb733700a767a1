package org.processmanager.sync.internal.mutex;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.park.Deadline;

/** A mutex as a {@link Lock}. */
public final class MutexLock implements Lock {
    private final RobustMutex mutex;
    private final Supplier<? extends Condition> conditions;

    /** Locks that mutex, with conditions from that source. */
    public MutexLock(RobustMutex mutex, Supplier<? extends Condition> conditions) {
        this.mutex = mutex;
        this.conditions = conditions;
    }

    @Override
    public void lock() {
        Uninterruptibles.run(mutex::lock);
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        mutex.lock();
    }

    @Override
    public boolean tryLock() {
        return mutex.tryLock();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return mutex.tryLock(Deadline.after(Duration.ofNanos(unit.toNanos(time))));
    }

    @Override
    public void unlock() {
        mutex.unlock();
    }

    @Override
    public Condition newCondition() {
        return conditions.get();
    }

    @Override
    public String toString() {
        return "lock of " + mutex;
    }
}
