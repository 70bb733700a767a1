package org.processmanager.sync.internal.condition;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * The threads of one handle that wait for a condition, in order of arrival. The signals in the cell of this participant belong
 * to the threads that have waited longest.
 *
 * <p>One of the threads, the sleeper, sleeps on the wake word of the cell, in slices; the others are parked. Each time it wakes
 * it unparks the threads that have a signal. When it leaves, another one takes its place. A thread that no longer waits, because
 * it has a signal or gave up, remains in the cell until it has acquired the mutex: a signal that arrives meanwhile is its own.
 * Threads do not spin: a signaller needs the mutex, and often the processor, first.
 */
final class ConditionQueue extends SharedObject {
    /** A thread that waits. */
    static final class Waiter {
        private final Thread thread = Thread.currentThread();
        /** See {@link ConditionQueue#disturbances}; as they were before the thread released the mutex. */
        private long disturbances;

        private volatile boolean due;
        private boolean signalled;
        private boolean stopped;

        private Waiter(long disturbances) {
            this.disturbances = disturbances;
        }

        /** Returns whether it was signalled, or a signal may have been lost. */
        boolean mayReturn() {
            return due;
        }
    }

    private final RobustMutex mutex;
    private final int slot;
    private final WakeWord wakeWord;

    // Guarded by the lock.
    private final ReentrantLock lock = new ReentrantLock();
    /** Threads without a signal. */
    private final Set<Waiter> unsignalled = new LinkedHashSet<>();
    /** How many threads have one of the signals in the cell. */
    private int signalled;

    private long lastDisturbances;
    private @Nullable Waiter sleeper;

    ConditionQueue(SharedObject condition, RobustMutex mutex) {
        super(condition);
        this.mutex = mutex;
        slot = Participants.slot(self);
        wakeWord = new WakeWord(memory, parking, ConditionLayout.wakeWord(offset, slot));
    }

    private long word() {
        return ConditionLayout.wordVolatile(memory, offset, slot);
    }

    /** Adds the current thread, which owns the mutex. */
    Waiter enter() {
        ConditionLayout.raiseHighestSlot(memory, offset, slot);
        lock.lock();
        try {
            while (true) {
                long word = word();
                int waiting = ConditionLayout.isOf(word, self) ? ConditionLayout.waiting(word) : 0;
                int signals = waiting == 0 ? 0 : ConditionLayout.signals(word);
                if (waiting == ConditionLayout.MOST_WAITING) {
                    throw new IllegalStateException(this + " has " + waiting + " waiting threads (expected: at most "
                            + waiting + " of one process)");
                }
                region.checkMapped();
                long entered = ConditionLayout.word(self, waiting + 1, signals);
                if (ConditionLayout.casWord(memory, offset, slot, word, entered)) {
                    Waiter waiter = new Waiter(disturbances());
                    unsignalled.add(waiter);
                    return waiter;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Grows when a signal may have been lost: by the death of a signalled participant, or of an owner of the mutex. */
    private long disturbances() {
        return ConditionLayout.lostSignalsVolatile(memory, offset) + mutex.deaths();
    }

    /** Waits until the thread may return, or the deadline. */
    void await(Waiter waiter, Deadline deadline) throws InterruptedException {
        int wait = participants.beginWait(offset, WaitLayout.ACQUIRE, deadline);
        try {
            Slices slices = parking.slices();
            while (!deadline.isOver()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                boolean sleeps;
                lock.lock();
                try {
                    if (waiter.due) {
                        return;
                    }
                    sleeper = sleeper == null ? waiter : sleeper;
                    sleeps = sleeper == waiter;
                } finally {
                    lock.unlock();
                }
                if (sleeps) {
                    sleep(deadline, slices);
                } else {
                    parking.park(this, deadline.leftNanos());
                }
            }
        } finally {
            participants.endWait(offset, wait);
            stop(waiter);
        }
    }

    /** Sleeps for one slice, as the sleeper. */
    private void sleep(Deadline deadline, Slices slices) {
        int armed = wakeWord.arm();
        CrashPoint.reach("condition.flagged");
        if (assignSignals()) {
            return;
        }
        handle.checkUsable();
        mutex.checkUsable();
        if (slices.searchDead(deadline)) {
            region.checkOwnersOfProcess();
            region.watchOthers();
            region.repairDead();
        }
        long nanos = slices.nextNanos(deadline);
        if (nanos > 0) {
            wakeWord.await(armed, nanos);
            CrashPoint.reach("condition.woken");
        }
        assignSignals();
    }

    /** Wakes the threads of this handle that have a signal. */
    void wakeSignalled() {
        if (assignSignals()) {
            wakeWord.signalAll();
        }
    }

    /** Lets the threads that have a signal return, and all if a signal may have been lost; returns whether the sleeper is one. */
    private boolean assignSignals() {
        lock.lock();
        try {
            assignSignals(word());
            return sleeper != null && sleeper.due;
        } finally {
            lock.unlock();
        }
    }

    private void assignSignals(long word) {
        int signals = ConditionLayout.signals(word);
        while (signalled < signals && !unsignalled.isEmpty()) {
            Waiter longest = unsignalled.iterator().next();
            unsignalled.remove(longest);
            signalled++;
            longest.signalled = true;
            makeDue(longest);
        }
        long disturbances = disturbances();
        boolean poisoned = mutex.isPoisoned();
        if (disturbances != lastDisturbances || poisoned) {
            lastDisturbances = disturbances;
            for (Waiter waiter : unsignalled) {
                if (disturbances > waiter.disturbances || poisoned) {
                    makeDue(waiter);
                }
                // A death is counted for a moment by each process that tries to take the mutex over.
                waiter.disturbances = Math.min(waiter.disturbances, disturbances);
            }
        }
    }

    private void makeDue(Waiter waiter) {
        waiter.due = true;
        if (waiter != sleeper) {
            LockSupport.unpark(waiter.thread);
        }
    }

    /** Ends the wait of a thread; another one becomes the sleeper in its place. */
    private void stop(Waiter waiter) {
        lock.lock();
        try {
            waiter.stopped = true;
            if (sleeper == waiter) {
                sleeper = null;
            }
            if (sleeper == null) {
                for (Waiter next : unsignalled) {
                    if (!next.stopped && !next.due) {
                        LockSupport.unpark(next.thread);
                        return;
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes a thread and its signal. Without the mutex, which it failed to acquire, it passes the signal to all others. */
    void leave(Waiter waiter) {
        boolean owned = mutex.isOwned();
        lock.lock();
        try {
            while (!region.isClosed()) {
                long word = word();
                if (!ConditionLayout.isOf(word, self) || ConditionLayout.waiting(word) == 0) {
                    break;
                }
                assignSignals(word);
                if (waiter.signalled && !owned) {
                    ConditionLayout.addLostSignal(memory, offset);
                }
                long left = ConditionLayout.without(word, waiter.signalled);
                if (ConditionLayout.casWord(memory, offset, slot, word, left)) {
                    break;
                }
            }
            signalled -= waiter.signalled ? 1 : 0;
            unsignalled.remove(waiter);
        } finally {
            lock.unlock();
        }
    }
}
