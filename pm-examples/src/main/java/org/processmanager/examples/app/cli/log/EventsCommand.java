package org.processmanager.examples.app.cli.log;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    private static final long PAUSE_MILLIS = 200;

    private final Terminal terminal;
    private final Journal journal;

    @Option(
            names = {"-f", "--follow"},
            description = "Continue with new events until Ctrl-C; for programs one JSON object a line.")
    private boolean follow;

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    public EventsCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (follow) {
            follow();
            return ExitCode.OK;
        }
        EventLog.Contents contents = filter.apply(LogCommand.read(journal, terminal));
        output.print(
                terminal,
                contents.records(),
                (json, entry) -> json.writeRawValue(EventLog.toJson(entry)),
                () -> table(contents.records()));
        return ExitCode.OK;
    }

    /** Prints what is there and what is appended, until the output is closed. */
    private void follow() throws InterruptedException {
        Supplier<EventLog.Contents> reader = LogCommand.reader(journal);
        while (!terminal.out().checkError()) {
            for (LogRecord entry : filter.apply(reader.get()).records()) {
                if (output.isForPrograms()) {
                    terminal.say(EventLog.toJson(entry));
                } else {
                    EventText text = EventText.of(entry);
                    terminal.say(String.format(
                            "%s  %7d  %-18s  %s",
                            TIME.format(entry.time()), entry.reporter(), text.event(), text.what()));
                }
            }
            terminal.flush();
            Thread.sleep(PAUSE_MILLIS);
        }
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
