package org.processmanager.sync.internal.barrier;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.VictimLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a barrier, version 1. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +------------------------------+----------------+
 *        | word                       8 | pad         56 |
 *     64 +------------------------------+----------------+
 *        | WAITERS 1 bit, sequence 31 4 | pad         60 |   the futex ({@link WakeWord})
 *    128 +------------------------------+----------------+
 *        | deaths                     8 | pad         56 |
 *    192 +------------------------------+----------------+
 *        | victim ({@link VictimLayout})              64 |
 *    256 +-----------------------------------------------+
 *        | one cell for each arrival: 8                  |
 *        +-----------------------------------------------+
 *        | one cell for each registered party: 8         |
 *        +-----------------------------------------------+
 *
 *   word  63          52 51         32 31                  12 11      4 3      0
 *        +--------------+-------------+----------------------+---------+--------+
 *        | resets       | trips       | trips at last reset  | 0       | broken |
 *        +--------------+-------------+----------------------+---------+--------+
 *
 *   cell  63                      32 31   29 28        16 15               0
 *        +--------------------------+-------+-----------+------------------+
 *        | resets, trips            | 0     | slot      | generation       |   slot 0: free
 *        +--------------------------+-------+-----------+------------------+
 * </pre>
 *
 * <p>Broken: 0 no, 1 a party died, 2 was interrupted, 3 waited too long, 4 failed in its action. An arrival counts if its cell
 * has the resets and trips of the word. A cell of a registered party has only the owner.
 */
public final class BarrierLayout {
    public static final int LAYOUT = 1;
    public static final int MAX_PARTIES = 1 << 16;

    private static final int WORD = 0;
    private static final int WAKE_WORD = 64;
    private static final int DEATHS = 128;
    private static final int VICTIM = 192;
    private static final int CELLS = VICTIM + VictimLayout.BYTES;

    private static final int RESETS_SHIFT = 52;
    private static final int TRIPS_SHIFT = 32;
    private static final int RESET_TRIPS_SHIFT = 12;
    private static final long TRIPS_MASK = (1 << 20) - 1;
    private static final long RESETS_MASK = (1 << 12) - 1;
    private static final long BROKEN_MASK = 15;

    private BarrierLayout() {}

    /** Returns the bytes of a barrier with that number of parties. */
    public static int bytes(int parties) {
        return CELLS + 2 * parties * Long.BYTES;
    }

    /** Returns the resets and trips of a word: the round of the barrier. */
    static int round(long word) {
        return (int) (word >>> TRIPS_SHIFT);
    }

    /** Returns why the barrier is broken, 0 if it is not. */
    static int broken(long word) {
        return (int) (word & BROKEN_MASK);
    }

    /** Returns the word of the same round, broken. */
    static long withBroken(long word, int reason) {
        return word & ~BROKEN_MASK | reason;
    }

    /** Returns the word of the next round, after all parties have arrived. */
    static long tripped(long word) {
        return word & ~(TRIPS_MASK << TRIPS_SHIFT) | (trips(word) + 1 & TRIPS_MASK) << TRIPS_SHIFT;
    }

    /** Returns the word of the next round, after a reset. */
    static long reset(long word) {
        return ((word >>> RESETS_SHIFT) + 1 & RESETS_MASK) << RESETS_SHIFT
                | trips(word) << TRIPS_SHIFT
                | trips(word) << RESET_TRIPS_SHIFT;
    }

    /**
     * Returns whether a round ended since all parties arrived, and not by a reset. If the barrier was reset more than once
     * since, the answer is false.
     */
    static boolean hasTripped(int round, long word) {
        long resets = (word >>> RESETS_SHIFT) - (round >>> RESETS_SHIFT - TRIPS_SHIFT) & RESETS_MASK;
        long trips = round & TRIPS_MASK;
        return resets == 0 ? trips != trips(word) : resets == 1 && trips != (word >>> RESET_TRIPS_SHIFT & TRIPS_MASK);
    }

    private static long trips(long word) {
        return word >>> TRIPS_SHIFT & TRIPS_MASK;
    }

    static int wakeWord(int barrier) {
        return barrier + WAKE_WORD;
    }

    static int victim(int barrier) {
        return barrier + VICTIM;
    }

    static long wordVolatile(ByteBuffer region, int barrier) {
        return Words.longVolatile(region, barrier + WORD);
    }

    static boolean casWord(ByteBuffer region, int barrier, long expected, long value) {
        return Words.casLong(region, barrier + WORD, expected, value);
    }

    /** Returns the cell of an arrival in a round. */
    static long arrival(int round, int owner) {
        return (long) round << Integer.SIZE | owner;
    }

    /** Returns whether a cell has an arrival in that round. */
    static boolean isArrival(long cell, int round) {
        return owner(cell) != 0 && (int) (cell >>> Integer.SIZE) == round;
    }

    static int owner(long cell) {
        return (int) cell;
    }

    /** Returns a cell; those of registered parties come after the arrivals. */
    static long cellVolatile(ByteBuffer region, int barrier, int cell) {
        return Words.longVolatile(region, barrier + CELLS + cell * Long.BYTES);
    }

    static boolean casCell(ByteBuffer region, int barrier, int cell, long expected, long value) {
        return Words.casLong(region, barrier + CELLS + cell * Long.BYTES, expected, value);
    }

    static void addDeath(ByteBuffer region, int barrier) {
        Words.addLong(region, barrier + DEATHS, 1);
    }

    static long deathsOpaque(ByteBuffer region, int barrier) {
        return Words.longOpaque(region, barrier + DEATHS);
    }
}
