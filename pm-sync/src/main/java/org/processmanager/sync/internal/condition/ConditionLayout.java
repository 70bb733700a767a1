package org.processmanager.sync.internal.condition;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a condition, version 1. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +------------------------------+----------------+
 *        | lost signals               8 | deaths       8 |
 *     16 | highest slot 4 | last slot 4 | pad         40 |   that has waited; that was signalled last
 *     64 +------------------------------+----------------+
 *        | one cell for each participant slot, 64 bytes: |
 *        |   word 8 | WAITERS 1 bit, sequence 31 4       |   the futex ({@link WakeWord})
 *        +-----------------------------------------------+
 *
 *   word  63                 40 39                 16 15               0
 *        +---------------------+---------------------+------------------+
 *        | signals             | waiting threads     | generation       |   at most as many signals as threads
 *        +---------------------+---------------------+------------------+
 * </pre>
 */
public final class ConditionLayout {
    public static final int LAYOUT = 1;

    static final int MOST_WAITING = (1 << 24) - 1;

    private static final int LOST_SIGNALS = 0;
    private static final int DEATHS = 8;
    private static final int HIGHEST_SLOT = 16;
    private static final int LAST_SLOT = 20;
    private static final int CELLS = 64;
    private static final int CELL_BYTES = 64;
    private static final int WAKE_WORD = 8;

    private static final int WAITING_SHIFT = 16;
    private static final int SIGNALS_SHIFT = 40;
    private static final int GENERATION_MASK = 0xffff;

    private ConditionLayout() {}

    /** Returns the bytes of a condition in a region with that number of participant slots. */
    public static int bytes(int slots) {
        return CELLS + slots * CELL_BYTES;
    }

    /** Returns how many slots a condition of that length has. */
    static int slots(int bytes) {
        return (bytes - CELLS) / CELL_BYTES;
    }

    static long word(int participant, int waiting, int signals) {
        return (long) signals << SIGNALS_SHIFT | (long) waiting << WAITING_SHIFT | Participants.generation(participant);
    }

    /** Returns how many threads of a cell wait, including those that were signalled and do not own the mutex yet. */
    static int waiting(long word) {
        return (int) (word >>> WAITING_SHIFT) & MOST_WAITING;
    }

    static int signals(long word) {
        return (int) (word >>> SIGNALS_SHIFT);
    }

    static int generation(long word) {
        return (int) word & GENERATION_MASK;
    }

    static boolean isOf(long word, int participant) {
        return generation(word) == Participants.generation(participant);
    }

    /** Returns the word with another number of signals. */
    static long withSignals(long word, int signals) {
        return word & (1L << SIGNALS_SHIFT) - 1 | (long) signals << SIGNALS_SHIFT;
    }

    /** Returns the word without one thread, and without its signal if it had one. */
    static long without(long word, boolean signalled) {
        return word - (1L << WAITING_SHIFT) - (signalled ? 1L << SIGNALS_SHIFT : 0);
    }

    static long wordVolatile(ByteBuffer region, int condition, int slot) {
        return Words.longVolatile(region, cell(condition, slot));
    }

    static boolean casWord(ByteBuffer region, int condition, int slot, long expected, long value) {
        return Words.casLong(region, cell(condition, slot), expected, value);
    }

    static int wakeWord(int condition, int slot) {
        return cell(condition, slot) + WAKE_WORD;
    }

    static int highestSlotVolatile(ByteBuffer region, int condition) {
        return Words.intVolatile(region, condition + HIGHEST_SLOT);
    }

    static void raiseHighestSlot(ByteBuffer region, int condition, int slot) {
        Words.raiseInt(region, condition + HIGHEST_SLOT, slot);
    }

    /** Returns the slot that was signalled last; for the owner of the mutex. */
    static int lastSlotPlain(ByteBuffer region, int condition) {
        return Words.intPlain(region, condition + LAST_SLOT);
    }

    static void lastSlotPlain(ByteBuffer region, int condition, int slot) {
        Words.putIntPlain(region, condition + LAST_SLOT, slot);
    }

    static long lostSignalsVolatile(ByteBuffer region, int condition) {
        return Words.longVolatile(region, condition + LOST_SIGNALS);
    }

    static void addLostSignal(ByteBuffer region, int condition) {
        Words.addLong(region, condition + LOST_SIGNALS, 1);
    }

    static long deathsOpaque(ByteBuffer region, int condition) {
        return Words.longOpaque(region, condition + DEATHS);
    }

    static void addDeath(ByteBuffer region, int condition) {
        Words.addLong(region, condition + DEATHS, 1);
    }

    private static int cell(int condition, int slot) {
        return condition + CELLS + (slot - 1) * CELL_BYTES;
    }
}
