package org.processmanager.sync.internal.semaphore;

import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.ARRIVING;
import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.PASSED_OVER;
import static org.processmanager.sync.internal.semaphore.SemaphoreLayout.QUEUED;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.StackSpace;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.Waiting;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * The threads of all processes that wait for a fair semaphore, in order of arrival.
 *
 * <p>A thread that arrives draws a ticket by the compare-and-set of the semaphore's word that also sets WAITERS: from then on
 * threads without a ticket acquire nothing, except by {@code tryAcquire()}. The threads of a handle queue here, and the first
 * has its ticket in the place of this participant. The lowest ticket of all places is in turn, and its thread acquires as any
 * thread does. So a permit is never given to a waiter, which might be dead, and a place without a live owner is only skipped.
 *
 * <p>Releasing wakes the participant that is in turn. A thread that leaves the queue, for whatever reason, wakes the next one if
 * there is a permit. It clears WAITERS if all places are empty, and no ticket was drawn since before it looked: the place of a
 * participant is taken before its first ticket is drawn.
 *
 * <p>The place of a dead participant is cleared by repair, or by the first thread of another one before it sleeps. A participant
 * in turn that does not take its permit for a second, since its process is suspended, is passed over until it runs again.
 *
 * <p>Crash points: {@code semaphore.arriving} (the place is taken, no ticket drawn), {@code semaphore.ticket} (drawn, not in the
 * place), {@code semaphore.flagged} (armed, not asleep), {@code semaphore.woken}, {@code semaphore.left} (no longer queued, the
 * next one was not woken).
 */
final class FairQueue extends SharedObject {
    private static final int NONE = 0;
    private static final long LONGEST_COURTESY_NANOS = 1_000_000_000;

    private final CountingSemaphore semaphore;
    private final int slots;
    private final int slot;
    private final Waiting waiting;

    /** Held for a few instructions. */
    private final ReentrantLock lock = new ReentrantLock();
    /** In order of their tickets. Guarded by the lock. */
    private final Set<Waiter> waiters = new LinkedHashSet<>();

    /** The queue of a semaphore that has places for that number of slots. */
    FairQueue(CountingSemaphore semaphore, int slots) {
        super(semaphore);
        this.semaphore = semaphore;
        this.slots = slots;
        slot = Participants.slot(self);
        WakeWord wakeWord = new WakeWord(memory, parking, SemaphoreLayout.wakeWord(offset, slot));
        waiting = new Waiting(this, wakeWord, "semaphore.flagged", "semaphore.woken");
        SemaphoreLayout.raiseHighestSlot(memory, offset, slot);
    }

    /** Waits for a permit; returns false on timeout. */
    boolean acquire(Deadline deadline) throws InterruptedException {
        StackSpace.requireForWait();
        Waiter me = enter();
        try {
            return awaitPermit(me, deadline);
        } finally {
            leave(me);
        }
    }

    /** Waits for a permit; an interrupt does not cost the caller its turn. */
    void acquireUninterruptibly() {
        StackSpace.requireForWait();
        Waiter me = enter();
        try {
            Uninterruptibles.run(() -> awaitPermit(me, Deadline.NEVER));
        } finally {
            leave(me);
        }
    }

    private boolean awaitPermit(Waiter me, Deadline deadline) throws InterruptedException {
        return awaitFirst(me, deadline) && waiting.until(deadline, me);
    }

