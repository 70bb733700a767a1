package org.processmanager.examples.app.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.examples.app.cli.option.RowOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
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
final class EventsCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final Terminal terminal;
    private final Journal journal;

    @Mixin
    private RowOptions output = new RowOptions();

    EventsCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() {
        EventLog.Contents contents = LogCommand.read(journal, terminal);
        output.print(
                terminal,
                contents.events(),
                (json, event) -> json.writeRawValue(EventLog.toJson(event)),
                () -> table(contents.events()));
        return ExitCode.OK;
    }

    private static Table table(List<ProcessEvent> events) {
        Table table = new Table("TIME", ">REPORTER", "EVENT", "WHAT");
        for (ProcessEvent event : events) {
            EventText text = EventText.of(event);
            table.row(TIME.format(event.time()), Long.toString(event.reporter()), text.event(), text.what());
        }
        return table;
    }
}
