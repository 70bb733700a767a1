package org.processmanager.examples.app.cli.log;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.option.RowOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pm events}: the event log, from its beginning. */
@Command(
        name = "events",
        description = {
            "Lists the events in the log, the oldest first.",
            "",
            "As JSON it is an array of the log's own records; docs/event-log.md describes them."
        })
public final class EventsCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final Terminal terminal;
    private final Journal journal;

    @Mixin
    private RowOptions output = new RowOptions();

    public EventsCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() {
        EventLog.Contents contents = LogCommand.read(journal, terminal);
        output.print(
                terminal,
                contents.records(),
                (json, entry) -> json.writeRawValue(EventLog.toJson(entry)),
                () -> table(contents.records()));
        return ExitCode.OK;
    }

    private static Table table(List<LogRecord> records) {
        Table table = new Table("TIME", ">REPORTER", "EVENT", "WHAT");
        for (LogRecord entry : records) {
            EventText text = EventText.of(entry);
            table.row(TIME.format(entry.time()), Long.toString(entry.reporter()), text.event(), text.what());
        }
        return table;
    }
}
