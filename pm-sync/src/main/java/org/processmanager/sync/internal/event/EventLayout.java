package org.processmanager.sync.internal.event;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * Layout of an event, version 1. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +------------------------------+----------------+
 *        | SET 1 bit, times set 63    8 | pad         56 |
 *     64 +------------------------------+----------------+
 *        | WAITERS 1 bit, sequence 31 4 | pad         60 |   the futex (WakeWord)
 *    128 +------------------------------+----------------+
 * </pre>
 *
 * <p>The number of times that it was set lets a waiter notice an event that was set and cleared before it woke up.
 */
public final class EventLayout {
    public static final int LAYOUT = 1;
    public static final int BYTES = 128;

    private static final long SET = 1L << 63;
    private static final int WORD = 0;
    private static final int WAKE_WORD = 64;

    private EventLayout() {}

    static boolean isSet(long word) {
        return word < 0;
    }

    /** Returns how often the event had been set, modulo 2^63. */
    static long times(long word) {
        return word & ~SET;
    }

    /** Returns the word of the event, set once more. */
    static long set(long word) {
        return times(word + 1) | SET;
    }

    /** Returns the word of the event, not set. */
    static long cleared(long word) {
        return times(word);
    }

    static int wakeWord(int event) {
        return event + WAKE_WORD;
    }

    static long wordVolatile(ByteBuffer region, int event) {
        return Words.longVolatile(region, event + WORD);
    }

    static boolean casWord(ByteBuffer region, int event, long expected, long value) {
        return Words.casLong(region, event + WORD, expected, value);
    }
}
