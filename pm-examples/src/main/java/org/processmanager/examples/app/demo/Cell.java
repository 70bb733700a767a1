package org.processmanager.examples.app.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Content of one cell of the buffer: a piece of a line, or the mark that ends the work. Little-endian.
 *
 * <pre>
 *      0 +---------------------------------------+
 *        | word                                8 |   bits 0..47 number of the piece in the plan
 *        |                                       |   bit 62     ENDS_ITEM: the last piece of its line
 *        |                                       |   bit 61     IN_WORD: continues a word of the preceding piece
 *        |                                       |   bit 60     END: the work has ended; no text follows
 *        |                                       |   bit 59     AGAIN: a producer that died may have put it already
 *      8 +---------------------------------------+
 *        | text                   0..TEXT_BYTES  |   without the line feed
 *        +---------------------------------------+
 * </pre>
 */
final class Cell {
    static final int BYTES = 256;
    static final int TEXT_BYTES = BYTES - Long.BYTES;

    private static final long NUMBER_MASK = (1L << 48) - 1;
    private static final long ENDS_ITEM = 1L << 62;
    private static final long IN_WORD = 1L << 61;
    private static final long END = 1L << 60;
    private static final long AGAIN = 1L << 59;

    private Cell() {}

    static ByteBuffer allocate() {
        return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fills the cell and leaves it ready to be put. */
    static void set(
            ByteBuffer cell, long number, boolean endsItem, boolean beginsInWord, byte[] text, int from, int length) {
        cell.clear();
        cell.putLong(number | (endsItem ? ENDS_ITEM : 0) | (beginsInWord ? IN_WORD : 0));
        cell.put(text, from, length).flip();
    }

    /** Marks a filled cell as one that may be delivered twice. */
    static void markAgain(ByteBuffer cell) {
        cell.putLong(0, cell.getLong(0) | AGAIN);
    }

    static boolean isAgain(long word) {
        return (word & AGAIN) != 0;
    }

    /** Returns the last cell that a consumer takes. */
    static byte[] end() {
        return wrap(new byte[Long.BYTES]).putLong(0, END).array();
    }

    static ByteBuffer wrap(byte[] cell) {
        return ByteBuffer.wrap(cell).order(ByteOrder.LITTLE_ENDIAN);
    }

    static boolean isEnd(long word) {
        return (word & END) != 0;
    }

    static long number(long word) {
        return word & NUMBER_MASK;
    }

    static boolean endsItem(long word) {
        return (word & ENDS_ITEM) != 0;
    }

    /** Returns the number of words that begin in the text of a cell. */
    static int countWords(long word, byte[] cell) {
        boolean inWord = (word & IN_WORD) != 0;
        int words = 0;
        for (int i = Long.BYTES; i < cell.length; i++) {
            boolean separator = PieceCutter.isSeparator(cell[i]);
            if (!separator && !inWord) {
                words++;
            }
            inWord = !separator;
        }
        return words;
    }
}
