package org.processmanager.sync.internal.rwlock;

import java.time.Duration;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.BroadcastWaiting;
import org.processmanager.sync.internal.wait.Goal;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * The gate of a read-write lock, which the owner of its mutex closes for readers, and their holds, counted for each participant.
 *
 * <p>A reader counts itself first and then looks at the gate; a writer closes the gate first and then looks at the counts: one
 * of them sees the other (Dekker). A reader that finds the gate closed takes its count back and waits. Since each participant
 * has a count of its own, that of a dead one can be cleared: one count for all could not be corrected.
 *
 * <p>Phase-fair: before it closes the gate, a writer lets readers in that have waited for the previous writer; for a limited
 * time, since they may be suspended. The order is that of B. Brandenburg and J. Anderson, "Spin-Based Reader-Writer
 * Synchronization for Multiprocessor Real-Time Systems".
 *
 * <p>Crash points: {@code rwlock.counted} (a reader, before it looks at the gate), {@code rwlock.closed} (a writer, before it
 * looks at the counts), {@code rwlock.opened} (before the wake-up), {@code rwlock.reader-flagged},
 * {@code rwlock.reader-woken}, {@code rwlock.writer-flagged}, {@code rwlock.writer-woken}.
 */
final class Gate extends SharedObject {
    private static final Duration LONGEST_COURTESY = Duration.ofMillis(10);

    private final WakeWord readersWord;
    private final WakeWord writerWord;
    private final BroadcastWaiting readersWaiting;
    private final BroadcastWaiting writerWaiting;
    private final int slot;
    private final int slots;
    private final Goal noneWaits = new NoneWaits();
    /** The word as the owner of the mutex closed it, 0 if it did not: saves it from reading the word before it opens the gate. */
    private long closed;

    /** The gate of a lock that has cells for that number of slots. */
    Gate(SharedObject lock, int slots) {
        super(lock);
        this.slots = slots;
        readersWord = new WakeWord(memory, parking, ReadWriteLayout.readersWakeWord(offset));
        writerWord = new WakeWord(memory, parking, ReadWriteLayout.writerWakeWord(offset));
        readersWaiting = new BroadcastWaiting(
                this, readersWord, WaitLayout.READ, "rwlock.reader-flagged", "rwlock.reader-woken");
        writerWaiting = new BroadcastWaiting(
                this, writerWord, WaitLayout.AWAIT_READERS, "rwlock.writer-flagged", "rwlock.writer-woken");
        slot = Participants.slot(self);
        ReadWriteLayout.enroll(memory, offset, slot, self);
    }

    long word() {
        return ReadWriteLayout.gateVolatile(memory, offset);
    }

    boolean isClosed() {
        return ReadWriteLayout.isClosed(word());
    }

    // ---- for readers

    /** Counts a read hold, unless the gate is closed. */
    boolean tryEnter() {
        count();
        if (isClosed()) {
            leave(1);
            return false;
        }
        return true;
    }

    /** Counts a read hold, also if the gate is closed: for a thread that has another hold already. */
    void enter() {
        count();
    }

    private void count() {
        region.checkMapped();
        ReadWriteLayout.addHolds(memory, offset, slot, 1);
        CrashPoint.reach("rwlock.counted");
        if (handle.isUnusable()) {
            leave(1);
            handle.checkUsable();
        }
    }

    /** Takes back holds of this participant. */
    void leave(int holds) {
        region.checkMapped();
        if (ReadWriteLayout.addHolds(memory, offset, slot, -holds) == 0 && isClosed()) {
            writerWord.signalAll();
        }
    }

    /** Waits to enter, so that writers can see it; returns false on timeout. */
    boolean await(Deadline deadline, Goal entry) throws InterruptedException {
        ReadWriteLayout.addWaiting(memory, offset, slot, 1);
        try {
            return readersWaiting.until(deadline, entry);
        } finally {
            if (!region.isClosed()) {
                ReadWriteLayout.addWaiting(memory, offset, slot, -1);
                writerWord.signalAll();
            }
        }
    }

    // ---- for the owner of the mutex

    /** Lets readers in that have waited for the previous writer. */
    void letWaitingIn() throws InterruptedException {
        if (!noneWaits.attempt()) {
            writerWaiting.until(Deadline.after(LONGEST_COURTESY), noneWaits);
        }
    }

    /** Closes the gate; {@code open} is its word. */
    void close(long open) {
        long word = open;
        while (!ReadWriteLayout.casGate(memory, offset, word, ReadWriteLayout.closed(word))) {
            word = word();
        }
        closed = ReadWriteLayout.closed(word);
        CrashPoint.reach("rwlock.closed");
    }

    void openIfClosed() {
        long expected = closed;
        closed = 0;
        if (expected != 0 && openIf(expected)) {
            return;
        }
        long word = word();
        while (ReadWriteLayout.isClosed(word) && !openIf(word)) {
            word = word();
        }
    }

    /** Opens the gate and wakes the readers, if its word is the expected one; else returns false. */
    boolean openIf(long expected) {
        if (!ReadWriteLayout.casGate(memory, offset, expected, ReadWriteLayout.opened(expected))) {
            return false;
        }
        CrashPoint.reach("rwlock.opened");
        readersWord.signalAll();
        return true;
    }

    /** Returns whether no thread reads, except for holds of the current one. */
    boolean isDrained(int mine) {
        int highest = Math.min(slots, ReadWriteLayout.highestSlotVolatile(memory, offset));
        for (int other = 1; other <= highest; other++) {
            if (ReadWriteLayout.holdsVolatile(memory, offset, other) > (other == slot ? mine : 0)) {
                return false;
            }
        }
        region.checkOpen(); // after reading the counts, since closing makes all words 0
        return true;
    }

    /** Waits until no thread reads, except for holds of the current one; returns false on timeout. */
    boolean awaitDrained(Deadline deadline, int mine) throws InterruptedException {
        return isDrained(mine) || writerWaiting.until(deadline, new Drained(mine));
    }

    private boolean isNoneWaiting() {
        int highest = Math.min(slots, ReadWriteLayout.highestSlotVolatile(memory, offset));
        for (int other = 1; other <= highest; other++) {
            if (ReadWriteLayout.waitingVolatile(memory, offset, other) > 0) {
                return false;
            }
        }
        return true;
    }

    private final class NoneWaits implements Goal {
        @Override
        public boolean attempt() {
            return isNoneWaiting();
        }

        @Override
        public void searchDead() {
            region.repairDead();
        }
    }

    private final class Drained implements Goal {
        private final int mine;

        Drained(int mine) {
            this.mine = mine;
        }

        @Override
        public boolean attempt() {
            return isDrained(mine);
        }

        @Override
        public void searchDead() {
            region.checkOwnersOfProcess();
            region.repairDead();
        }
    }
}
