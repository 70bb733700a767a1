package org.processmanager.sync.internal.semaphore;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * Layout of a semaphore with one count, version 1. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +----------------------------------+
 *        | WAITERS 1 bit, permits 31 bits 4 |   the futex
 *      4 | pad                          124 |
 *    128 +----------------------------------+
 * </pre>
 *
 * <p>WAITERS is a hint that there may be sleepers in the kernel. It is a bit, since a count would never lose killed sleepers.
 */
public final class SemaphoreLayout {
    public static final int LAYOUT = 1;
    public static final int BYTES = 128;

    static final int WAITERS = 1 << 31;
    static final int MAX_PERMITS = Integer.MAX_VALUE;

    private static final int WORD = 0;

    private SemaphoreLayout() {}

    /** Returns the number of permits in a word. */
    public static int permits(int word) {
        return word & MAX_PERMITS;
    }

    /** Returns the offset of the futex of a semaphore. */
    static int futex(int semaphore) {
        return semaphore + WORD;
    }

    public static int wordVolatile(ByteBuffer region, int semaphore) {
        return Words.intVolatile(region, semaphore + WORD);
    }

    static boolean casWord(ByteBuffer region, int semaphore, int expected, int value) {
        return Words.casInt(region, semaphore + WORD, expected, value);
    }

    /** Writes the permits of a semaphore that is not published yet. */
    public static void initializePlain(ByteBuffer region, int semaphore, int permits) {
        Words.putIntPlain(region, semaphore + WORD, permits);
    }
}
