package org.processmanager.core.internal.stream;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines, wherever the pieces of it end: between the bytes of a character, or between CR and LF.
 * Lines end with LF or CR LF, on request also with a bare CR; malformed input becomes the replacement character. A line longer than
 * {@value #LONGEST_LINE} characters comes in pieces of that length.
 */
final class LineDecoder {
    static final int LONGEST_LINE = 1024 * 1024;
    private static final int CHARS = 8 * 1024;
    /** More than the bytes of one unfinished character in any charset. */
    private static final int UNFINISHED = 64;

    private final CharsetDecoder decoder;
    private final boolean cutAtCr;
    private final Consumer<String> lines;
    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    private final ByteBuffer unfinished = ByteBuffer.allocate(UNFINISHED);
    private final StringBuilder line = new StringBuilder();
    /** The line began with a piece that was given out already. */
    private boolean cut;
    /** The last character was a CR that ended a line: an LF after it belongs to it. */
    private boolean afterCr;

    LineDecoder(Charset charset, boolean cutAtCr, Consumer<String> lines) {
        this.cutAtCr = cutAtCr;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        this.lines = lines;
    }

    void accept(ByteBuffer bytes) {
        // An unfinished character from before is completed byte by byte: that never takes more than a few.
        while (unfinished.position() > 0 && bytes.hasRemaining()) {
            unfinished.put(bytes.get());
            unfinished.flip();
            decode(unfinished, false);
            unfinished.compact();
        }
        decode(bytes, false);
        unfinished.put(bytes);
    }

    boolean isInsideALine() {
        return line.length() > 0 || unfinished.position() > 0;
    }

    void end() {
        unfinished.flip();
        decode(unfinished, true);
        decoder.flush(chars);
        emitChars();
        if (line.length() > 0) {
            emit(line.toString());
        }
    }

    private void decode(ByteBuffer bytes, boolean last) {
        while (decoder.decode(bytes, chars, last).isOverflow()) {
            emitChars();
        }
        emitChars();
    }

    private void emitChars() {
        chars.flip();
        int from = 0;
        for (int i = 0; i < chars.limit(); i++) {
            char c = chars.get(i);
            if (c == '\n' && afterCr) {
                from = i + 1;
            } else if (c == '\n' || c == '\r' && cutAtCr) {
                append(from, i);
                emitLine();
                from = i + 1;
            }
            afterCr = c == '\r' && cutAtCr;
        }
        append(from, chars.limit());
        chars.clear();
    }

    private void append(int from, int to) {
        for (int at = from; at < to; ) {
            int n = Math.min(to - at, LONGEST_LINE - line.length());
            line.append(chars, at, at + n);
            at += n;
            if (line.length() == LONGEST_LINE) {
                emit(line.toString());
                cut = true;
            }
        }
    }

    private void emitLine() {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        boolean nothingAfterPieces = cut && end == 0;
        cut = false;
        if (!nothingAfterPieces) {
            emit(line.substring(0, end));
        } else {
            line.setLength(0);
        }
    }

    private void emit(String text) {
        line.setLength(0);
        lines.accept(text);
    }
}
