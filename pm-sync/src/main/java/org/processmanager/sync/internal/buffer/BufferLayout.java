package org.processmanager.sync.internal.buffer;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a bounded buffer, version 2 (1 was the textbook's, with a mutex and two semaphores). Offsets in bytes, native
 * order, 64-byte lines.
 *
 * <pre>
 *      0 +-----------------------------------------+
 *        | head     8 | pad                     56 |   where to look for the next item to take; may lag
 *     64 | tail     8 | pad                     56 |   where to look for the next one to be put; may lag
 *    128 | filled   4 | pad                     60 |   consumers sleep here ({@link WakeWord})
 *    192 | room     4 | pad                     60 |   producers sleep here
 *    256 | redeliver 4 | 0  4 | deaths 8 | pad  48 |   a hint that some cell is to be redelivered
 *    320 | pad                                  64 |
 *    384 +-----------------------------------------+
 *        | cells: word 8, length 4, content, each rounded up to 8
 *        +-----------------------------------------+
 *
 *   word  63          32 31    29 28        16 15               0
 *        +--------------+--------+-----------+------------------+
 *        | lap          | state  | slot      | generation       |   who claimed or took it
 *        +--------------+--------+-----------+------------------+
 * </pre>
 *
 * <p>The item at position p lies in cell p modulo the number of cells, in lap p divided by it.
 */
public final class BufferLayout {
    public static final int LAYOUT = 2;

    /** May be claimed in this lap. */
    static final int FREE = 0;
    /** A producer writes it. */
    static final int CLAIMED = 1;
    /** Holds an item. */
    static final int FULL = 2;
    /** A consumer has it. */
    static final int TAKEN = 3;
    /** Its producer died or failed; whoever comes to it passes on. */
    static final int SKIPPED = 4;
    /** Its consumer died; holds an item that the head has passed. */
    static final int REDELIVER = 5;

    static final int HEADER_BYTES = 384;

    private static final int HEAD = 0;
    private static final int TAIL = 64;
    private static final int FILLED = 128;
    private static final int ROOM = 192;
    private static final int REDELIVER_HINT = 256;
    private static final int DEATHS = 264;
    private static final int CELL_WORD = 0;
    private static final int CELL_LENGTH = 8;
    private static final int CELL_CONTENT = 12;
    private static final int CELL_ALIGNMENT = 8;

    private static final int STATE_SHIFT = 29;
    private static final int PARTICIPANT = (1 << STATE_SHIFT) - 1;

    private BufferLayout() {}

    /** Bytes of a buffer; more than a region can have is possible. */
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

    static long headVolatile(ByteBuffer region, int buffer) {
        return Words.longVolatile(region, buffer + HEAD);
    }

    /** Moves the head on, if nobody moved it further. */
    static void passHead(ByteBuffer region, int buffer, long to) {
        pass(region, buffer + HEAD, to);
    }

    static long tailVolatile(ByteBuffer region, int buffer) {
        return Words.longVolatile(region, buffer + TAIL);
    }

    /** Moves the tail on, if nobody moved it further. */
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

    /** Where a cell lies. */
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
     * Changes the word of a cell that somebody had who is dead: counted before, so that who sees the change, and may be the
     * next to have the item, sees it counted.
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

    static long word(int lap, int state, int participant) {
        return (long) lap << Integer.SIZE | Integer.toUnsignedLong(state << STATE_SHIFT | participant);
    }

    static int lap(long word) {
        return (int) (word >>> Integer.SIZE);
    }

    static int state(long word) {
        return (int) word >>> STATE_SHIFT;
    }

    /** Whether the cell has an item that nobody has taken. */
    static boolean isFilled(long word) {
        return state(word) == FULL || state(word) == REDELIVER;
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
