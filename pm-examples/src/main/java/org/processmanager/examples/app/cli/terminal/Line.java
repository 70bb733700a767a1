package org.processmanager.examples.app.cli.terminal;

import java.util.List;

/**
 * A line of a screen.
 *
 * @param text without control characters
 * @param style how it looks
 */
public record Line(String text, Style style) {
    /** Returns lines without a style. */
    public static List<Line> plain(List<String> texts) {
        return texts.stream().map(text -> new Line(text, Style.PLAIN)).toList();
    }
}
