package org.processmanager.examples.app.cli.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.OutputLine;
import org.processmanager.core.registry.OutputReader;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pm logs}: the output of processes that {@code pm start} started. */
@Command(
        name = "logs",
        description = {
            "Shows the output of started processes: standard output and standard error in the order of their arrival.",
            "",
            "The last 10 to 40 MiB of each process are kept. With several names each line begins with its name. As JSON each"
                    + " line is an object: name, time, source (stdout, stderr, or shim, which keeps the output) and text."
        })
public final class LogsCommand implements Callable<Integer> {
    private static final int UNLIMITED = Integer.MAX_VALUE;
    private static final long PAUSE_MILLIS = 100;

    private final Terminal terminal;
    private final StartedProcesses started;

    @Option(
            names = {"-f", "--follow"},
            description = "Continue with new lines until the processes have exited, or Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "Begin with the last N lines of each process (default: all).")
    private int last = UNLIMITED;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Only lines of the last time, as 30s, 10m.")
    private @Nullable Duration since;

    @Option(
            names = {"-t", "--timestamps"},
            description = "Begin each line with its time, in UTC.")
    private boolean timestamps;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Which processes.")
    private List<String> names = new ArrayList<>();

    public LogsCommand(Terminal terminal, StartedProcesses started) {
        this.terminal = terminal;
        this.started = started;
    }

    /** The output of one process. */
    private static final class Log implements AutoCloseable {
        private final DetachedProcess process;
        private final OutputReader reader;
        private boolean over;

        Log(DetachedProcess process) {
            this.process = process;
            reader = process.output();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        output.refuseCsv();
        Instant earliest = since == null ? Instant.MIN : Instant.now().minus(since);
        List<Log> logs = new ArrayList<>();
        try (ProcessManager manager = ProcessManager.create()) {
            for (String name : names) {
                logs.add(new Log(started.find(manager, name)));
            }
            for (Log log : logs) {
                log.over = !follow || isOver(log.process);
                Deque<OutputLine> kept = new ArrayDeque<>();
                for (OutputLine line : read(log)) {
                    kept.add(line);
                    if (kept.size() > last) {
                        kept.remove();
                    }
                }
                kept.stream().filter(line -> line.time().isAfter(earliest)).forEach(line -> print(log, line));
            }
            follow(logs);
        } finally {
            logs.forEach(Log::close);
        }
        return ExitCode.OK;
    }

    private void follow(List<Log> logs) throws InterruptedException {
        terminal.flush();
        while (!terminal.out().checkError() && logs.stream().anyMatch(log -> !log.over)) {
            Thread.sleep(PAUSE_MILLIS);
            for (Log log : logs) {
                if (!log.over) {
                    log.over = isOver(log.process); // before the last lines are read
                    read(log).forEach(line -> print(log, line));
                }
            }
            terminal.flush();
        }
    }

    private static boolean isOver(DetachedProcess process) {
        try {
            return !process.state().isActive();
        } catch (NoSuchProcessException e) {
            return true;
        }
    }

    /** Returns the lines that are there; a line that is not finished only if nothing follows. */
    private static List<OutputLine> read(Log log) {
        List<OutputLine> lines = new ArrayList<>();
        for (Optional<OutputLine> line = log.reader.poll(); line.isPresent(); line = log.reader.poll()) {
            lines.add(line.get());
        }
        if (log.over) {
            lines.addAll(log.reader.unfinished());
        }
        return lines;
    }

    private void print(Log log, OutputLine line) {
        if (output.isForPrograms()) {
            Json.print(terminal.out(), json -> {
                json.writeStartObject();
                json.writeStringField("name", log.process.name());
                json.writeStringField("time", line.time().toString());
                json.writeStringField("source", line.source().name().toLowerCase(Locale.ROOT));
                json.writeStringField("text", line.text());
                json.writeEndObject();
            });
            return;
        }
        String prefix = (names.size() > 1 ? log.process.name() + " | " : "") + (timestamps ? line.time() + " " : "");
        String source = line.source() == OutputLine.Source.SHIM ? "[pm] " : "";
        terminal.say(prefix + source + line.text());
    }
}
