package org.processmanager.examples.app.cli.log;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.Report;
import org.processmanager.examples.app.report.ReportPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pm report}: the runs, their durations and results. */
@Command(
        name = "report",
        description = {
            "Lists the processes and threads of the event log: what ran, how long, how it ended.",
            "",
            "A run without an end is still running, or the process that started it exited first.",
            "",
            "With --out it is a page for a browser, in one file: timelines, exits by kind, the load that --record of run and"
                    + " demo has logged, messages, waits and tables."
        })
public final class ReportCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private static final int MOST_END_CHARS = 40;

    private final Terminal terminal;
    private final Journal journal;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write a page (HTML) to this file, which only its owner may read; - is standard output.")
    private @Nullable Path out;

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    public ReportCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() {
        EventLog.Contents contents = filter.apply(LogCommand.read(journal, terminal));
        if (out != null) {
            OutputFile.write(terminal, out, ReportPage.of(contents, ZoneId.systemDefault()));
            return ExitCode.OK;
        }
        List<Report.Run> runs = Report.of(contents.events());
        output.print(terminal, runs, ReportCommand::writeTo, () -> table(runs));
        return ExitCode.OK;
    }

    private static void writeTo(JsonGenerator json, Report.Run run) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", run.what());
        json.writeStringField("name", run.name());
        Json.writeNumberField(json, "pid", run.pid());
        json.writeNumberField("reporter", run.reporter());
        json.writeStringField("startTime", run.start().toString());
        Json.writeNumberField(
                json,
                "durationMillis",
                run.duration() == null ? null : run.duration().toMillis());
        json.writeObjectFieldStart("status");
        json.writeStringField("kind", run.end().kind());
        Json.writeNumberField(json, "code", run.end().code());
        json.writeStringField("signal", run.end().signal());
        json.writeEndObject();
        json.writeStringField("end", run.end().text());
        json.writeStringField("commandLine", run.commandLine());
        json.writeEndObject();
    }

    private static Table table(List<Report.Run> runs) {
        Table table = new Table("STARTED", "WHAT", "+>REPORTER", ">PID", ">LASTED", "NAME", "END", "COMMAND");
        for (Report.Run run : runs) {
            table.row(
                    TIME.format(run.start()),
                    run.what(),
                    Long.toString(run.reporter()),
                    run.pid() == null ? "" : run.pid().toString(),
                    run.duration() == null ? "" : Durations.shortText(run.duration()),
                    run.name(),
                    shortEnd(run.end()),
                    run.commandLine());
        }
        return table;
    }

    /** Cuts long reasons and failures, which JSON has in full. */
    private static String shortEnd(Report.End end) {
        String text = end.text();
        return text.length() <= MOST_END_CHARS ? text : text.substring(0, MOST_END_CHARS - 3) + "...";
    }
}
