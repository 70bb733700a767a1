package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.option.RecordOptions;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.demo.BadInputException;
import org.processmanager.examples.app.demo.DemoOptions;
import org.processmanager.examples.app.demo.DemoOptions.Transport;
import org.processmanager.examples.app.demo.DemoReport;
import org.processmanager.examples.app.demo.DemoRun;
import org.processmanager.examples.app.demo.InputFiles;
import org.processmanager.examples.app.demo.Job;
import org.processmanager.examples.app.demo.Progress;
import org.processmanager.examples.app.demo.ThreadsRun;
import org.processmanager.examples.app.demo.Throttling;
import org.processmanager.examples.app.demo.WordCount;
import org.processmanager.examples.app.eventlog.LogRecord.PartyFinished;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pm demo}: producers and consumers, each a process of its own, and a bounded buffer in shared memory. */
@Command(
        name = "demo",
        description = {
            "Counts the words of text files with several processes.",
            "",
            "Producers read lines and pass them through a bounded buffer in shared memory or another transport, consumers count words, and the"
                    + " totals are checked against a count in this process alone. An item is a line; one that ends"
                    + " without a line feed at the end of a file counts. A word is a run of bytes other than space, tab,"
                    + " carriage return and line feed.",
            "",
            "Exit code 1 if anything is lost or duplicated, a total differs, or a process fails; 2 if the input cannot be"
                    + " read."
        })
final class DemoCommand implements Callable<Integer> {
    /** System property: the directory of this project, set by the start script. */
    static final String HOME = "pm.home";

    private static final Duration DELAY_OF_THREADS = Duration.ofMillis(100);

    private final Terminal terminal;
    private final Journal journal;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--producers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Producers, 1 to 64 (default: ${DEFAULT-VALUE}).")
    private int producers;

    @Option(
            names = "--consumers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Consumers, 1 to 64 (default: ${DEFAULT-VALUE}).")
    private int consumers;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Files to read (default: all .java and .md files of this project).")
    private List<Path> input = new ArrayList<>();

    @Option(
            names = "--transport",
            paramLabel = "KIND",
            defaultValue = "buffer",
            description =
                    "What carries the lines: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). With buffer any"
                            + " consumer takes the next piece; otherwise each has a channel of its own.")
    private Transport transport = Transport.buffer;

    @Option(
            names = "--threads",
            description = "Use threads of this process instead of processes: start, a delay, join.")
    private boolean threads;

    @Option(
            names = "--produce-every",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = Durations.class,
            description = "The least time between two lines of a producer, as 1s (default: no limit).")
    private Duration produceEvery = Duration.ZERO;

    @Option(
            names = "--consume-every",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = Durations.class,
            description = "The least time between two lines of a consumer, as 1.5s (default: no limit).")
    private Duration consumeEvery = Duration.ZERO;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How much later than the producers the consumers begin (default: 0s, with --threads 100ms).")
    private @Nullable Duration delay;

    @Option(
            names = "--kill",
            paramLabel = "ROLE",
            description =
                    "Kill a producer or a consumer with kill -9 in the middle of the work; another takes its place.")
    private DemoReport.@Nullable Role kill;

