package org.processmanager.examples.app.cli.terminal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Keys of a terminal in raw mode. A key is its character as text, or one of the names below; Ctrl with a letter is {@code ^} and
 * the letter. Escape sequences of other keys are no key.
 */
public final class Keys {
    public static final String UP = "<up>";
    public static final String DOWN = "<down>";
    public static final String LEFT = "<left>";
    public static final String RIGHT = "<right>";
    public static final String PAGE_UP = "<page-up>";
    public static final String PAGE_DOWN = "<page-down>";
    public static final String HOME = "<home>";
    public static final String END = "<end>";
    public static final String ENTER = "<enter>";
    public static final String ESCAPE = "<escape>";
    public static final String BACKSPACE = "<backspace>";
    /** The input has ended. */
    public static final String END_OF_INPUT = "<end-of-input>";

    private static final Map<String, String> SEQUENCES = Map.ofEntries(
            Map.entry("A", UP),
            Map.entry("B", DOWN),
            Map.entry("C", RIGHT),
            Map.entry("D", LEFT),
            Map.entry("H", HOME),
            Map.entry("F", END),
            Map.entry("1~", HOME),
            Map.entry("7~", HOME),
            Map.entry("4~", END),
            Map.entry("8~", END),
            Map.entry("5~", PAGE_UP),
            Map.entry("6~", PAGE_DOWN));
    private static final int ESC = 27;
    private static final int DELETE = 127;
    private static final int LAST_CONTROL = 31;
    private static final int FIRST_FINAL = 0x40;

    private Keys() {}

    /**
     * Keys, and the bytes behind them that are the begin of another one.
     *
     * @param keys the keys
     * @param rest bytes of an incomplete key
     */
    record Decoded(List<String> keys, byte[] rest) {}

    /**
     * Returns the keys of bytes.
     *
     * @param isAll whether nothing follows soon: an escape character at the end is then a key of its own
     */
    static Decoded decode(byte[] bytes, boolean isAll) {
        List<String> keys = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int end = bytes[at] == ESC ? endOfSequence(bytes, at) : endOfCharacter(bytes, at);
            if (end > bytes.length && !isAll) {
                break;
            }
            if (bytes[at] == ESC) {
                boolean alone = at + 1 >= bytes.length || !isIntroducer(bytes[at + 1]);
                int to = Math.min(end, bytes.length);
                String key = alone
                        ? ESCAPE
                        : SEQUENCES.get(new String(
                                bytes, Math.min(at + 2, to), Math.max(0, to - at - 2), StandardCharsets.US_ASCII));
                if (key != null) {
                    keys.add(key);
                }
                at = alone ? at + 1 : to;
            } else {
                int to = Math.min(end, bytes.length);
                keys.add(character(bytes, at, to));
                at = to;
            }
        }
        return new Decoded(keys, Arrays.copyOfRange(bytes, at, bytes.length));
    }

    /** Returns whether a key is a character that can be part of a text. */
    public static boolean isText(String key) {
        return key.codePointCount(0, key.length()) == 1;
    }

    private static boolean isIntroducer(byte b) {
        return b == '[' || b == 'O';
    }

    /** Returns where an escape sequence ends; behind the bytes if it is incomplete. */
    private static int endOfSequence(byte[] bytes, int from) {
        if (from + 1 >= bytes.length) {
            return bytes.length + 1;
        }
        if (!isIntroducer(bytes[from + 1])) {
            return from + 1;
        }
        int at = from + 2;
        while (at < bytes.length && bytes[at] < FIRST_FINAL) {
            at++;
        }
        return at + 1;
    }

    private static int endOfCharacter(byte[] bytes, int from) {
        int first = bytes[from] & 0xff;
        return from + (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);
    }

    private static String character(byte[] bytes, int from, int to) {
        int first = bytes[from];
        if (first == '\r' || first == '\n') {
            return ENTER;
        }
        if (first == DELETE || first == '\b') {
            return BACKSPACE;
        }
        return first >= 0 && first <= LAST_CONTROL
                ? "^" + (char) (first + FIRST_FINAL)
                : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
