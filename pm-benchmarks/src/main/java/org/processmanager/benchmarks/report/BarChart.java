package org.processmanager.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import org.processmanager.benchmarks.suite.Candidate;

/**
 * A bar for each candidate of a case in one placement, the best on top: as long as its median, with a mark from the least value
 * to the 99th percentile where there is one. Where the longest would dwarf the others, lengths are logarithmic.
 */
final class BarChart {
    private static final int NAMES_WIDTH = 190;
    private static final int BARS_WIDTH = 430;
    private static final int VALUES_WIDTH = 210;
    private static final int ROW_HEIGHT = 24;
    private static final int BAR_HEIGHT = 15;
    private static final int AXIS_HEIGHT = 22;
    private static final double LOGARITHMIC_FROM = 30; // times the shortest

    private final List<Row> rows;
    private final String unit;
    private final boolean logarithmic;
    private final double least;
    private final double most;

    private BarChart(List<Row> rows) {
        boolean more = rows.get(0).unit().moreIsBetter();
        Comparator<Row> byMedian = Comparator.comparingDouble(Row::median);
        this.rows = rows.stream().sorted(more ? byMedian.reversed() : byMedian).toList();
        this.unit = rows.get(0).unit().symbol();
        double shortest = rows.stream()
                .mapToDouble(Row::median)
                .filter(value -> value > 0)
                .min()
                .orElse(1);
        this.most = rows.stream().mapToDouble(Row::median).max().orElse(1);
        this.logarithmic = most / shortest > LOGARITHMIC_FROM;
        this.least = logarithmic ? Math.pow(10, Math.floor(Math.log10(shortest) - 0.3)) : 0;
    }

    /** @param rows of one case and placement, each with a median */
    static String of(List<Row> rows) {
        return new BarChart(rows).draw();
    }

    private String draw() {
        int height = rows.size() * ROW_HEIGHT + AXIS_HEIGHT;
        Svg svg = new Svg(NAMES_WIDTH + BARS_WIDTH + VALUES_WIDTH, height, "medians in " + unit);
        drawAxis(svg, rows.size() * ROW_HEIGHT);
        for (int i = 0; i < rows.size(); i++) {
            drawBar(svg, rows.get(i), i * ROW_HEIGHT + (ROW_HEIGHT - BAR_HEIGHT) / 2.0);
        }
        return svg.toString();
    }

    private void drawAxis(Svg svg, double bottom) {
        svg.line("axis", NAMES_WIDTH, 0, NAMES_WIDTH, bottom);
        double step = logarithmic ? 10 : niceStep(most / 4);
        for (double tick = logarithmic ? least : 0;
                tick <= most * 1.0001;
                tick = logarithmic ? tick * step : tick + step) {
            double x = NAMES_WIDTH + length(tick);
            svg.line("grid", x, 0, x, bottom);
            svg.text("tick", x, bottom + 15, Numbers.plain(tick));
        }
        String scale = unit + (rows.get(0).unit().moreIsBetter() ? ", more is better" : ", less is better");
        svg.text("scale", NAMES_WIDTH + BARS_WIDTH + VALUES_WIDTH, bottom + 15, scale + (logarithmic ? ", log" : ""));
    }

    private void drawBar(Svg svg, Row row, double top) {
        double middle = top + BAR_HEIGHT / 2.0;
        double textBase = middle + 4;
        double end = NAMES_WIDTH + length(row.median());
        boolean ours = row.candidate().startsWith(Candidate.OURS);
        boolean limit = row.candidate().startsWith("c-");
        svg.text(ours ? "name ours" : "name", NAMES_WIDTH - 8, textBase, row.candidate());
        svg.rectangle(
                ours ? "bar ours" : limit ? "bar limit" : "bar", NAMES_WIDTH, top, length(row.median()), BAR_HEIGHT);
        double textStart = end + 8;
        if (Double.isFinite(row.p99())) {
            double farEnd = NAMES_WIDTH + length(row.p99());
            svg.line("spread", NAMES_WIDTH + length(row.min()), middle, farEnd, middle);
            textStart = Math.max(end, farEnd) + 8;
            if (row.p99() > most) {
                svg.text("beyond", farEnd - 1, textBase, "\u203a"); // it goes on
                textStart += 4;
            }
        }
        svg.text("value", textStart, textBase, label(row));
    }

    private static String label(Row row) {
        String value = Numbers.figure(row.median()) + " " + row.unit().symbol();
        if (!row.verified()) {
            return value + "  not verified";
        }
        boolean itself = row.candidate().equals(Candidate.OURS) || !Double.isFinite(row.advantage());
        return itself ? value : value + "  \u00b7  ours " + Numbers.times(row.advantage());
    }

    /** Of a bar that stands for this value. */
    private double length(double value) {
        double part = logarithmic ? Math.log(Math.max(value, least) / least) / Math.log(most / least) : value / most;
        return Math.max(0, Math.min(1, part)) * BARS_WIDTH;
    }

    /** The next of 1, 2, 5, 10, 20, ... */
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
