package org.processmanager.sync.internal.buffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a bounded buffer, version 3. Offsets in bytes, native order, 64-byte lines.
 *
 * <pre>
 *      0 +-----------------------------------------+
 *        | head     8 | pad                     56 |   hint: position of the next item to take
 *     64 | tail     8 | pad                     56 |   hint: position of the next item to put
 *    128 | filled   4 | pad                     60 |   consumers sleep here ({@link WakeWord})
 *    192 | room     4 | pad                     60 |   producers sleep here
 *    256 | run 4 | idle 4 | redeliver 4 | 0  4     |   run: odd if ended; idle: threads that join sleep here
 *    272 | deaths   8 | pad                     40 |   redeliver: hint, 1 if a cell may be in state REDELIVER
 *    320 +-----------------------------------------+
 *        | cells: word 8, length 4, content, each rounded up to 8
 *        +-----------------------------------------+
 *
 *   word  63          32 31    29 28        16 15               0
 *        +--------------+--------+-----------+------------------+
 *        | lap          | state  | slot      | generation       |   the owner, if CLAIMED or TAKEN
 *        +--------------+--------+-----------+------------------+
 * </pre>
 *
 * <p>The item at position p lies in cell p modulo the number of cells, in lap p divided by it.
 */
public final class BufferLayout {
    public static final int LAYOUT = 3;

    /** Can be claimed in this lap. */
    static final int FREE = 0;
    /** A producer writes it. */
    static final int CLAIMED = 1;
    /** Holds an item. */
    static final int FULL = 2;
    /** A consumer reads it. */
    static final int TAKEN = 3;
    /** Its consumer died or gave it back; holds an item before the head. */
    static final int REDELIVER = 4;

    static final int HEADER_BYTES = 320;

    static final int HEAD = 0;
    static final int TAIL = 64;
    private static final int FILLED = 128;
    private static final int ROOM = 192;
    private static final int RUN = 256;
    private static final int IDLE = 260;
    private static final int REDELIVER_HINT = 264;
    private static final int DEATHS = 272;
    private static final int CELL_WORD = 0;
    private static final int CELL_LENGTH = 8;
    private static final int CELL_CONTENT = 12;
    private static final int CELL_ALIGNMENT = 8;

    /** In the two words from {@link #RUN} on: the lowest bit of the first, the highest of the second. */
    private static final long ENDED_OR_AWAITED = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            ? 1L | 1L << Long.SIZE - 1
            : 1L << Integer.SIZE | 1L << Integer.SIZE - 1;

    private static final int STATE_SHIFT = 29;
    private static final int PARTICIPANT = (1 << STATE_SHIFT) - 1;

    private BufferLayout() {}

    /** Returns the bytes of a buffer, which may exceed the largest region. */
    public static long bytes(int cells, int cellBytes) {
        return HEADER_BYTES + (long) cells * stride(cellBytes);
    }

    static long stride(int cellBytes) {
        return ((long) CELL_CONTENT + cellBytes + CELL_ALIGNMENT - 1) & -CELL_ALIGNMENT;
    }

    static int filled(int buffer) {
        return buffer + FILLED;
    }

    static int room(int buffer) {
        return buffer + ROOM;
    }

    static int idle(int buffer) {
        return buffer + IDLE;
    }

    static int runVolatile(ByteBuffer region, int buffer) {
        return Words.intVolatile(region, buffer + RUN);
    }

    /** Returns whether the buffer was ended or there may be sleepers on {@link #idle}. */
    static boolean isIdleAwaitedVolatile(ByteBuffer region, int buffer) {
        return (Words.longVolatile(region, buffer + RUN) & ENDED_OR_AWAITED) != 0;
    }

    static boolean casRun(ByteBuffer region, int buffer, int expected, int run) {
        return Words.casInt(region, buffer + RUN, expected, run);
    }

    /** Returns whether no item may be put in a run. */
    static boolean isEnded(int run) {
        return (run & 1) != 0;
    }

