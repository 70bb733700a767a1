package org.processmanager.sync.internal.wait;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * A word on which threads of all processes sleep until some other word changes: a sequence number of 31 bits that grows with
 * each wake-up, and WAITERS, a hint that there may be sleepers.
 *
 * <p>A waiter arms the word, checks its condition again, and sleeps only if it still does not hold. A thread that changes the
 * condition reads the word afterwards: either it sees WAITERS, or the waiter sees the change. The sequence number prevents a
 * lost wake-up between the check and the sleep.
 */
public final class WakeWord {
    static final int WAITERS = 1 << 31;

    private final ByteBuffer memory;
    private final Parking parking;
    private final int at;

    /** The word at an offset of a region. */
    public WakeWord(ByteBuffer memory, Parking parking, int at) {
        this.memory = memory;
        this.parking = parking;
        this.at = at;
    }

    /** Sets WAITERS; returns the word to sleep on. */
    public int arm() {
        while (true) {
            int word = Words.intVolatile(memory, at);
            if (word < 0 || Words.casInt(memory, at, word, word | WAITERS)) {
                return word | WAITERS;
            }
        }
    }

    /** Sleeps while the word is as {@link #arm} returned it. */
    public void await(int armed, long nanos) {
        parking.await(at, armed, nanos);
    }

    /** Returns whether the word is as {@link #arm} returned it: nothing was signalled since. */
    boolean is(int armed) {
        return Words.intVolatile(memory, at) == armed;
    }

    /** Wakes one sleeper, if there may be any. */
    public void signal() {
        signal(1);
    }

    /** Wakes all sleepers, if there may be any. */
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }

    /** Returns whether there may be sleepers. */
    public boolean isArmed() {
        return Words.intVolatile(memory, at) < 0;
    }

    private void signal(int count) {
        int word = Words.intVolatile(memory, at);
        while (word < 0) {
            if (Words.casInt(memory, at, word, (word + 1) & ~WAITERS)) {
                parking.wake(at, count);
                return;
            }
            word = Words.intVolatile(memory, at);
        }
    }

    /** Wakes all sleepers, whether or not WAITERS is set: a process that should have woken them may be dead. */
    public static void signalAll(ByteBuffer memory, Parking parking, int at) {
        int word;
        do {
            word = Words.intVolatile(memory, at);
        } while (!Words.casInt(memory, at, word, (word + 1) & ~WAITERS));
        parking.wakeAll(at);
    }
}
