package org.processmanager.examples.app.cli;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON document (RFC 8259) on one line.
 *
 * <p>Whether a comma is due is kept for each open object or array; that names and values alternate is the caller's duty.
 * Lone surrogates are written as escapes, so that the document can always be encoded; numbers that JSON lacks are null.
 */
public final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private static final int CHUNK_CHARS = 8 * 1024;

    private final StringBuilder text = new StringBuilder();
    private final @Nullable PrintStream out;
    private final Deque<Character> open = new ArrayDeque<>();
    private boolean commaDue;

    /** Keeps the document until {@link #toString()}. */
    public Json() {
        this(null);
    }

    /** Writes the document as it grows, so that a large one needs no memory; {@link #finish()} ends it. */
    public Json(@Nullable PrintStream out) {
        this.out = out;
    }

    public Json beginObject() {
        return begin('{', '}');
    }

    public Json beginArray() {
        return begin('[', ']');
    }

    /** Ends the innermost object or array. */
    public Json end() {
        text.append(open.pop().charValue());
        commaDue = true;
        return this;
    }

    public Json name(String name) {
        comma();
        string(name);
        text.append(':');
        commaDue = false;
        return this;
    }

    public Json value(@Nullable String value) {
        if (value == null) {
            return raw("null");
        }
        comma();
        string(value);
        commaDue = true;
        return this;
    }

    public Json value(long value) {
        return raw(Long.toString(value));
    }

    public Json value(double value) {
        return raw(Double.isFinite(value) ? Double.toString(value) : "null");
    }

    public Json value(boolean value) {
        return raw(Boolean.toString(value));
    }

    public Json nullValue() {
        return raw("null");
    }

    /** A whole number, or null. */
    public Json number(@Nullable Number value) {
        return value == null ? nullValue() : value(value.longValue());
    }

    /** A value that is JSON already. */
    public Json document(String json) {
        return raw(json);
    }

    public Json field(String name, @Nullable String value) {
        return name(name).value(value);
    }

    public Json field(String name, long value) {
        return name(name).value(value);
    }

    public Json field(String name, double value) {
        return name(name).value(value);
    }

    public Json field(String name, boolean value) {
        return name(name).value(value);
    }

    /** The document, once every object and array is ended. */
    @Override
    public String toString() {
        checkFinished();
        return text.toString();
    }

    /** Writes the rest of the document and a line break. */
    public void finish() {
        checkFinished();
        Objects.requireNonNull(out, "out").println(text);
    }

    private void checkFinished() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("unfinished document: " + open.size() + " objects or arrays are open");
        }
    }

    private Json begin(char first, char last) {
        comma();
        text.append(first);
        open.push(last);
        commaDue = false;
        return this;
    }

    private Json raw(String literal) {
        drain();
        comma();
        text.append(literal);
        commaDue = true;
        return this;
    }

    /** Writes what has come together, where the document is written as it grows. */
    private void drain() {
        if (out != null && text.length() > CHUNK_CHARS) {
            out.print(text);
            text.setLength(0);
        }
    }

    private void comma() {
        if (commaDue) {
            text.append(',');
        }
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            if (!Character.isLowSurrogate(value.charAt(i))) {
                drain(); // a pair of surrogates is never torn, the stream encodes each part alone
            }
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || isLoneSurrogate(value, i)) {
                        escape(c);
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private void escape(char c) {
        text.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[c >> 8 & 0xf])
                .append(HEX[c >> 4 & 0xf])
                .append(HEX[c & 0xf]);
    }

    private static boolean isLoneSurrogate(String value, int index) {
        char c = value.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == value.length() || !Character.isLowSurrogate(value.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
    }
}
