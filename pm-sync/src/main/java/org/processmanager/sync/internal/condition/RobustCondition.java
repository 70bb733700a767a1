package org.processmanager.sync.internal.condition;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.StackSpace;
import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.mutex.SuspendedHolds;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A condition of a {@link RobustMutex}. A signal is given to a participant, in its cell; within the participant it belongs to
 * the thread that has waited longest ({@link ConditionQueue}).
 *
 * <p>A thread enters the cell before it releases the mutex, and leaves it, with its signal, after it has acquired the mutex
 * again. So at any moment a signal is in the cell of a live participant, or the thread that has it owns the mutex. A participant
 * that dies with a signal in its cell has lost it: its repairer counts that, and all waiting threads return. They also return
 * when an owner of the mutex has died, which may have been about to signal.
 *
 * <p>A thread returns only with a signal, or if one may have been lost, at its deadline or when it is interrupted: not because
 * it woke at the end of a slice. A thread that finds a signal after its deadline or an interrupt consumes it; if one may have
 * been lost, it returns all the same.
 *
 * <p>The cells are changed by compare-and-set, since a dead participant's cell is cleared without the mutex; participants are
 * signalled in turn. Their threads are woken when the mutex has been released, since they need it. A signaller that dies before
 * delays them by one slice.
 *
 * <p>Crash points: {@code condition.entered} (in the cell, the mutex owned), {@code condition.released} (not asleep),
 * {@code condition.flagged} (armed, not asleep), {@code condition.woken} (the mutex not acquired), {@code condition.acquired}
 * (still in the cell), {@code condition.left}, {@code condition.signalled} (before the wake-up).
 */
public final class RobustCondition extends SharedObject {
    private final RobustMutex mutex;
    private final int ownSlot;
    private final ConditionQueue queue;
    /** The same each time, by which the mutex knows it. */
    private final Runnable wakeSignalled = this::wakeSignalled;

    /** Uses a condition of that mutex. */
    public RobustCondition(Region region, RegionObject object, RobustMutex mutex) {
        super(region, object);
        this.mutex = mutex;
        ownSlot = Participants.slot(self);
        queue = new ConditionQueue(this, mutex);
    }

    /**
     * Releases the mutex, waits for a signal, and acquires the mutex again.
     *
     * @return false on timeout
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public boolean await(Deadline deadline) throws InterruptedException {
        checkOwned();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (deadline.isOver()) {
            return false;
        }
        boolean interrupted = false;
        StackSpace.requireForWait(); // also for acquiring the mutex again
        ConditionQueue.Waiter waiter = queue.enter();
        try {
            CrashPoint.reach("condition.entered");
            SuspendedHolds holds = mutex.suspend();
            CrashPoint.reach("condition.released");
            try {
                queue.await(waiter, deadline);
            } catch (InterruptedException e) {
                interrupted = true;
            } finally {
                mutex.resume(holds);
                CrashPoint.reach("condition.acquired");
            }
        } finally {
            queue.leave(waiter);
        }
        CrashPoint.reach("condition.left");
        if (interrupted) {
            if (!waiter.mayReturn()) {
                throw new InterruptedException();
            }
            Thread.currentThread().interrupt();
        }
        return waiter.mayReturn();
    }

    /**
     * Wakes one waiting thread, if there is any.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public void signal() {
        checkOwned();
        int highest = highestSlot();
        int last = ConditionLayout.lastSlotPlain(memory, offset);
        for (int i = 0; i < highest; i++) {
            int slot = Math.floorMod(last + i, highest) + 1;
            if (give(slot, false)) {
                ConditionLayout.lastSlotPlain(memory, offset, slot);
                mutex.whenReleased(wakeSignalled);
                break;
            }
        }
        handle.checkUsable();
    }

    /**
     * Wakes all waiting threads.
     *
     * @throws IllegalMonitorStateException if the current thread does not own the mutex
     */
    public void signalAll() {
        checkOwned();
        int highest = highestSlot();
        for (int slot = 1; slot <= highest; slot++) {
            if (give(slot, true)) {
                mutex.whenReleased(wakeSignalled);
            }
        }
        handle.checkUsable();
    }

    private int highestSlot() {
        return Math.min(ConditionLayout.highestSlotVolatile(memory, offset), region.slots());
    }

    /** Gives a signal to a participant, or as many as its threads need; returns false if they need none. */
    private boolean give(int slot, boolean all) {
        while (true) {
            long word = ConditionLayout.wordVolatile(memory, offset, slot);
            int waiting = ConditionLayout.waiting(word);
            int signals = ConditionLayout.signals(word);
            if (signals >= waiting) {
                return false;
            }
            region.checkMapped();
            long given = ConditionLayout.withSignals(word, all ? waiting : signals + 1);
            if (ConditionLayout.casWord(memory, offset, slot, word, given)) {
                CrashPoint.reach("condition.signalled");
                return true;
            }
        }
    }

    /** Wakes all threads that have a signal and still sleep: whatever gave them their signals. */
    private void wakeSignalled() {
        int highest = region.isClosed() ? 0 : highestSlot();
        for (int slot = 1; slot <= highest; slot++) {
            if (ConditionLayout.signals(ConditionLayout.wordVolatile(memory, offset, slot)) == 0) {
                continue;
            }
            if (slot == ownSlot) {
                queue.wakeSignalled();
            } else {
                new WakeWord(memory, parking, ConditionLayout.wakeWord(offset, slot)).signalAll();
            }
        }
    }

    /** Returns how many threads of live participants wait and have not been signalled. */
    public int waiters() {
        int waiters = 0;
        int highest = highestSlot();
        for (int slot = 1; slot <= highest; slot++) {
            long word = ConditionLayout.wordVolatile(memory, offset, slot);
            int waiting = ConditionLayout.waiting(word) - ConditionLayout.signals(word);
            if (waiting > 0 && !participants.isDead(slot, ConditionLayout.generation(word))) {
                waiters += waiting;
            }
        }
        handle.checkUsable(); // after reading the words, since closing makes them 0
        return waiters;
    }

    private void checkOwned() {
        handle.checkUsable();
        mutex.checkUsable();
        if (!mutex.isOwned()) {
            throw new IllegalMonitorStateException(this + " is used without its mutex '" + mutex.name()
                    + "', which thread " + Thread.currentThread().getName() + " does not hold; acquire it first");
        }
    }
}
