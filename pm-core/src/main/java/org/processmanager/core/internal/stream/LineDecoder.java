package org.processmanager.core.internal.stream;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.function.Consumer;

/**
 * Splits a stream of bytes into lines. Pieces of the stream may end anywhere, also inside a character or between CR and LF.
 * Lines end with LF or CR LF, optionally also with a bare CR; malformed input is replaced by the replacement character. A
 * line longer than {@value #MAX_LINE_CHARS} characters is passed on in pieces of that length.
 */
final class LineDecoder {
    static final int MAX_LINE_CHARS = 1024 * 1024;
    private static final int CHARS = 8 * 1024;
    /** More than the bytes of a partial character in any charset. */
    private static final int PARTIAL_BYTES = 64;

    private final CharsetDecoder decoder;
    private final boolean cutAtCr;
    private final Consumer<String> lines;
    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    private final ByteBuffer partial = ByteBuffer.allocate(PARTIAL_BYTES);
    private final StringBuilder line = new StringBuilder();
    /** The first piece of the line was passed on already. */
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
        // A partial character is completed byte by byte, which takes only a few.
        while (partial.position() > 0 && bytes.hasRemaining()) {
            partial.put(bytes.get());
            partial.flip();
            decode(partial, false);
            partial.compact();
        }
        decode(bytes, false);
        partial.put(bytes);
    }

    boolean hasPartialLine() {
        return line.length() > 0 || partial.position() > 0;
    }

    void end() {
        partial.flip();
        decode(partial, true);
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
            int n = Math.min(to - at, MAX_LINE_CHARS - line.length());
            line.append(chars, at, at + n);
            at += n;
            if (line.length() == MAX_LINE_CHARS) {
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
        boolean isEmptyRest = cut && end == 0;
        cut = false;
        if (!isEmptyRest) {
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
