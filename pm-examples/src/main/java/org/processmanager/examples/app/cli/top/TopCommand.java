package org.processmanager.examples.app.cli.top;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
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
import org.processmanager.examples.app.cli.process.ListOptions;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.examples.app.cli.process.ProcessFilter;
import org.processmanager.examples.app.cli.process.ProcessRows;
import org.processmanager.examples.app.cli.process.ProcessText;
import org.processmanager.examples.app.cli.process.SortKey;
import org.processmanager.examples.app.cli.terminal.RawTerminal;
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
            "Shows the processes with the highest load, until q. Keys sort, filter, select, stop and more: ? lists them.",
            "",
            "CPU%% is the processor time since the list before, in percent of one processor. The bars beside it are its last"
                    + " values, of 100 %%; those beside MIB are resident memory, of its own highest value. A process that"
                    + " exited stays for a minute, dimmed, with its status where pm knows it.",
            "",
            "Without a terminal, on a dumb one, or with -o, the lists follow one another; --once ends after the first. -o json"
                    + " has the time of each list and the exited pids, jsonl and csv the processes alone."
        })
public final class TopCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final NamedProcesses named;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ListOptions list = new ListOptions();

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            description =
                    "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); the most of cpu, memory, time and threads,"
                            + " and the latest start, are first.")
    private SortKey sort = SortKey.cpu;

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

    public TopCommand(Terminal terminal, NamedProcesses named) {
        this.terminal = terminal;
        this.named = named;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (interval.compareTo(TopView.FIRST_INTERVAL) < 0) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--interval: " + interval.toMillis() + " ms (expected: at least 100ms)");
        }
        if (once || output.isForPrograms() || output.wide() || !terminal.showsProgress()) {
            return list();
        }
        TopState state = new TopState(sort, list.tree(), list.filter(), 0, 0);
        try (RawTerminal keys = RawTerminal.open(terminal).orElse(null)) {
            return new TopView(terminal, keys, named, interval, state).run();
        }
    }

    private int list() throws InterruptedException {
        Sampler sampler = Sampler.ofAll();
        boolean first = true;
        do {
            Thread.sleep((first ? TopView.FIRST_INTERVAL : interval).toMillis());
            if (!first && !output.isForPrograms()) {
                terminal.say("");
            }
            first = false;
            show(sampler.sample());
        } while (!once && !terminal.out().checkError());
        return ExitCode.OK;
    }

    private void show(Sample sample) {
        ToDoubleFunction<ProcessSnapshot> load =
                process -> sample.cpuPercent(process.pid()).orElse(0);
        ProcessFilter filter = list.filter();
        Map<ProcessSnapshot, Integer> rows =
                ProcessRows.arrange(sample.processes(), filter, filter.listening(), sort.order(load), list.tree());
        if (output.json()) {
            Json.print(terminal.out(), json -> writeJson(json, sample, rows.keySet(), load));
        } else {
            if (!output.isForPrograms()) {
                terminal.say(TopScreen.summary(sample, TopScreen.systemLoad()));
            }
            output.print(
                    terminal,
                    rows.keySet(),
                    (json, process) -> writeJson(json, process, load),
                    () -> table(rows, load));
        }
        terminal.flush();
    }

    private static Table table(Map<ProcessSnapshot, Integer> rows, ToDoubleFunction<ProcessSnapshot> load) {
        Table table = new Table(">PID", "+>PARENT", "USER", "+STATE", ">CPU%", ">MIB", "+>THREADS", "COMMAND");
        rows.forEach((process, depth) -> table.row(
                Long.toString(process.pid()),
                Long.toString(process.parentPid()),
                ProcessText.user(process),
                ProcessText.state(process),
                ProcessText.percent(load.applyAsDouble(process)),
                ProcessText.mebibytes(process.residentBytes()),
                Integer.toString(process.threads()),
                ProcessText.indent(depth) + ProcessText.command(process)));
        return table;
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
            writeJson(json, process, load);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("exited");
        for (ProcessSnapshot process : sample.exited()) {
            json.writeNumber(process.pid());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeJson(JsonGenerator json, ProcessSnapshot process, ToDoubleFunction<ProcessSnapshot> load)
            throws IOException {
        json.writeStartObject();
        ProcessText.writeFields(json, process, load.applyAsDouble(process));
        json.writeEndObject();
    }
}
