package org.processmanager.sync.internal.latch;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * Layout of a latch without owners, version 1. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +------------------------------+----------------+
 *        | count                      4 | pad         60 |
 *     64 +------------------------------+----------------+
 *        | WAITERS 1 bit, sequence 31 4 | pad         60 |   the futex (WakeWord)
 *    128 +------------------------------+----------------+
 * </pre>
 */
public final class LatchLayout {
    public static final int LAYOUT = 1;
    public static final int BYTES = 128;

    private static final int COUNT = 0;
    private static final int WAKE_WORD = 64;

    private LatchLayout() {}

    static int wakeWord(int latch) {
        return latch + WAKE_WORD;
    }

    static int countVolatile(ByteBuffer region, int latch) {
        return Words.intVolatile(region, latch + COUNT);
    }

    static boolean casCount(ByteBuffer region, int latch, int expected, int value) {
        return Words.casInt(region, latch + COUNT, expected, value);
    }

    /** Writes the count of a latch that is not published yet. */
    public static void initializePlain(ByteBuffer region, int latch, int count) {
        Words.putIntPlain(region, latch + COUNT, count);
    }
}
