package org.processmanager.sync.internal;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.Words;

/**
 * Layout of a leased semaphore, version 1. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +--------------------------------+----------------+
 *        | WAITERS 1 bit, sequence 31   4 | pad         60 |   the futex ({@link WakeWord})
 *     64 +--------------------------------+----------------+
 *        | fencing token 8 | deaths     8 | pad         48 |
 *    128 +--------------------------------+----------------+
 *        | one cell for each permit:                       |
 *        |   owner 4 | thread 4 | since, ms 8              |   owner 0 is free; the rest is for people
 *        +-------------------------------------------------+
 *
 *   owner  31  29 28        16 15               0
 *        +-------+-----------+------------------+
 *        | 0     | slot      | generation       |
 *        +-------+-----------+------------------+
 * </pre>
 *
 * <p>How many permits are free is counted when somebody asks: a number of its own could disagree with the cells after a
 * death.
 */
public final class LeasedDescriptor {
    public static final int LAYOUT = 1;
    public static final int MOST_PERMITS = 1 << 16;

    static final int HEADER_BYTES = 128;
    static final int CELL_BYTES = 16;

    private static final int WORD = 0;
    private static final int FENCING_TOKEN = 64;
    private static final int DEATHS = 72;
    private static final int CELL_OWNER = 0;
    private static final int CELL_THREAD = 4;
    private static final int CELL_SINCE_MILLIS = 8;

    private LeasedDescriptor() {}

    /** Bytes of a semaphore with so many permits. */
    public static int bytes(int permits) {
        return HEADER_BYTES + permits * CELL_BYTES;
    }

    static int word(int semaphore) {
        return semaphore + WORD;
    }

    static int ownerVolatile(ByteBuffer region, int semaphore, int cell) {
        return Words.intVolatile(region, cell(semaphore, cell) + CELL_OWNER);
    }

    static boolean casOwner(ByteBuffer region, int semaphore, int cell, int expected, int owner) {
        return Words.casInt(region, cell(semaphore, cell) + CELL_OWNER, expected, owner);
    }

    /** Notes for people who has a cell since when; for its owner alone. */
    static void notePlain(ByteBuffer region, int semaphore, int cell, int thread, long sinceMillis) {
        Words.putIntPlain(region, cell(semaphore, cell) + CELL_THREAD, thread);
        Words.putLongPlain(region, cell(semaphore, cell) + CELL_SINCE_MILLIS, sinceMillis);
    }

    static int threadPlain(ByteBuffer region, int semaphore, int cell) {
        return Words.intPlain(region, cell(semaphore, cell) + CELL_THREAD);
    }

    static long sinceMillisPlain(ByteBuffer region, int semaphore, int cell) {
        return Words.longPlain(region, cell(semaphore, cell) + CELL_SINCE_MILLIS);
    }

    /** The next token. */
    static long nextToken(ByteBuffer region, int semaphore) {
        return Words.addLong(region, semaphore + FENCING_TOKEN, 1) + 1;
    }

    /** Counts a permit that came back from a dead owner. */
    static void countDeath(ByteBuffer region, int semaphore) {
        Words.addLong(region, semaphore + DEATHS, 1);
    }

    static long deathsOpaque(ByteBuffer region, int semaphore) {
        return Words.longOpaque(region, semaphore + DEATHS);
    }

    private static int cell(int semaphore, int cell) {
        return semaphore + HEADER_BYTES + cell * CELL_BYTES;
    }
}
