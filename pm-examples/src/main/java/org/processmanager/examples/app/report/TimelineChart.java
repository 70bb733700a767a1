package org.processmanager.examples.app.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.eventlog.Report;

/** A row for each run of an activity: when it ran, and how it ended by colour, pattern and text. */
final class TimelineChart {
    static final int WIDTH = 1000;
    static final int LEFT = 190;
    static final int RIGHT = 760;

    private static final int ROW = 22;
    private static final int BAR = 14;
    private static final int AXIS = 24;
    private static final int MOST_ROWS = 200;
    private static final int NAME_CHARS = 24;
    private static final int END_CHARS = 24;
    private static final double LEAST_BAR = 3;

    private TimelineChart() {}

    static void write(Markup out, Activity activity, ZoneId zone) {
        List<Report.Run> all = activity.runs();
        List<Report.Run> runs = all.subList(0, Math.min(all.size(), MOST_ROWS));
        TimeAxis axis = TimeAxis.of(activity, LEFT, RIGHT);
        int height = AXIS + ROW * runs.size();
        out.raw(
                        "<svg class=\"chart\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"Lifetimes of processes\">",
                        WIDTH, height + 4)
                .line();
        writeAxis(out, axis, AXIS - 6, height);
        for (int row = 0; row < runs.size(); row++) {
            writeRow(out, runs.get(row), axis, activity.end(), AXIS + row * ROW, zone);
        }
        out.raw("</svg>").line();
        if (runs.size() < all.size()) {
            out.raw(
                            "<p class=\"note\">The first %s of %s are drawn; the table below has more.</p>",
                            MOST_ROWS, all.size())
                    .line();
        }
    }

    /** Draws the marks of the axis: labels above {@code top}, lines down to {@code bottom}. */
    static void writeAxis(Markup out, TimeAxis axis, int top, int bottom) {
        for (TimeAxis.Tick tick : axis.ticks()) {
            String x = Markup.number(tick.x());
            out.raw("<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>", x, top, x, bottom)
                    .raw("<text class=\"tick\" x=\"%s\" y=\"%s\">%s</text>", x, top - 4, tick.label())
                    .line();
        }
    }

    private static void writeRow(Markup out, Report.Run run, TimeAxis axis, Instant last, int top, ZoneId zone) {
        RunOutcome outcome = RunOutcome.of(run);
        int y = top + (ROW - BAR) / 2;
        int baseline = top + ROW - 6;
        out.raw("<g class=\"%s\"><title>", outcome.cssClass())
                .text(title(run, zone))
                .raw("</title>")
                .raw("<text class=\"name\" x=\"%s\" y=\"%s\">", LEFT - 8, baseline)
                .text(Markup.shortened(label(run), NAME_CHARS))
                .raw("</text>");
        double from = axis.x(run.start());
        Duration duration = run.duration();
        if (outcome == RunOutcome.NOT_STARTED) {
            writeCross(out, from, y);
        } else {
            Instant end = duration == null ? last : run.start().plus(duration);
            double width = Math.max(LEAST_BAR, axis.x(end) - from);
            out.raw(
                    "<rect class=\"bar\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\"/>",
                    Markup.number(from), y, Markup.number(width), BAR);
            if (outcome == RunOutcome.FAILED) {
                out.raw(
                        "<rect class=\"hatch\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\"/>",
                        Markup.number(from), y, Markup.number(width), BAR);
            } else if (outcome == RunOutcome.KILLED) {
                writeCross(out, from + width, y);
            }
        }
        String lasted = duration == null ? "" : " \u00b7 " + Durations.shortText(duration);
        out.raw("<text class=\"end\" x=\"%s\" y=\"%s\">", RIGHT + 14, baseline)
                .text(outcome.symbol() + " " + Markup.shortened(RunOutcome.text(run), END_CHARS) + lasted)
                .raw("</text></g>")
                .line();
    }

    /** Draws the mark of a death, or of a start that failed. */
    private static void writeCross(Markup out, double x, int y) {
        String left = Markup.number(x - 5);
        String right = Markup.number(x + 5);
        out.raw(
                "<path class=\"cross\" d=\"M%s %sL%s %sM%s %sL%s %s\"/>",
                left, y + 2, right, y + BAR - 2, left, y + BAR - 2, right, y + 2);
    }

    private static String label(Report.Run run) {
        return run.pid() == null ? run.name() : run.name() + " (" + run.pid() + ")";
    }

    private static String title(Report.Run run, ZoneId zone) {
        String lasted = run.duration() == null ? "" : ", after " + Durations.shortText(run.duration());
        String command = run.commandLine().isEmpty() ? "" : ": " + run.commandLine();
        return run.what() + " " + label(run) + command + " | started " + ReportPage.time(run.start(), zone) + " | "
                + RunOutcome.text(run) + lasted;
    }
}
