package org.processmanager.examples.app.cli.log;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.terminal.Printable;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.LogRecord;
import org.processmanager.examples.app.report.ChromeTrace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pm trace}: the event log for viewers of traces. */
@Command(
        name = "trace",
        description = {
            "Writes the event log as a trace, which chrome://tracing and ui.perfetto.dev open.",
            "",
            "A command of pm is a process of the trace; what it started are its tracks. Kills and failures are instant events,"
                    + " the load that --record of run and demo has logged are counters."
        })
public final class TraceCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Journal journal;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The file to write (JSON), which only its owner may read; - is standard output.")
    private Path out = Path.of("-");

    @Mixin
    private FilterOptions filter = new FilterOptions();

    public TraceCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() {
        OutputFile.write(
                terminal,
                out,
                text(filter.apply(LogCommand.read(journal, terminal)).records()));
        return ExitCode.OK;
    }

    private static String text(List<LogRecord> records) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Printable.jsonFactory().createGenerator(text)) {
            ChromeTrace.write(json, records);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of a StringWriter
        }
        return text.append('\n').toString();
    }
}