    static long headVolatile(ByteBuffer region, int buffer) {
        return Words.longVolatile(region, buffer + HEAD);
    }

    /** Moves the head forward, never back. */
    static void passHead(ByteBuffer region, int buffer, long to) {
        pass(region, buffer + HEAD, to);
    }

    static long tailVolatile(ByteBuffer region, int buffer) {
        return Words.longVolatile(region, buffer + TAIL);
    }

    /** Moves the tail forward, never back. */
    static void passTail(ByteBuffer region, int buffer, long to) {
        pass(region, buffer + TAIL, to);
    }

    private static void pass(ByteBuffer region, int word, long to) {
        long from;
        do {
            from = Words.longVolatile(region, word);
        } while (from < to && !Words.casLong(region, word, from, to));
    }

    static boolean redeliverVolatile(ByteBuffer region, int buffer) {
        return Words.intVolatile(region, buffer + REDELIVER_HINT) != 0;
    }

    static void redeliverVolatile(ByteBuffer region, int buffer, boolean some) {
        Words.putIntVolatile(region, buffer + REDELIVER_HINT, some ? 1 : 0);
    }

    static long deathsOpaque(ByteBuffer region, int buffer) {
        return Words.longOpaque(region, buffer + DEATHS);
    }

    /** Returns the offset of a cell. */
    static int cell(int buffer, int index, int cellBytes) {
        return buffer + HEADER_BYTES + (int) (index * stride(cellBytes));
    }

    static long wordVolatile(ByteBuffer region, int cell) {
        return Words.longVolatile(region, cell + CELL_WORD);
    }

    static boolean casWord(ByteBuffer region, int cell, long expected, long word) {
        return Words.casLong(region, cell + CELL_WORD, expected, word);
    }

    /**
     * Changes the word of a cell whose owner is dead. The death is counted before, so that the next owner sees it counted.
     */
    static boolean casWordOfDead(ByteBuffer region, int buffer, int cell, long expected, long word) {
        if (wordVolatile(region, cell) != expected) {
            return false;
        }
        Words.addLong(region, buffer + DEATHS, 1);
        if (casWord(region, cell, expected, word)) {
            return true;
        }
        Words.addLong(region, buffer + DEATHS, -1);
        return false;
    }

    /**
     * Returns whether the tail has not passed the last cell once. Cells are claimed in order, so all behind the first unused one
     * are unused, too: reading them would only make the kernel provide their memory.
     */
    static boolean isInFirstLap(ByteBuffer region, int buffer, int cells) {
        return tailVolatile(region, buffer) < cells;
    }

    /** Returns whether no producer has claimed or passed the cell, if the buffer is in its first lap. */
    static boolean isUnused(long word) {
        return word == 0;
    }

    static long word(int lap, int state, int participant) {
        return (long) lap << Integer.SIZE | Integer.toUnsignedLong(state << STATE_SHIFT | participant);
    }

    static int lap(long word) {
        return (int) (word >>> Integer.SIZE);
    }

    static int state(long word) {
        return (int) word >>> STATE_SHIFT;
    }

    /** Returns whether the cell holds an item that can be taken. */
    static boolean isFilled(long word) {
        return state(word) == FULL || state(word) == REDELIVER;
    }

    /** Returns whether a party has the cell, or it holds an item before the head: the cell can be passed. */
    static boolean isHeld(long word) {
        int state = state(word);
        return state == CLAIMED || state == TAKEN || state == REDELIVER;
    }

    /** Returns a word that is moved to another lap. */
    static long inLap(long word, int lap) {
        return (long) lap << Integer.SIZE | Integer.toUnsignedLong((int) word);
    }

    static int participant(long word) {
        return (int) word & PARTICIPANT;
    }

    static int lengthPlain(ByteBuffer region, int cell) {
        return Words.intPlain(region, cell + CELL_LENGTH);
    }

    static void lengthPlain(ByteBuffer region, int cell, int length) {
        Words.putIntPlain(region, cell + CELL_LENGTH, length);
    }

    static int content(int cell) {
        return cell + CELL_CONTENT;
    }
}
