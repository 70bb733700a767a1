package org.processmanager.examples.app.cli.top;

import java.lang.management.ManagementFactory;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.process.ProcessText;
import org.processmanager.examples.app.cli.terminal.Line;
import org.processmanager.examples.app.cli.terminal.Printable;
import org.processmanager.examples.app.cli.terminal.Style;

/** What a state looks like: as many lines as the terminal has, none wider. */
final class TopScreen {
    static final int BARS = 8;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int WIDE = 100;
    private static final int NARROW = 60;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final String HINTS = "q quit  ? help  / filter  t tree  i details  s stop  K kill";
    private static final String MORE_HINTS = "  S signal  r reverse  space pause";
    private static final String EXITED = "exited";
    private static final String CURSOR = "_";

    private final TopState state;
    private final LoadHistory history;
    private final List<Line> lines = new ArrayList<>();

    private TopScreen(TopState state, LoadHistory history) {
        this.state = state;
        this.history = history;
    }

    /** Returns the lines; the values of the bars are those of the history. */
    static List<Line> lines(TopState state, LoadHistory history) {
        return new TopScreen(state, history).draw();
    }

    private List<Line> draw() {
        add(summary(), Style.BOLD);
        if (state.help >= 0) {
            help();
        } else {
            List<Column> columns = Column.shownIn(state.columns);
            add(titles(columns), Style.HEADER);
            rows(columns);
            exited(columns);
            details();
        }
        int most = Math.max(0, state.lines - (state.hasKeys ? 1 : 0));
        if (lines.size() > most) {
            lines.subList(most, lines.size()).clear();
        }
        if (state.hasKeys && state.lines > 0) {
            while (lines.size() < most) {
                add("", Style.PLAIN);
            }
            last();
        }
        return lines;
    }

    private void add(String text, Style style) {
        String shown = text.length() <= state.columns || text.codePointCount(0, text.length()) <= state.columns
                ? text
                : text.substring(0, text.offsetByCodePoints(0, state.columns));
        boolean isBar = style != Style.PLAIN && style != Style.BOLD && style != Style.DIM && style != Style.FAILURE;
        lines.add(new Line(isBar ? padded(shown) : shown, style));
    }

    private String padded(String text) {
        return text + " ".repeat(Math.max(0, state.columns - text.codePointCount(0, text.length())));
    }

    static String summary(Sample sample, double systemLoad) {
        return time(sample) + "  " + sample.processes().size() + " processes, "
                + ProcessText.percent(total(sample)) + " % of "
                + PROCESSORS + " processors, load "
                + String.format(Locale.ROOT, "%.2f", systemLoad);
    }

    private static String time(Sample sample) {
        return TIME.format(LocalTime.ofInstant(sample.time(), ZoneId.systemDefault()));
    }

    static double systemLoad() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static double total(Sample sample) {
        double percent = 0;
        for (double each : sample.cpuPercents().values()) {
            percent += each;
        }
        return percent;
    }

    private String summary() {
        if (!state.isSampled()) {
            return "reading the processes ...";
        }
        StringBuilder text = new StringBuilder();
        if (state.columns >= WIDE) {
            text.append(summary(state.sample, state.systemLoad));
        } else if (state.columns >= NARROW) {
            text.append(time(state.sample))
                    .append("  ")
                    .append(state.sample.processes().size())
                    .append(" processes  ");
        }
        if (state.columns < WIDE) {
            text.append(ProcessText.percent(total(state.sample))).append(" %");
        }
        text.append("  by ").append(state.sort).append(state.reversed ? " reversed" : "");
        if (state.paused) {
            text.append("  PAUSED");
        }
        if (state.filter.isSet()) {
            text.append("  filter: ").append(Printable.line(state.filter.text()));
        }
        return text.toString();
    }

