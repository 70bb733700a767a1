package org.processmanager.examples.app.cli.process;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.core.monitor.Sample;
import org.processmanager.core.monitor.Sampler;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Line;
import org.processmanager.examples.app.cli.terminal.Screen;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pm ps}: the running processes of this machine. */
@Command(
        name = "ps",
        description = {
            "Lists the running processes.",
            "",
            "CPU%% is the processor time since the start, in percent of the time since then; with --watch, of the time since"
                    + " the list before. MIB is resident memory. COMMAND is the program without its directory, and its"
                    + " arguments, without the options of a JVM; [NAME] if they are not visible. JSON has all in full.",
            "",
            "With --tree, the descendants of each process that is meant are listed below it."
        })
public final class PsCommand implements Callable<Integer> {
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(100);

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
    private SortKey sort = SortKey.pid;

    @Option(
            names = "--watch",
            paramLabel = "TIME",
            arity = "0..1",
            fallbackValue = "1s",
            converter = Durations.class,
            description =
                    "List again and again, each time after this time (default: 1s, at least 100ms), until Ctrl-C.")
    private @Nullable Duration watch;

    @Option(names = "--count", paramLabel = "N", description = "With --watch: end after so many lists.")
    private @Nullable Integer count;

    @Option(
            names = "--mine",
            description = "The processes that pm start started, by their names, also those that have exited.")
    private boolean mine;

    @Mixin
    private OutputOptions output = new OutputOptions();

    public PsCommand(Terminal terminal, NamedProcesses named) {
        this.terminal = terminal;
        this.named = named;
    }

    @Override
    public Integer call() throws InterruptedException {
        check();
        if (mine) {
            named.print(terminal, output);
        } else if (watch == null) {
            List<ProcessSnapshot> all = ProcessTable.list();
            ToDoubleFunction<ProcessSnapshot> load = ProcessSnapshot::cpuPercent;
            print(arrange(all, load), load);
        } else {
            watch(watch);
        }
        return ExitCode.OK;
    }

    private void check() {
        checkMine();
        if (watch != null && watch.compareTo(FIRST_INTERVAL) < 0) {
            throw refused("--watch: " + watch.toMillis() + " ms (expected: at least 100ms)");
        }
        if (count != null && watch == null) {
            throw refused("--count without --watch (expected: both)");
        }
        if (count != null && count <= 0) {
            throw refused("--count: " + count + " (expected: at least 1)");
        }
    }

    private void checkMine() {
        if (mine && (list.filter().isSet() || list.tree() || watch != null)) {
            throw refused("--mine with a filter, --tree or --watch (expected: alone)");
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
    }

    private void watch(Duration interval) throws InterruptedException {
        Sampler sampler = Sampler.ofAll();
        Screen screen = terminal.showsProgress() && !output.isForPrograms() ? new Screen(terminal) : null;
        if (screen != null) {
            screen.followSize();
        }
        for (int i = 0; (count == null || i < count) && !terminal.out().checkError(); i++) {
            Thread.sleep((i == 0 ? FIRST_INTERVAL : interval).toMillis());
            Sample sample = sampler.sample();
            ToDoubleFunction<ProcessSnapshot> load =
                    process -> sample.cpuPercent(process.pid()).orElse(0);
            Map<ProcessSnapshot, Integer> rows = arrange(sample.processes(), load);
            if (screen != null) {
                screen.measure();
                screen.show(Line.plain(table(rows, load).lines(screen.columns())));
            } else {
                if (i > 0 && !output.isForPrograms()) {
                    terminal.say("");
                }
                print(rows, load);
                terminal.flush();
            }
        }
    }

    private Map<ProcessSnapshot, Integer> arrange(List<ProcessSnapshot> all, ToDoubleFunction<ProcessSnapshot> load) {
        return ProcessRows.arrange(all, list, sort.order(load));
    }

    private void print(Map<ProcessSnapshot, Integer> rows, ToDoubleFunction<ProcessSnapshot> load) {
        output.print(
                terminal,
                rows.keySet(),
                (json, process) -> {
                    json.writeStartObject();
                    ProcessText.writeFields(json, process, load.applyAsDouble(process));
                    json.writeEndObject();
                },
                () -> table(rows, load));
    }

    static Table table(Map<ProcessSnapshot, Integer> rows, ToDoubleFunction<ProcessSnapshot> load) {
        Table table = new Table(
                ">PID",
                "+>PARENT",
                "USER",
                "STATE",
                ">CPU%",
                ">MIB",
                "+>THREADS",
                "+STARTED",
                "COMMAND",
                "+MAIN CLASS");
        rows.forEach((process, depth) -> table.row(
                Long.toString(process.pid()),
                Long.toString(process.parentPid()),
                ProcessText.user(process),
                ProcessText.state(process),
                ProcessText.percent(load.applyAsDouble(process)),
                ProcessText.mebibytes(process.residentBytes()),
                Integer.toString(process.threads()),
                process.startTime().truncatedTo(ChronoUnit.SECONDS).toString(),
                ProcessText.indent(depth) + ProcessText.command(process),
                process.mainClass().orElse("")));
        return table;
    }
}
