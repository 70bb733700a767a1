package org.processmanager.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import org.processmanager.benchmarks.suite.Candidate;

/**
 * Draws a bar for each candidate of a case in one placement, the best at the top: the length is the median, a mark
 * spans the minimum to the 99th percentile if there is one. Lengths are logarithmic if the longest exceeds the
 * shortest by far. Failed candidates are at the bottom. Drawn twice, for wide and narrow windows; the style sheet
 * shows one of them. All charts of a suite with the same unit have the same scale.
 */
final class BarChart {
    private static final int BAR_HEIGHT = 15;
    private static final int TICKS_HEIGHT = 22;
    private static final int TEXT_HEIGHT = 17; // of the line above a bar in a narrow window
    private static final double LOGARITHMIC_FROM = 30; // times the shortest

    /** The horizontal layout. In a narrow window names and values are above the bars. */
    private enum Layout {
        WIDE(190, 430, 210, 24),
        NARROW(6, 330, 8, 40);

        final int left;
        final int bars;
        final int right;
        final int rowHeight;

        Layout(int left, int bars, int right, int rowHeight) {
            this.left = left;
            this.bars = bars;
            this.right = right;
            this.rowHeight = rowHeight;
        }

        int width() {
            return left + bars + right;
        }

        /** Returns the height of the axis; without room beside the ticks, the scale is written below them. */
        int axisHeight() {
            return isNarrow() ? TICKS_HEIGHT + TEXT_HEIGHT : TICKS_HEIGHT;
        }

        boolean isNarrow() {
            return this == NARROW;
        }
    }

    private final Layout layout;
    private final List<Row> rows;
    private final String unit;
    private final boolean logarithmic;
    private final double least;
    private final double most;

    private BarChart(Layout layout, List<Row> rows, List<Row> suite) {
        this.layout = layout;
        boolean more = rows.get(0).unit().moreIsBetter();
        this.rows = rows.stream()
                .sorted(Comparator.comparing((Row row) -> !hasBar(row))
                        .thenComparingDouble(row -> more ? -row.median() : row.median()))
                .toList();
        this.unit = rows.get(0).unit().symbol();
        List<Row> comparable =
                suite.stream().filter(row -> row.unit() == rows.get(0).unit()).toList();
        double shortest = comparable.stream()
                .filter(BarChart::hasBar)
                .mapToDouble(Row::median)
                .filter(value -> value > 0)
                .min()
                .orElse(1);
        this.most = comparable.stream()
                .filter(BarChart::hasBar)
                .mapToDouble(Row::median)
                .max()
                .orElse(1);
        this.logarithmic = most / shortest > LOGARITHMIC_FROM;
        this.least = logarithmic ? Math.pow(10, Math.floor(Math.log10(shortest) - 0.3)) : 0;
    }

    /**
     * Draws a chart.
     *
     * @param rows of one case and placement
     * @param suite all rows that share the scale, if they share the unit
     */
    static String of(List<Row> rows, List<Row> suite) {
        return new BarChart(Layout.WIDE, rows, suite).draw() + new BarChart(Layout.NARROW, rows, suite).draw();
    }

    private static boolean hasBar(Row row) {
        return Double.isFinite(row.median());
    }

    private String draw() {
        int bottom = rows.size() * layout.rowHeight;
        String style = layout.isNarrow() ? "narrow" : "wide";
        Svg svg = new Svg(style, layout.width(), bottom + layout.axisHeight(), "medians in " + unit);
        drawAxis(svg, bottom);
        for (int i = 0; i < rows.size(); i++) {
            double top = i * layout.rowHeight;
            double space = layout.isNarrow() ? TEXT_HEIGHT : (layout.rowHeight - BAR_HEIGHT) / 2.0;
            drawRow(svg, rows.get(i), top, top + space);
        }
        return svg.toString();
    }

    private void drawAxis(Svg svg, double bottom) {
        svg.line("axis", layout.left, 0, layout.left, bottom);
        double step = logarithmic ? 10 : niceStep(most / 4);
        for (double tick = logarithmic ? least : 0;
                tick <= most * 1.0001;
                tick = logarithmic ? tick * step : tick + step) {
            double x = layout.left + length(tick);
            svg.line("grid", x, 0, x, bottom);
            svg.text("tick", x, bottom + 15, Numbers.withUnit(tick, rows.get(0).unit()));
        }
        String scale = rows.get(0).unit().moreIsBetter() ? "more is better" : "less is better";
        svg.text("scale", layout.width(), bottom + layout.axisHeight() - 7, scale + (logarithmic ? ", log" : ""));
    }

    private void drawRow(Svg svg, Row row, double top, double barTop) {
        double middle = barTop + BAR_HEIGHT / 2.0;
        boolean ours = row.candidate().startsWith(Candidate.OURS);
        String name = ours ? "name ours" : "name";
        String value = row.verified() ? "value" : "value failed";
        double end = hasBar(row) ? drawBar(svg, row, barTop, middle) : layout.left;
        if (layout.isNarrow()) {
            svg.text(name + " above", layout.left, top + TEXT_HEIGHT - 4, row.candidate());
            svg.text(value + " above", layout.left + layout.bars, top + TEXT_HEIGHT - 4, label(row));
        } else {
            svg.text(name, layout.left - 8, middle + 4, row.candidate());
            svg.text(value, end + 8, middle + 4, label(row));
        }
    }

    /** Draws a bar with its marks and returns its right edge. */
    private double drawBar(Svg svg, Row row, double top, double middle) {
        double end = layout.left + length(row.median());
        svg.rectangle("bar" + kind(row), layout.left, top, length(row.median()), BAR_HEIGHT);
        if (!Double.isFinite(row.p99())) {
            return end;
        }
        double farEnd = layout.left + length(row.p99());
        svg.line("spread", layout.left + length(row.min()), middle, farEnd, middle);
        boolean goesOn = row.p99() > most;
        if (goesOn) {
            svg.text("beyond", farEnd - 1, middle + 4, "\u203a");
        }
        return Math.max(end, farEnd) + (goesOn ? 4 : 0);
    }

    private static String kind(Row row) {
        if (!row.verified()) {
            return " failed";
        }
        boolean limit = row.candidate().startsWith("c-");
        return row.candidate().startsWith(Candidate.OURS) ? " ours" : limit ? " limit" : "";
    }

    private static String label(Row row) {
        String value = Numbers.withUnit(row.median(), row.unit());
        if (!row.verified()) {
            return hasBar(row) ? value + "  not verified" : "failed";
        }
        boolean itself = row.candidate().equals(Candidate.OURS) || !Double.isFinite(row.advantage());
        return itself ? value : value + "  \u00b7  ours " + Numbers.times(row.advantage());
    }

    /** Returns the length of the bar for a value. */
    private double length(double value) {
        double part = logarithmic ? Math.log(Math.max(value, least) / least) / Math.log(most / least) : value / most;
        return Math.max(0, Math.min(1, part)) * layout.bars;
    }

    /** Returns the next of 1, 2, 5, 10, 20, ... */
    private static double niceStep(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= atLeast) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
