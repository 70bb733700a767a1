package org.processmanager.examples.app.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import org.processmanager.examples.app.eventlog.LogRecord.ProcessSampled;

/** The load of the processes of an activity over time, a line for each. */
final class LoadChart {
    private static final int HEIGHT = 150;
    private static final int TOP = 24;
    private static final int BOTTOM = 136;
    private static final int MOST_LINES = 6;
    private static final int MOST_POINTS = 200;
    private static final int LABEL_CHARS = 30;
    private static final int LABEL_STEP = 18;

    private LoadChart() {}

    /**
     * Draws one quantity.
     *
     * @param name what it is
     * @param value takes it from a sample
     * @param top rounds the largest value up, to the top of the axis
     * @param text writes a value with its unit
     */
    static void write(
            Markup out,
            Activity activity,
            String name,
            ToLongFunction<ProcessSampled> value,
            LongUnaryOperator top,
            LongFunction<String> text) {
        List<List<ProcessSampled>> lines = lines(activity.samples(), value);
        long most = activity.samples().stream().mapToLong(value).max().orElse(0);
        long scale = Math.max(1, top.applyAsLong(most));
        TimeAxis axis = TimeAxis.of(activity, TimelineChart.LEFT, TimelineChart.RIGHT);
        out.raw(
                        "<svg class=\"chart\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s over time\">",
                        TimelineChart.WIDTH, HEIGHT, Markup.escape(name))
                .line();
        TimelineChart.writeAxis(out, axis, TOP - 6, BOTTOM);
        out.raw("<text class=\"strong\" x=\"0\" y=\"%s\">", (TOP + BOTTOM) / 2 + 4)
                .text(name)
                .raw("</text>");
        for (int part = 0; part <= 2; part++) {
            int y = BOTTOM - part * (BOTTOM - TOP) / 2;
            out.raw(
                            "<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>",
                            TimelineChart.LEFT, y, TimelineChart.RIGHT, y)
                    .raw("<text class=\"name small\" x=\"%s\" y=\"%s\">", TimelineChart.LEFT - 8, y + 4)
                    .text(text.apply(scale * part / 2))
                    .raw("</text>")
                    .line();
        }
        for (int line = 0; line < Math.min(MOST_LINES, lines.size()); line++) {
            writeLine(out, lines.get(line), line, axis, scale, value, text);
        }
        out.raw("</svg>").line();
        if (lines.size() > MOST_LINES) {
            out.raw("<p class=\"note\">The %s largest of %s processes are drawn.</p>", MOST_LINES, lines.size())
                    .line();
        }
    }

    /** Returns the samples of each process, the one with the largest value first. */
    private static List<List<ProcessSampled>> lines(
            List<ProcessSampled> samples, ToLongFunction<ProcessSampled> value) {
        Map<String, List<ProcessSampled>> byProcess = new LinkedHashMap<>();
        for (ProcessSampled sample : samples) {
            byProcess
                    .computeIfAbsent(sample.pid() + " " + sample.name(), key -> new ArrayList<>())
                    .add(sample);
        }
        List<List<ProcessSampled>> lines = new ArrayList<>(byProcess.values());
        lines.sort(Comparator.comparingLong((List<ProcessSampled> line) ->
                        line.stream().mapToLong(value).max().orElse(0))
                .reversed());
        return lines;
    }

    private static void writeLine(
            Markup out,
            List<ProcessSampled> samples,
            int number,
            TimeAxis axis,
            long scale,
            ToLongFunction<ProcessSampled> value,
            LongFunction<String> text) {
        List<ProcessSampled> points = thinned(samples, value);
        String label = samples.get(0).name() + " (" + samples.get(0).pid() + ")";
        long most = samples.stream().mapToLong(value).max().orElse(0);
        out.raw("<g class=\"line l%s\"><polyline points=\"", number);
        for (ProcessSampled point : points) {
            out.raw("%s,%s ", Markup.number(axis.x(point.time())), y(value.applyAsLong(point), scale));
        }
        out.raw("\"/>");
        for (ProcessSampled point : points) {
            out.raw(
                            "<circle cx=\"%s\" cy=\"%s\" r=\"2.5\"><title>",
                            Markup.number(axis.x(point.time())), y(value.applyAsLong(point), scale))
                    .text(label + ": " + text.apply(value.applyAsLong(point)) + ", processes: " + point.processes())
                    .raw("</title></circle>");
        }
        int y = TOP + LABEL_STEP * number;
        int x = TimelineChart.RIGHT + 14;
        out.raw("<line class=\"key\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>", x, y, x + 24, y)
                .raw("<text class=\"end\" x=\"%s\" y=\"%s\">", x + 30, y + 4)
                .text(Markup.shortened(label, LABEL_CHARS - 8) + ", max " + text.apply(most))
                .raw("</text></g>")
                .line();
    }

    /** Keeps the largest of neighbours where there are more points than the chart can show. */
    private static List<ProcessSampled> thinned(List<ProcessSampled> samples, ToLongFunction<ProcessSampled> value) {
        int step = (samples.size() + MOST_POINTS - 1) / MOST_POINTS;
        List<ProcessSampled> kept = new ArrayList<>();
        for (int from = 0; from < samples.size(); from += step) {
            List<ProcessSampled> neighbours = samples.subList(from, Math.min(samples.size(), from + step));
            kept.add(neighbours.stream().max(Comparator.comparingLong(value)).orElseThrow());
        }
        return kept;
    }

    private static String y(long value, long scale) {
        return Markup.number(BOTTOM - (double) (BOTTOM - TOP) * Math.max(0, value) / scale);
    }
}
