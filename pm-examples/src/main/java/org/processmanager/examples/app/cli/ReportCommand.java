package org.processmanager.examples.app.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pm report}: what ran, how long, how it ended. */
@Command(
        name = "report",
        description = {
            "Lists the processes and threads of the event log: what ran, how long, how it ended.",
            "",
            "One without an end still runs, or whoever started it was gone before it ended."
        })
final class ReportCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private static final int MOST_END_CHARS = 40;

    private final Terminal terminal;
    private final Journal journal;

    @Mixin
    private OutputOptions output = new OutputOptions();

    ReportCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() {
        List<Report.Run> runs = Report.of(LogCommand.read(journal, terminal).events());
        if (output.json()) {
            writeJson(runs);
        } else {
            table(runs).print(terminal.out(), terminal.columns());
        }
        return ExitCode.OK;
    }

    private void writeJson(List<Report.Run> runs) {
        Json json = new Json(terminal.out()).beginArray();
        for (Report.Run run : runs) {
            json.beginObject();
            json.field("what", run.what());
            json.field("name", run.name());
            json.name("pid").number(run.pid());
            json.field("reporter", run.reporter());
            json.field("startTime", run.start().toString());
            json.name("durationMillis")
                    .number(run.duration() == null ? null : run.duration().toMillis());
            json.name("status").beginObject();
            json.field("kind", run.end().kind());
            json.name("code").number(run.end().code());
            json.field("signal", run.end().signal()).end();
            json.field("end", run.end().text());
            json.field("commandLine", run.commandLine()).end();
        }
        json.end().finish();
    }

    private static Table table(List<Report.Run> runs) {
        Table table = new Table("STARTED", "WHAT", ">PID", ">LASTED", "NAME", "END", "COMMAND");
        for (Report.Run run : runs) {
            table.row(
                    TIME.format(run.start()),
                    run.what(),
                    run.pid() == null ? "" : run.pid().toString(),
                    run.duration() == null ? "" : Durations.shortText(run.duration()),
                    run.name(),
                    shortEnd(run.end()),
                    run.commandLine());
        }
        return table;
    }

    /** Reasons and failures can be long; as JSON they are whole. */
    private static String shortEnd(Report.End end) {
        String text = end.text();
        return text.length() <= MOST_END_CHARS ? text : text.substring(0, MOST_END_CHARS - 3) + "...";
    }
}
