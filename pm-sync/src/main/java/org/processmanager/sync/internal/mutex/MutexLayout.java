package org.processmanager.sync.internal.mutex;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * Layout of a mutex, version 2. Offsets in bytes, native order, 64-byte lines.
 *
 * <pre>
 *      0 +----------------------------+----------------------+
 *        | word                     8 | pad               56 |   hot line: compare-and-set only
 *     64 +----------------------------+----------------------+
 *        | fencing token 8 | deaths 8 |                      |   written by the owner only, except deaths
 *     80 | since, ms     8 | owning thread              8 |   informational
 *     96 | epoch of the name 4 | its name, UTF-8        28 |   written by its process if it owns the mutex for long
 *        +----------------------------+----------------------+
 *
 *   thread 63               40 39                      0
 *        +--------------------+-------------------------+
 *        | low bits of epoch  | id of the thread        |
 *        +--------------------+-------------------------+
 *
 *   word  63                      32 31      30    29 28        16 15               0
 *        +--------------------------+---------+-------+-----------+------------------+
 *        | epoch, +1 per acquisition| WAITERS | state | slot      | generation       |
 *        +--------------------------+---------+-------+-----------+------------------+
 *                                   the low half is the futex; slot 0: no owner
 * </pre>
 *
 * <p>State: 0 normal, 1 ORPHANED (an owner died and the data has not been marked consistent), 2 POISONED (released in that
 * state). WAITERS is a hint that there may be sleepers in the kernel.
 */
public final class MutexLayout {
    public static final int LAYOUT = 2;
    public static final int BYTES = 128;

    static final int WAITERS = 1 << 31;
    static final int ORPHANED = 1 << 29;
    static final int POISONED = 2 << 29;
    static final int STATE = 3 << 29;
    /** Slot and generation; 0 is free. */
    static final int OWNER = (1 << 29) - 1;

    private static final int WORD = 0;
    private static final int FENCING_TOKEN = 64;
    private static final int DEATHS = 72;
    private static final int SINCE_MILLIS = 80;
    private static final int THREAD = 88;
    private static final int NAME_EPOCH = 96;
    private static final int NAME = 100;

    private static final int THREAD_BITS = 40;
    private static final long THREAD_MASK = (1L << THREAD_BITS) - 1;

    private MutexLayout() {}

    /** Returns the word of the next acquisition: the next epoch with that low half. */
    static long next(long word, int low) {
        return free(word, low) + (1L << Integer.SIZE);
    }

    /** Returns the word with another low half. */
    static long free(long word, int low) {
        return word & -1L << Integer.SIZE | Integer.toUnsignedLong(low);
    }

    static int epoch(long word) {
        return (int) (word >>> Integer.SIZE);
    }

    static int low(long word) {
        return (int) word;
    }

    static int owner(long word) {
        return (int) word & OWNER;
    }

    /** Returns the offset of the futex of a mutex. */
    static int futex(int mutex) {
        return mutex + WORD + Words.LOW_HALF;
    }

    static long wordVolatile(ByteBuffer region, int mutex) {
        return Words.longVolatile(region, mutex + WORD);
    }

    static boolean casWord(ByteBuffer region, int mutex, long expected, long value) {
        return Words.casLong(region, mutex + WORD, expected, value);
    }

    /** Draws the next token; for the owner only. */
    static long nextTokenPlain(ByteBuffer region, int mutex) {
        long token = Words.longPlain(region, mutex + FENCING_TOKEN) + 1;
        Words.putLongPlain(region, mutex + FENCING_TOKEN, token);
        return token;
    }

    /**
     * Changes the word of a dead owner. The death is counted before, so that the next owner sees it counted.
     */
    static boolean casWordOfDead(ByteBuffer region, int mutex, long expected, long value) {
        if (wordVolatile(region, mutex) != expected) {
            return false;
        }
        Words.addLong(region, mutex + DEATHS, 1);
        if (casWord(region, mutex, expected, value)) {
            return true;
        }
        Words.addLong(region, mutex + DEATHS, -1);
        return false;
    }

    static long deathsOpaque(ByteBuffer region, int mutex) {
        return Words.longOpaque(region, mutex + DEATHS);
    }

    /**
     * Records the owner's thread; for the owner only. With the epoch, since until then the word names this owner and the thread
     * is that of the last one.
     */
    static void threadPlain(ByteBuffer region, int mutex, long word, long thread) {
        Words.putLongPlain(region, mutex + THREAD, word >>> Integer.SIZE << THREAD_BITS | thread & THREAD_MASK);
    }

    /** Records the time of acquisition; for the owner only. */
    static void sinceMillisPlain(ByteBuffer region, int mutex, long sinceMillis) {
        Words.putLongPlain(region, mutex + SINCE_MILLIS, sinceMillis);
    }

    /** Records the name of the thread that owns the mutex by a word. */
    static void nameOwner(ByteBuffer region, int mutex, long word, String name) {
        if (Words.intOpaque(region, mutex + NAME_EPOCH) != epoch(word)) {
            region.put(mutex + NAME, WaitLayout.nameBytes(name, BYTES - NAME));
            Words.putIntRelease(region, mutex + NAME_EPOCH, epoch(word));
        }
    }

    static long sinceMillisOpaque(ByteBuffer region, int mutex) {
        return Words.longOpaque(region, mutex + SINCE_MILLIS);
    }

    /** Returns the thread that owns the mutex by a word; 0 if it is not recorded yet. */
    static long threadOpaque(ByteBuffer region, int mutex, long word) {
        long thread = Words.longOpaque(region, mutex + THREAD);
        return thread >>> THREAD_BITS == (word >>> Integer.SIZE & -1L >>> THREAD_BITS) ? thread & THREAD_MASK : 0;
    }

    /** Returns the name of the thread that owns the mutex by a word; empty if it is not recorded. */
    static String threadName(ByteBuffer region, int mutex, long word) {
        if (Words.intAcquire(region, mutex + NAME_EPOCH) != epoch(word)) {
            return "";
        }
        byte[] name = new byte[BYTES - NAME];
        region.get(mutex + NAME, name);
        return WaitLayout.name(name);
    }
}
