package org.processmanager.benchmarks.report;

import java.util.Locale;

/** Builds SVG. */
final class Svg {
    private final StringBuilder elements = new StringBuilder();
    private final String style;
    private final int width;
    private final int height;
    private final String title;

    /** @param title for screen readers */
    Svg(String style, int width, int height, String title) {
        this.style = style;
        this.width = width;
        this.height = height;
        this.title = title;
    }

    Svg rectangle(String style, double x, double y, double w, double h) {
        return add(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
                style, x, y, w, h);
    }

    Svg line(String style, double x1, double y1, double x2, double y2) {
        return add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", style, x1, y1, x2, y2);
    }

    Svg text(String style, double x, double y, String text) {
        return add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", style, x, y, Html.escape(text));
    }

    private Svg add(String format, Object... values) {
        elements.append(String.format(Locale.ROOT, format, values)).append('\n');
        return this;
    }

    @Override
    public String toString() {
        return "<svg class=\"%s\" viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"%s\">%n%s</svg>%n"
                .formatted(style, width, height, width, Html.escape(title), elements);
    }
}
