package org.processmanager.examples.app.demo;

/**
 * Cuts a stream of bytes into pieces: a line is one piece if it fits into one, otherwise several, each full but the last.
 * The line feed belongs to none. The plan and the producers cut alike, because a cut depends only on the bytes since the
 * beginning of the line.
 *
 * <p>A cut may fall into a word. The next piece is then marked, so that its reader does not count that word again: a word is
 * counted where it begins.
 */
final class PieceCutter {
    /** Receives the pieces in order. */
    @FunctionalInterface
    interface Sink {
        /**
         * @param offset where the piece begins, relative to the start of the cutter
         * @param length its bytes, 0 for an empty line
         * @param endsItem whether it is the last of its line
         * @param beginsInWord whether its first byte continues a word of the preceding piece
         */
        void piece(long offset, int length, boolean endsItem, boolean beginsInWord) throws InterruptedException;
    }

    private final int largestPiece;
    private final Sink sink;
    private long position;
    private int length;
    private boolean inWord;
    private boolean beganInWord;

    /**
     * @param largestPiece bytes
     * @param offset of the first byte, which begins a piece
     * @param inWord whether that piece continues a word
     */
    PieceCutter(int largestPiece, long offset, boolean inWord, Sink sink) {
        this.largestPiece = largestPiece;
        this.position = offset;
        this.inWord = inWord;
        this.beganInWord = inWord;
        this.sink = sink;
    }

    /** Returns whether a byte separates words. A line feed does too, but is never part of a piece. */
    static boolean isSeparator(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    void accept(byte[] bytes, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                inWord = false;
                cut(true);
                position++;
            } else {
                if (length == largestPiece) {
                    cut(false);
                }
                position++;
                length++;
                inWord = !isSeparator(b);
            }
        }
    }

    /**
     * Ends the last piece, if there is one: a full or an unfinished line.
     *
     * @param endsItem whether nothing of that line follows
     */
    void finish(boolean endsItem) throws InterruptedException {
        if (length > 0) {
            cut(endsItem);
        }
    }

    /** Returns the position of the next byte. */
    long position() {
        return position;
    }

    private void cut(boolean endsItem) throws InterruptedException {
        sink.piece(position - length, length, endsItem, beganInWord);
        beganInWord = inWord;
        length = 0;
    }
}