    private Waiter enter() {
        region.checkMapped();
        lock.lock();
        try {
            boolean first = waiters.isEmpty();
            if (first) {
                arrive();
                CrashPoint.reach("semaphore.arriving");
            }
            Waiter me = new Waiter(semaphore.drawTicket(), lock.newCondition());
            CrashPoint.reach("semaphore.ticket");
            if (first) {
                replacePlace(me.place(QUEUED));
            }
            waiters.add(me);
            return me;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Waiter me) {
        boolean first;
        lock.lock();
        try {
            first = isFirst(me);
            waiters.remove(me);
            if (first) {
                Waiter next = waiters.isEmpty() ? null : waiters.iterator().next();
                if (!region.isClosed()) {
                    replacePlace(next == null ? 0 : next.place(QUEUED));
                }
                if (next != null) {
                    next.becomesFirst.signal();
                }
            }
        } finally {
            lock.unlock();
        }
        if (first && !region.isClosed()) {
            CrashPoint.reach("semaphore.left");
            passOn();
        }
    }

    private boolean isFirst(Waiter waiter) {
        return waiters.iterator().next() == waiter;
    }

    /** Waits until the thread is the first one of this handle; returns false on timeout. */
    private boolean awaitFirst(Waiter me, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return isFirst(me) || awaitTurn(me, deadline);
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitTurn(Waiter me, Deadline deadline) throws InterruptedException {
        int wait = participants.beginWait(offset, WaitLayout.ACQUIRE, deadline);
        try {
            while (!isFirst(me)) {
                if (deadline == Deadline.NEVER) {
                    me.becomesFirst.await();
                } else if (me.becomesFirst.awaitNanos(deadline.leftNanos()) <= 0 && !isFirst(me)) {
                    return false;
                }
            }
            return true;
        } finally {
            participants.endWait(offset, wait);
        }
    }

    /** Wakes the participant that is in turn if there is a permit. Clears WAITERS if none is queued. */
    void passOn() {
        while (true) {
            long word = SemaphoreLayout.wordVolatile(memory, offset);
            int next = next();
            if (next == NONE) {
                if (!SemaphoreLayout.hasWaiters(word)
                        || SemaphoreLayout.casWord(memory, offset, word, SemaphoreLayout.withoutWaiters(word))) {
                    return;
                }
            } else if (SemaphoreLayout.state(place(next)) == QUEUED || !clearIfDead(next)) {
                if (SemaphoreLayout.permits(word) > 0) {
                    new WakeWord(memory, parking, SemaphoreLayout.wakeWord(offset, next)).signal();
                }
                return;
            }
        }
    }

    /** Returns the slot that is in turn; if none is queued, one that is arriving or was passed over, or {@link #NONE}. */
    private int next() {
        int next = NONE;
        int ticket = 0;
        boolean queued = false;
        int highest = Math.min(slots, SemaphoreLayout.highestSlotVolatile(memory, offset));
        for (int other = 1; other <= highest; other++) {
            long place = place(other);
            if (place == 0) {
                continue;
            }
            boolean isQueued = SemaphoreLayout.state(place) == QUEUED;
            if (next == NONE || (isQueued && (!queued || SemaphoreLayout.ticket(place) - ticket < 0))) {
                next = other;
                ticket = SemaphoreLayout.ticket(place);
                queued = isQueued;
            }
        }
        return next;
    }

    private long place(int other) {
        return SemaphoreLayout.placeVolatile(memory, offset, other);
    }

    /** Takes the place of this participant, which may name an earlier one of the slot. */
    private void arrive() {
        long mine = SemaphoreLayout.place(0, ARRIVING, self);
        while (!SemaphoreLayout.casPlace(memory, offset, slot, place(slot), mine)) {
            Thread.onSpinWait();
        }
    }

    /** Replaces the place of this participant, unless its handle was closed, and the place cleared. */
    private void replacePlace(long place) {
        long found;
        do {
            found = place(slot);
        } while (SemaphoreLayout.participant(found) == self
                && !SemaphoreLayout.casPlace(memory, offset, slot, found, place));
    }

    private boolean clearIfDead(int other) {
        long place = place(other);
        int owner = SemaphoreLayout.participant(place);
        if (place == 0 || (Participants.slot(owner) == other && !isDead(owner))) {
            return false;
        }
        SemaphoreLayout.casPlace(memory, offset, other, place, 0);
        region.repairQuietly(owner);
        return true;
    }

    /** A thread in the queue; its goal is to acquire when it is in turn. */
    private final class Waiter implements Waiting.OneByOne {
        private final int ticket;
        private final Condition becomesFirst;
        /** The place that is in turn and did not take its permit, and since when; 0 if there is none. */
        private long idle;

        private long idleSinceNanos;

        Waiter(int ticket, Condition becomesFirst) {
            this.ticket = ticket;
            this.becomesFirst = becomesFirst;
        }

        long place(int state) {
            return SemaphoreLayout.place(ticket, state, self);
        }

        @Override
        public boolean attempt() {
            if (FairQueue.this.place(slot) != place(QUEUED)) {
                replacePlace(place(QUEUED)); // it was passed over
            }
            return semaphore.hasPermits() && next() == slot && semaphore.tryAcquire();
        }

        @Override
        public boolean isOpen() {
            return false; // leaving the queue wakes the next one
        }

        @Override
        public void searchDead() {
            int next = next();
            if (next == NONE || next == slot) {
                idle = 0;
            } else if (clearIfDead(next)) {
                passOn();
            } else {
                long place = FairQueue.this.place(next);
                region.watchOwner(SemaphoreLayout.participant(place));
                if (isIdleTooLong(place)) {
                    SemaphoreLayout.casPlace(
                            memory,
                            offset,
                            next,
                            place,
                            SemaphoreLayout.place(
                                    SemaphoreLayout.ticket(place), PASSED_OVER, SemaphoreLayout.participant(place)));
                    passOn();
                }
            }
        }

        private boolean isIdleTooLong(long place) {
            if (SemaphoreLayout.state(place) != QUEUED || !semaphore.hasPermits()) {
                idle = 0;
                return false;
            }
            long now = System.nanoTime();
            if (place != idle) {
                idle = place;
                idleSinceNanos = now;
            }
            return now - idleSinceNanos > LONGEST_COURTESY_NANOS;
        }
    }
}
