package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;

import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.BufferEndedException;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.BroadcastWaiting;
import org.processmanager.sync.internal.wait.Goal;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A run of a buffer, from its creation or reopening to its end, and whether all of its items are done: no cell is in use.
 *
 * <p>That is so at the moment between two scans which find the same laps, and all cells free. A party that frees a cell while
 * others wait for that moment scans as well, and wakes them if it has come. Each scan begins at the cell at which the last one
 * stopped, since that is likely to be in use still.
 */
final class BufferRun extends SharedObject {
    private final Cells cells;
    private final WakeWord filled;
    private final WakeWord room;
    private final WakeWord idle;
    private final BroadcastWaiting joiners;
    /** The index of a cell that was in use lately. */
    private volatile int busy;

    BufferRun(SharedObject buffer, Cells cells, WakeWord filled, WakeWord room) {
        super(buffer);
        this.cells = cells;
        this.filled = filled;
        this.room = room;
        idle = new WakeWord(memory, parking, BufferLayout.idle(offset));
        joiners = new BroadcastWaiting(this, idle, "buffer.flagged", "buffer.woken");
    }

    /** Returns the number of the run; see {@link BufferLayout#isEnded}. */
    int number() {
        return BufferLayout.runVolatile(memory, offset);
    }

    boolean isEnded() {
        return BufferLayout.isEnded(number());
    }

    void checkNotEnded() {
        if (isEnded()) {
            handle.checkOpen();
            throw new BufferEndedException("cannot put an item: " + this
                    + " was ended; call reopen() for another run when its items are done");
        }
    }

    /** Lets no item be put any longer, and wakes all waiting threads. */
    void end() {
        int number;
        do {
            handle.checkUsable();
            number = number();
        } while (!BufferLayout.isEnded(number) && !BufferLayout.casRun(memory, offset, number, number + 1));
        CrashPoint.reach("buffer.ended");
        filled.signalAll(); // also if it was ended before, by a process that may have died here
        room.signalAll();
        handle.checkUsable();
    }

    /** Begins the next run; returns false if this one was not ended. */
    boolean reopen() {
        int number = number();
        handle.checkUsable();
        if (!BufferLayout.isEnded(number)) {
            return false;
        }
        if (!isIdle()) {
            handle.checkUsable();
            throw new IllegalStateException("cannot reopen " + this
                    + ": it has items that were not acknowledged; join() waits until they are done");
        }
        handle.checkUsable();
        return BufferLayout.casRun(memory, offset, number, number + 1);
    }

    /** Returns whether the run in which that number was read is over: it was ended, and all of its items are done. */
    boolean isOver(int number) {
        int now = number();
        return now - (number | 1) > 0
                || (BufferLayout.isEnded(now) && isIdle()); // reopening requires that all are done
    }

    /** Returns whether all cells were free at one moment. */
    boolean isIdle() {
        long laps = lapsIfFree();
        return laps >= 0 && lapsIfFree() == laps;
    }

    /** Returns the sum of the laps, which only grow; -1 if a cell is in use. */
    private long lapsIfFree() {
        long laps = 0;
        int index = busy;
        for (int left = cells.count; left > 0; left--) {
            long word = cells.word(cells.cell(index));
            if (BufferLayout.state(word) != FREE) {
                busy = index;
                return -1;
            }
            laps += Integer.toUnsignedLong(BufferLayout.lap(word));
            index = index + 1 == cells.count ? 0 : index + 1;
        }
        return laps;
    }

    /** To be called after a cell was freed. */
    void afterFree() {
        room.signal();
        if (BufferLayout.isIdleAwaitedVolatile(memory, offset) && isIdle()) {
            idle.signalAll();
            filled.signalAll();
        }
    }

    /** Waits until all items are done; returns false on timeout. */
    boolean join(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Idle goal = new Idle();
        return goal.attempt() || (!deadline.isOver() && joiners.until(deadline, goal));
    }

    private final class Idle implements Goal {
        @Override
        public boolean attempt() {
            boolean reached = isIdle();
            handle.checkUsable(); // after reading the words, since closing makes them 0
            return reached;
        }

        @Override
        public void searchDead() {
            region.repairDead();
            region.watchOthers();
        }
    }
}
