package org.processmanager.examples.app.demo;

/**
 * Cuts a stream of bytes into pieces: a line is one piece if it fits into one, else several, each full but the last. The
 * line feed belongs to none. Who plans the work and who does it cut alike, since a cut depends on nothing but the bytes
 * since the line began.
 *
 * <p>A cut may fall into a word. The piece after it then says so, and its reader does not count that word again: a word is
 * counted where it begins.
 */
final class PieceCutter {
    /** Takes the pieces, in order. */
    @FunctionalInterface
    interface Sink {
        /**
         * @param offset where the piece begins, counted as the cutter was told to begin
         * @param length its bytes, 0 for an empty line
         * @param endsItem whether it is the last of its line
         * @param beginsInWord whether its first byte goes on with a word of the piece before
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
     * @param inWord whether that piece goes on with a word
     */
    PieceCutter(int largestPiece, long offset, boolean inWord, Sink sink) {
        this.largestPiece = largestPiece;
        this.position = offset;
        this.inWord = inWord;
        this.beganInWord = inWord;
        this.sink = sink;
    }

    /** Whether a byte stands between words. A line feed does too, but is never part of a piece. */
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

    /** Where the next byte stands. */
    long position() {
        return position;
    }

    private void cut(boolean endsItem) throws InterruptedException {
        sink.piece(position - length, length, endsItem, beganInWord);
        beganInWord = inWord;
        length = 0;
    }
}
