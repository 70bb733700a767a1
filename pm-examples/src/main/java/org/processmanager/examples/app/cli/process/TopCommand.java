package org.processmanager.examples.app.cli.process;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;
import org.processmanager.core.monitor.Sampler;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Screen;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pm top}: the processes and their load, again and again. */
@Command(
        name = "top",
        description = {
            "Shows the processes with the highest load, until Ctrl-C.",
            "",
            "CPU%% is the processor time since the list before, in percent of one processor. The bars beside it are its last"
                    + " values, of 100 %%; those beside MIB are resident memory, of its own highest value. A process that"
                    + " exited stays for a minute, dimmed.",
            "",
            "Without a terminal, or as JSON, the lists follow one another; --once ends after the first."
        })
public final class TopCommand implements Callable<Integer> {
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(100);
    private static final int LINES_ABOVE = 2;

    private final Terminal terminal;
    private final LoadHistory history = new LoadHistory();

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            description =
                    "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); the most of cpu, memory, time and threads,"
                            + " and the latest start, are first.")
    private SortKey sort = SortKey.cpu;

    @Option(names = "--tree", description = "Children below their parents.")
    private boolean tree;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The time between two lists (default: 1s, at least 100ms). The first one covers 100 ms.")
    private Duration interval = Duration.ofSeconds(1);

    @Option(names = "--once", description = "One list of 100 ms.")
    private boolean once;

    @Mixin
    private OutputOptions output = new OutputOptions();

    public TopCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (interval.compareTo(FIRST_INTERVAL) < 0) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--interval: " + interval.toMillis() + " ms (expected: at least 100ms)");
        }
        Screen screen = terminal.showsProgress() && !output.json() && !once ? new Screen(terminal) : null;
        Sampler sampler = Sampler.ofAll();
        boolean first = true;
        do {
            Thread.sleep((first ? FIRST_INTERVAL : interval).toMillis());
            if (!first && screen == null && !output.json()) {
                terminal.say("");
            }
            first = false;
            Sample sample = sampler.sample();
            history.add(sample);
            show(sample, screen);
        } while (!once && !terminal.out().checkError());
        return ExitCode.OK;
    }

    private void show(Sample sample, @Nullable Screen screen) {
        ToDoubleFunction<ProcessSnapshot> load =
                process -> sample.cpuPercent(process.pid()).orElse(0);
        Map<ProcessSnapshot, Integer> rows = ProcessRows.arrange(sample.processes(), filter, sort.order(load), tree);
        if (output.json()) {
            Json.print(terminal.out(), json -> writeJson(json, sample, rows.keySet(), load));
        } else if (screen == null) {
            terminal.say(summary(sample));
            table(rows, List.of(), load).print(terminal.out(), terminal.columns());
        } else {
            screen.measure();
            draw(screen, sample, rows, load);
        }
        terminal.flush();
    }

    /** Processes that exited have up to a third of the screen. */
    private void draw(
            Screen screen, Sample sample, Map<ProcessSnapshot, Integer> rows, ToDoubleFunction<ProcessSnapshot> load) {
        int room = Math.max(0, screen.rows() - LINES_ABOVE - 1);
        List<ProcessSnapshot> exited = filter.apply(history.exited());
        exited = exited.subList(Math.max(0, exited.size() - room / 3), exited.size());
        Map<ProcessSnapshot, Integer> live = new LinkedHashMap<>();
        rows.entrySet().stream().limit(room - exited.size()).forEach(row -> live.put(row.getKey(), row.getValue()));
        List<String> lines = new ArrayList<>(List.of(summary(sample)));
        lines.addAll(table(live, exited, load).lines(screen.columns()));
        Set<Integer> dimmed = new HashSet<>();
        for (int line = lines.size() - exited.size(); line < lines.size(); line++) {
            dimmed.add(line);
        }
        screen.show(lines, dimmed);
    }

    private static String summary(Sample sample) {
        double percent = sample.cpuPercents().values().stream()
                .mapToDouble(value -> value)
                .sum();
        return LocalTime.ofInstant(sample.time(), ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
                + "  " + sample.processes().size() + " processes, "
                + ProcessText.percent(percent) + " % of "
                + Runtime.getRuntime().availableProcessors() + " processors, load "
                + String.format(
                        Locale.ROOT,
                        "%.2f",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private Table table(
            Map<ProcessSnapshot, Integer> rows, List<ProcessSnapshot> exited, ToDoubleFunction<ProcessSnapshot> load) {
        Table table = new Table(">PID", "USER", ">CPU%", "", ">MIB", "", "COMMAND");
        rows.forEach((process, depth) -> row(table, process, ProcessText.percent(load.applyAsDouble(process)), depth));
        exited.forEach(process -> row(table, process, "exited", 0));
        return table;
    }

    private void row(Table table, ProcessSnapshot process, String load, int depth) {
        table.row(
                Long.toString(process.pid()),
                ProcessText.user(process),
                load,
                once ? "" : history.loadBars(process),
                ProcessText.mebibytes(process.residentBytes()),
                once ? "" : history.memoryBars(process),
                ProcessText.indent(depth) + ProcessText.command(process));
    }

    private static void writeJson(
            JsonGenerator json, Sample sample, Set<ProcessSnapshot> shown, ToDoubleFunction<ProcessSnapshot> load)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("time", sample.time().toString());
        json.writeNumberField("intervalMillis", sample.interval().toMillis());
        json.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
        json.writeArrayFieldStart("processes");
        for (ProcessSnapshot process : shown) {
            json.writeStartObject();
            ProcessText.writeFields(json, process, load.applyAsDouble(process));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("exited");
        for (ProcessSnapshot process : sample.exited()) {
            json.writeNumber(process.pid());
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
