package org.processmanager.examples.app.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.examples.app.cli.option.OutputOptions;
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
    private OutputOptions output = new OutputOptions();

    EventsCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() {
        EventLog.Contents contents = LogCommand.read(journal, terminal);
        if (output.json()) {
            Json.print(terminal.out(), json -> {
                json.writeStartArray();
                for (ProcessEvent event : contents.events()) {
                    json.writeRawValue(EventLog.toJson(event));
                }
                json.writeEndArray();
            });
        } else {
            Table table = new Table("TIME", ">REPORTER", "EVENT", "WHAT");
            for (ProcessEvent event : contents.events()) {
                EventText text = EventText.of(event);
                table.row(TIME.format(event.time()), Long.toString(event.reporter()), text.event(), text.what());
            }
            table.print(terminal.out(), terminal.columns());
        }
        return ExitCode.OK;
    }
}