    @Mixin
    private RecordOptions recording = new RecordOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    DemoCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (threads && kill != null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--kill: not with --threads, only a process can be killed");
        }
        if (threads && transport != Transport.buffer) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--transport: not with --threads, which share the buffer");
        }
        DemoOptions options;
        try {
            options = new DemoOptions(producers, consumers, input, rates(), transport, kill);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "--" + e.getMessage(), e);
        }
        return execute(options, threads);
    }

    /** Runs the demo and prints the outcome; returns the exit code. The default input is the sources of this project. */
    int execute(DemoOptions given, boolean inThreads) throws InterruptedException {
        DemoOptions options = given.input().isEmpty() ? given.withInput(ownSources()) : given;
        DemoReport report;
        ProgressLine line = terminal.showsProgress() ? new ProgressLine() : null;
        Duration every = recording.interval();
        try (Recorder recorder = every == null ? null : Recorder.start(every, journal::append, terminal::complain);
                Job job = inThreads ? ThreadsRun.prepare(options) : DemoRun.prepare(options)) {
            job.addListener(journal);
            if (recorder != null) {
                recorder.addThisProcess("demo");
                job.addListener(recorder);
            }
            report = job.run(line == null ? Progress.SILENT : line);
        } catch (BadInputException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, Objects.requireNonNull(e.getMessage()), e);
        } finally {
            if (line != null) {
                line.clear();
            }
        }
        log(report);
        output.printRecord(terminal, json -> writeJson(json, report), () -> text(report)
                .lines()
                .forEach(terminal::say));
        if (report.failure() != null) {
            terminal.complain(report.failure());
        } else if (!report.good()) {
            terminal.complain("the result is wrong: items were lost, duplicated or miscounted");
        }
        return report.good() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void log(DemoReport report) {
        Instant now = Instant.now();
        for (DemoReport.Party party : report.parties()) {
            journal.append(new PartyFinished(
                    now,
                    ProcessHandle.current().pid(),
                    party.role().name(),
                    party.pid(),
                    party.items(),
                    Duration.ofNanos(party.waitedNanos())));
        }
    }

    private Throttling rates() {
        Duration usual = threads ? DELAY_OF_THREADS : Duration.ZERO;
        return new Throttling(produceEvery, consumeEvery, delay == null ? usual : delay);
    }

    private static List<Path> ownSources() {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT, "no input: name it with --input, or start pm by its script (-D" + HOME + ")");
        }
        try {
            return InputFiles.sourcesBelow(Path.of(home));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "cannot look for text files in " + home + ": " + e, e);
        }
    }

    static void writeJson(JsonGenerator json, DemoReport report) throws IOException {
        json.writeStartObject();
        json.writeNumberField("items", report.items());
        json.writeNumberField("words", report.words());
        json.writeNumberField("lost", report.lost());
        json.writeNumberField("duplicated", report.duplicated());
        json.writeNumberField("redelivered", report.redelivered());
        json.writeNumberField("itemsPerSecond", report.itemsPerSecond());
        WordCount expected = report.expected();
        json.writeObjectFieldStart("expected");
        json.writeNumberField("items", expected.items());
        json.writeNumberField("words", expected.words());
        json.writeEndObject();
        json.writeArrayFieldStart("parties");
        for (DemoReport.Party party : report.parties()) {
            json.writeStartObject();
            json.writeStringField("role", party.role().name());
            json.writeNumberField("pid", party.pid());
            json.writeNumberField("items", party.items());
            json.writeNumberField("waitedMillis", Math.round(party.waitedNanos() / 1e6));
            json.writeNumberField("exit", party.exit());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("killed");
        for (DemoReport.Killed killed : report.killed()) {
            json.writeStartObject();
            json.writeStringField("role", killed.role().name());
            json.writeNumberField("pid", killed.pid());
            json.writeNumberField("atItem", killed.atItem());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String text(DemoReport report) {
        StringBuilder text = new StringBuilder();
        line(text, "%-10s %8s %10s %14s %5s", "role", "pid", "items", "waited", "exit");
        for (DemoReport.Party party : report.parties()) {
            line(
                    text,
                    "%-10s %8d %10d %11d ms %5d",
                    party.role().name(),
                    party.pid(),
                    party.items(),
                    Math.round(party.waitedNanos() / 1e6),
                    party.exit());
        }
        for (DemoReport.Killed killed : report.killed()) {
            line(text, "%s %d was killed at item %d", killed.role().name(), killed.pid(), killed.atItem());
        }
        WordCount expected = report.expected();
        line(text, "%-10s %10d   expected %10d", "items", report.items(), expected.items());
        line(text, "%-10s %10d   expected %10d", "words", report.words(), expected.words());
        line(text, "lost %d, duplicated %d, redelivered %d", report.lost(), report.duplicated(), report.redelivered());
        text.append(String.format(
                Locale.ROOT, "%d items/s, %d ms", report.itemsPerSecond(), report.elapsedNanos() / 1_000_000));
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** A line on standard error that overwrites itself. */
    private final class ProgressLine implements Progress {
        private boolean shown;

        @Override
        public void update(long items, long expected, long elapsedNanos) {
            long percent = expected == 0 ? 100 : 100 * items / expected;
            long rate = elapsedNanos == 0 ? 0 : Math.round(items * 1e9 / elapsedNanos);
            terminal.overwrite(
                    String.format(Locale.ROOT, "%d of %d items (%d %%), %d items/s", items, expected, percent, rate));
            shown = true;
        }

        void clear() {
            if (shown) {
                terminal.overwrite("");
            }
        }
    }
}
