package org.processmanager.sync.internal.latch;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.VictimLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a latch whose parties are known, version 1. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +------------------------------+----------------+
 *        | WAITERS 1 bit, sequence 31 4 | pad         60 |   the futex ({@link WakeWord})
 *     64 +------------------------------+----------------+
 *        | deaths                     8 | pad         56 |
 *    128 +------------------------------+----------------+
 *        | victim ({@link VictimLayout})              64 |
 *    192 +-----------------------------------------------+
 *        | one cell for each party: word 8               |
 *        +-----------------------------------------------+
 *
 *   word  63                      32 31   29 28        16 15               0
 *        +--------------------------+-------+-----------+------------------+
 *        | state                    | 0     | slot      | generation       |   the owner, if REGISTERED
 *        +--------------------------+-------+-----------+------------------+
 * </pre>
 *
 * <p>States: 0 FREE, 1 REGISTERED, 2 COUNTED (the party has counted down), 3 DEAD (its process died before).
 */
public final class OwnedLatchLayout {
    public static final int LAYOUT = 1;
    public static final int MAX_PARTIES = 1 << 16;

    static final int FREE = 0;
    static final int REGISTERED = 1;
    static final int COUNTED = 2;
    static final int DEAD = 3;

    private static final int WAKE_WORD = 0;
    private static final int DEATHS = 64;
    private static final int VICTIM = 128;
    private static final int CELLS = VICTIM + VictimLayout.BYTES;

    private OwnedLatchLayout() {}

    /** Returns the bytes of a latch with that number of parties. */
    public static int bytes(int parties) {
        return CELLS + parties * Long.BYTES;
    }

    static int wakeWord(int latch) {
        return latch + WAKE_WORD;
    }

    static int victim(int latch) {
        return latch + VICTIM;
    }

    static long word(int state, int owner) {
        return (long) state << Integer.SIZE | owner;
    }

    static int state(long word) {
        return (int) (word >>> Integer.SIZE);
    }

    static int owner(long word) {
        return (int) word;
    }

    static long wordVolatile(ByteBuffer region, int latch, int cell) {
        return Words.longVolatile(region, cell(latch, cell));
    }

    static boolean casWord(ByteBuffer region, int latch, int cell, long expected, long value) {
        return Words.casLong(region, cell(latch, cell), expected, value);
    }

    static void addDeath(ByteBuffer region, int latch) {
        Words.addLong(region, latch + DEATHS, 1);
    }

    static long deathsOpaque(ByteBuffer region, int latch) {
        return Words.longOpaque(region, latch + DEATHS);
    }

    private static int cell(int latch, int cell) {
        return latch + CELLS + cell * Long.BYTES;
    }
}
