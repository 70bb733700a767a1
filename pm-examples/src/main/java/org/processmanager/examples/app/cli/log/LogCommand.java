package org.processmanager.examples.app.cli.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pm log}: commands on the event log as a whole. */
@Command(name = "log", description = "Manages the event log.", synopsisSubcommandLabel = "COMMAND")
public final class LogCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    /** Returns the log's content, and reports skipped lines on standard error. */
    static EventLog.Contents read(Journal journal, Terminal terminal) {
        EventLog log = journal.log();
        EventLog.Contents contents = orBadInput(log::read);
        List<String> skipped = new ArrayList<>();
        if (contents.torn() > 0) {
            skipped.add(contents.torn() + " torn or foreign");
        }
        if (contents.unknown() > 0) {
            skipped.add(contents.unknown() + " of a later version");
        }
        if (!skipped.isEmpty()) {
            terminal.complain("lines of " + log.file() + " skipped: " + String.join(", ", skipped));
        }
        return contents;
    }

    /** Returns a reader of the log that continues with what is appended. */
    static Supplier<EventLog.Contents> reader(Journal journal) {
        Supplier<EventLog.Contents> reader = journal.log().follow();
        return () -> orBadInput(reader);
    }

    private static <T> T orBadInput(Supplier<T> use) {
        try {
            return use.get();
        } catch (ProcessManagerException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, Objects.requireNonNull(e.getMessage()), e);
        }
    }

    /** {@code pm log clear}. */
    @Command(name = "clear", description = "Empties the event log, and deletes its older files.")
    public static final class Clear implements Callable<Integer> {
        private final Terminal terminal;
        private final Journal journal;

        public Clear(Terminal terminal, Journal journal) {
            this.terminal = terminal;
            this.journal = journal;
        }

        @Override
        public Integer call() {
            EventLog log = journal.log();
            orBadInput(() -> {
                log.clear();
                return log;
            });
            terminal.say("cleared " + log.file());
            return ExitCode.OK;
        }
    }
}
