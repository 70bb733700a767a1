package org.processmanager.examples.app.cli.terminal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes text safe for a terminal. Names, arguments and messages come from other programs, and may contain what a terminal
 * executes: control characters, and those that reverse the order of what follows.
 */
public final class Printable {
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int LAST_EMBEDDING = 0x202e;
    private static final int FIRST_ISOLATE = 0x2066;
    private static final int LAST_ISOLATE = 0x2069;

    private Printable() {}

    /** Returns the text in one line, with a question mark for each unsafe character. */
    public static String line(String text) {
        return replaced(text, false);
    }

    /** Returns the text with its line feeds and tabs, and a question mark for each other unsafe character. */
    public static String text(String text) {
        return replaced(text, true);
    }

    /** Returns a factory whose generators escape all unsafe characters; JSON itself demands it of the first 32 only. */
    public static JsonFactory jsonFactory() {
        return new JsonFactory().setCharacterEscapes(new Escapes());
    }

    private static String replaced(String text, boolean keepLines) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean kept = !isUnsafe(c) || keepLines && (c == '\n' || c == '\t');
            printable.appendCodePoint(kept ? c : '?');
        });
        return printable.toString();
    }

    private static boolean isUnsafe(int c) {
        return Character.isISOControl(c)
                || c >= LINE_SEPARATOR && c <= LAST_EMBEDDING
                || c >= FIRST_ISOLATE && c <= LAST_ISOLATE;
    }

    private static final class Escapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final int DELETE = 0x7f;

        private final int[] ascii = standardAsciiEscapesForJSON();

        Escapes() {
            ascii[DELETE] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii.clone();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return isUnsafe(c) ? new SerializedString(String.format(Locale.ROOT, "\\u%04x", c)) : null;
        }
    }
}
