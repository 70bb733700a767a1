package org.processmanager.sync.internal.semaphore;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a leased semaphore, version 2. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +--------------------------------+----------------+
 *        | WAITERS 1 bit, sequence 31   4 | pad         60 |   the futex ({@link WakeWord})
 *     64 +--------------------------------+----------------+
 *        | fencing token 8 | deaths     8 |                |
 *     80 | several       4 | pad                       44 |   1 after a thread has waited for several permits at once
 *    128 +--------------------------------+----------------+
 *        | one cell for each permit:                       |
 *        |   word 8 | since, ms 8 | thread 8               |   informational, except the word
 *        +-------------------------------------------------+
 *
 *   word  63                      32 31   29 28        16 15               0
 *        +--------------------------+-------+-----------+------------------+
 *        | lease, +1 per acquisition| 0     | slot      | generation       |   slot 0: free
 *        +--------------------------+-------+-----------+------------------+
 * </pre>
 *
 * <p>The lease number distinguishes the leases of one participant, so that each is released once.
 *
 * <p>The number of free permits is counted on demand: a stored number could disagree with the cells after a death.
 */
public final class LeasedLayout {
    public static final int LAYOUT = 2;
    public static final int MAX_PERMITS = 1 << 16;

    static final int HEADER_BYTES = 128;
    static final int CELL_BYTES = 24;

    private static final int WORD = 0;
    private static final int FENCING_TOKEN = 64;
    private static final int DEATHS = 72;
    private static final int SEVERAL = 80;
    private static final int CELL_WORD = 0;
    private static final int CELL_SINCE_MILLIS = 8;
    private static final int CELL_THREAD = 16;

    private LeasedLayout() {}

    /** Returns the bytes of a semaphore with that number of permits. */
    public static int bytes(int permits) {
        return HEADER_BYTES + permits * CELL_BYTES;
    }

    static int word(int semaphore) {
        return semaphore + WORD;
    }

    static long wordVolatile(ByteBuffer region, int semaphore, int cell) {
        return Words.longVolatile(region, cell(semaphore, cell) + CELL_WORD);
    }

    static boolean casWord(ByteBuffer region, int semaphore, int cell, long expected, long word) {
        return Words.casLong(region, cell(semaphore, cell) + CELL_WORD, expected, word);
    }

    static int owner(long word) {
        return (int) word;
    }

    /** Returns the word that gives a cell to an owner. */
    static long taken(long word, int owner) {
        return free(word) + (1L << Integer.SIZE) | owner;
    }

    /** Returns the number of a permit: the lease of its word, and its cell in place of the owner. */
    static long permit(long word, int cell) {
        return free(word) | cell;
    }

    /** Returns the word of a permit with that number. */
    static long wordOf(long permit, int owner) {
        return free(permit) | owner;
    }

    /** Returns the word that frees a cell. */
    static long free(long word) {
        return word & -1L << Integer.SIZE;
    }

    /** Records thread and time of an acquisition, which is informational; for the owner of the cell only. */
    static void ownerPlain(ByteBuffer region, int semaphore, int cell, long thread, long sinceMillis) {
        Words.putLongPlain(region, cell(semaphore, cell) + CELL_SINCE_MILLIS, sinceMillis);
        Words.putLongPlain(region, cell(semaphore, cell) + CELL_THREAD, thread);
    }

    static long threadPlain(ByteBuffer region, int semaphore, int cell) {
        return Words.longPlain(region, cell(semaphore, cell) + CELL_THREAD);
    }

    static long sinceMillisPlain(ByteBuffer region, int semaphore, int cell) {
        return Words.longPlain(region, cell(semaphore, cell) + CELL_SINCE_MILLIS);
    }

    /** Draws the next token. */
    static long nextToken(ByteBuffer region, int semaphore) {
        return Words.addLong(region, semaphore + FENCING_TOKEN, 1) + 1;
    }

    /**
     * Changes the word of a cell whose owner is dead. The death is counted before, so that the next owner sees it counted.
     */
    static boolean casWordOfDead(ByteBuffer region, int semaphore, int cell, long expected, long word) {
        if (wordVolatile(region, semaphore, cell) != expected) {
            return false;
        }
        Words.addLong(region, semaphore + DEATHS, 1);
        if (casWord(region, semaphore, cell, expected, word)) {
            return true;
        }
        Words.addLong(region, semaphore + DEATHS, -1);
        return false;
    }

    /** Whether threads may wait for several permits at once: a free permit may then be of no use to one sleeper. */
    static boolean severalVolatile(ByteBuffer region, int semaphore) {
        return Words.intVolatile(region, semaphore + SEVERAL) != 0;
    }

    /** Sets {@link #severalVolatile(ByteBuffer, int)}, permanently. */
    static void raiseSeveral(ByteBuffer region, int semaphore) {
        Words.putIntVolatile(region, semaphore + SEVERAL, 1);
    }

    static long deathsOpaque(ByteBuffer region, int semaphore) {
        return Words.longOpaque(region, semaphore + DEATHS);
    }

    private static int cell(int semaphore, int cell) {
        return semaphore + HEADER_BYTES + cell * CELL_BYTES;
    }
}
