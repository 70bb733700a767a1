package org.processmanager.examples.app.demo;

import java.io.IOException;
import java.io.InputStream;

/**
 * Lines and words of a text, counted by one thread in one pass.
 *
 * <p>Bytes are counted, not characters, so that any encoding, even a malformed one, is accepted. An item is a line: bytes
 * that end with a line feed, or the bytes after the last one. A word is a maximal run of bytes other than
 * line feed, space, tab and carriage return. So for a file F: items is {@code awk 'END {print NR}' F}, words is
 * {@code tr -s ' \t\r' '\n' < F | grep -ac .} in the locale C.
 *
 * @param items the lines
 * @param words the words
 */
public record WordCount(long items, long words) {
    static final WordCount NOTHING = new WordCount(0, 0);

    private static final int CHUNK_BYTES = 64 * 1024;

    /** Reads the stream to its end. */
    static WordCount of(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long lineFeeds = 0;
        long words = 0;
        boolean inWord = false;
        byte last = '\n';
        for (int length; (length = in.read(chunk)) > 0; last = chunk[length - 1]) {
            for (int i = 0; i < length; i++) {
                byte b = chunk[i];
                if (b == '\n') {
                    lineFeeds++;
                }
                boolean separator = b == ' ' || b == '\n' || b == '\t' || b == '\r';
                if (!separator && !inWord) {
                    words++;
                }
                inWord = !separator;
            }
        }
        return new WordCount(last == '\n' ? lineFeeds : lineFeeds + 1, words);
    }

    WordCount plus(WordCount other) {
        return new WordCount(items + other.items, words + other.words);
    }
}
