package org.processmanager.sync.internal.wait;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * A word on which processes sleep until something else has changed: a sequence of 31 bits that grows with each wake-up, and
 * WAITERS, a hint that somebody may sleep.
 *
 * <p>Who waits arms the word, looks once more, and sleeps only if there is still nothing. Who changes something looks at the
 * word after it: either that look sees WAITERS, or the other one's sees the change. The sequence is what makes a wake-up
 * between the look and the sleep count.
 */
public final class WakeWord {
    static final int WAITERS = 1 << 31;

    private final ByteBuffer memory;
    private final Parking parking;
    private final int at;

    public WakeWord(ByteBuffer memory, Parking parking, int at) {
        this.memory = memory;
        this.parking = parking;
        this.at = at;
    }

    /** Says that somebody may sleep from now on; the word to sleep on. */
    int arm() {
        while (true) {
            int word = Words.intVolatile(memory, at);
            if (word < 0 || Words.casInt(memory, at, word, word | WAITERS)) {
                return word | WAITERS;
            }
        }
    }

    /** Sleeps while the word is as {@link #arm} gave it. */
    void await(int armed, long nanos) {
        parking.await(at, armed, nanos);
    }

    /** Wakes one sleeper, if there may be any. */
    public void signal() {
        int word = Words.intVolatile(memory, at);
        while (word < 0) {
            if (Words.casInt(memory, at, word, (word + 1) & ~WAITERS)) {
                parking.wake(at, 1);
                return;
            }
            word = Words.intVolatile(memory, at);
        }
    }

    /** Wakes all sleepers, whatever the word says: who should have done it may be dead. */
    public static void signalAll(ByteBuffer memory, Parking parking, int at) {
        int word;
        do {
            word = Words.intVolatile(memory, at);
        } while (!Words.casInt(memory, at, word, (word + 1) & ~WAITERS));
        parking.wakeAll(at);
    }
}
