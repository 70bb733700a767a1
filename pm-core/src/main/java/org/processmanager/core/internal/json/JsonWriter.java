package org.processmanager.core.internal.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON values (RFC 8259) into one line: everything below U+0020, the two line separators of JavaScript and lone
 * surrogates are escaped, so that any string of Java comes out as valid UTF-8 and a line break never stands inside a value.
 */
public final class JsonWriter {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out;

    private JsonWriter(StringBuilder out) {
        this.out = out;
    }

    /**
     * The JSON text of a value: null, a Boolean, a Number, a String, an Enum (its name), an Iterable, or a Map with string
     * keys, in its order. Numbers that JSON has no form for (NaN, infinities) become null.
     *
     * @throws IllegalArgumentException for a value of another type
     */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder(256);
        new JsonWriter(out).value(value);
        return out.toString();
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            out.append(Double.isFinite(number) ? value.toString() : "null");
        } else if (value instanceof Number) {
            out.append(value);
        } else if (value instanceof Enum<?> constant) {
            string(constant.name());
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Iterable<?> items) {
            array(items);
        } else {
            throw new IllegalArgumentException(
                    "no JSON form for " + value.getClass().getName());
        }
    }

    private void object(Map<?, ?> map) {
        char separator = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            string((String) entry.getKey());
            out.append(':');
            value(entry.getValue());
            separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private void array(Iterable<?> items) {
        char separator = '[';
        for (Object item : items) {
            out.append(separator);
            value(item);
            separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                character(c);
            }
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < 0x20 || c == 0x7f || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
                    out.append("\\u")
                            .append(HEX[c >> 12])
                            .append(HEX[c >> 8 & 15])
                            .append(HEX[c >> 4 & 15])
                            .append(HEX[c & 15]);
                } else {
                    out.append(c);
                }
            }
        }
    }
}
