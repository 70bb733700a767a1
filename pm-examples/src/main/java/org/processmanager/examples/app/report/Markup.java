package org.processmanager.examples.app.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.processmanager.examples.app.cli.terminal.Printable;

/** HTML text under construction. What comes from the log enters by {@link #text} or {@link #escape} alone. */
final class Markup {
    private final StringBuilder out = new StringBuilder();

    /** Appends markup as it is, with each {@code %s} replaced by a value that is a number or escaped already. */
    Markup raw(String format, Object... values) {
        out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
        return this;
    }

    /** Appends text of any origin. */
    Markup text(String text) {
        out.append(escape(text));
        return this;
    }

    Markup line() {
        out.append('\n');
        return this;
    }

    /** Returns text that is the same characters in an element and in an attribute, on one line; control characters become "?". */
    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (char c : Printable.line(text.replaceAll("[\\r\\n\\t]+", " ")).toCharArray()) {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }

    /** Returns a text of limited length; the whole one belongs into a title. */
    static String shortened(String text, int most) {
        int length = text.codePointCount(0, text.length());
        return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "\u2026";
    }

    /** Returns a coordinate with at most one decimal. */
    static String number(double value) {
        return BigDecimal.valueOf(value)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