    private void help() {
        boolean fits = TopKeys.HELP.size() <= state.body();
        add(fits ? "KEYS (any key returns)" : "KEYS (j and k scroll, others return)", Style.HEADER);
        TopKeys.HELP.stream().skip(state.help).limit(state.body()).forEach(line -> add(line, Style.PLAIN));
    }

    private static String titles(List<Column> columns) {
        StringBuilder line = new StringBuilder();
        columns.forEach(column -> column.append(line, column.title));
        return line.toString();
    }

    private void rows(List<Column> columns) {
        List<Row> rows = state.rows();
        int end = Math.min(rows.size(), state.offset() + state.room());
        for (int i = state.offset(); i < end; i++) {
            Row row = rows.get(i);
            String before = ProcessText.indent(row.depth()) + (row.hidden() > 0 ? "[+" + row.hidden() + "] " : "");
            String load = ProcessText.percent(state.load(row.process()));
            add(cells(columns, row.process(), load, before), i == state.selected() ? Style.SELECTED : Style.PLAIN);
        }
        for (int i = end - state.offset(); i < state.room(); i++) {
            add(
                    i == 0 && state.isSampled() && state.filter.isSet()
                            ? "no process matches the filter (Esc removes it)"
                            : "",
                    Style.PLAIN);
        }
    }

    private void exited(List<Column> columns) {
        for (Exit exit : state.exits()) {
            String before = exit.status().isEmpty() ? "" : exit.status() + ": ";
            add(cells(columns, exit.process(), EXITED, before), Style.DIM);
        }
    }

    private String cells(List<Column> columns, ProcessSnapshot process, String load, String beforeCommand) {
        StringBuilder line = new StringBuilder(state.columns);
        for (Column column : columns) {
            column.append(line, cell(column, process, load, beforeCommand));
        }
        return line.toString();
    }

    private String cell(Column column, ProcessSnapshot process, String load, String beforeCommand) {
        return switch (column) {
            case PID -> Long.toString(process.pid());
            case USER -> Printable.line(ProcessText.user(process));
            case STATE -> load.equals(EXITED) ? "" : ProcessText.state(process);
            case CPU -> load;
            case CPU_BARS -> history.loadBars(process, BARS);
            case MEMORY -> ProcessText.mebibytes(process.residentBytes());
            case MEMORY_BARS -> history.memoryBars(process, BARS);
            case TIME -> Durations.shortText(process.cpuTime());
            case THREADS -> Integer.toString(process.threads());
            case COMMAND -> {
                String command = beforeCommand + ProcessText.command(process);
                yield Printable.line(
                        command.length() > 2 * state.columns // enough for any characters
                                ? command.substring(0, 2 * state.columns)
                                : command);
            }
        };
    }

    private void details() {
        int count = state.detailLines();
        for (int i = 0; i < count; i++) {
            add(Printable.line(state.details.get(i)), i == 0 ? Style.HEADER : Style.PLAIN);
        }
    }

    private void last() {
        Prompt prompt = state.prompt;
        if (prompt != null) {
            String message = state.message.isEmpty() ? "" : "  " + state.message;
            String typed = prompt.kind() == Prompt.Kind.CONFIRMATION ? "" : prompt.text() + CURSOR;
            String hint = prompt.kind() == Prompt.Kind.FILTER && prompt.text().isEmpty()
                    ? "  text in the name, user:NAME, port:N"
                    : "";
            add(endOf(Printable.line(prompt.question() + typed + hint + message)), Style.QUESTION);
        } else if (!state.message.isEmpty()) {
            add(Printable.line(state.message), state.isFailure ? Style.FAILURE : Style.BOLD);
        } else {
            add(state.columns >= WIDE ? HINTS + MORE_HINTS : HINTS, Style.DIM);
        }
    }

    /** Returns the end of a text that is too long: there is the cursor. */
    private String endOf(String text) {
        int length = text.codePointCount(0, text.length());
        return length <= state.columns ? text : text.substring(text.offsetByCodePoints(0, length - state.columns));
    }
}
