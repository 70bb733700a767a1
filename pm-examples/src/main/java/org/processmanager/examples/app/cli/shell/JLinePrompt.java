package org.processmanager.examples.app.cli.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal.Signal;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.Suggestions;
import org.processmanager.examples.app.cli.terminal.JLineTerminal;
import org.processmanager.examples.app.cli.terminal.Printable;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine;

/**
 * A prompt with line editing, completion and history. The terminal is opened for each line and closed before its command runs,
 * so that the command finds it as a one-shot command does, and may open it itself.
 */
final class JLinePrompt implements Prompt {
    private static final int HISTORY_LINES = 1000;
    private static final Logger JLINE_LOG = Logger.getLogger("org.jline");

    private final Terminal terminal;
    private final Commands commands;
    private final Suggestions suggestions;
    private final History history = new DefaultHistory();
    private final PendingLines pending = new PendingLines();
    private final @Nullable Path historyFile;
    private @Nullable CommandLine model; // of the thread that reads
    private @Nullable LineReader reading; // guarded by this

    JLinePrompt(Terminal terminal, Commands commands, Suggestions suggestions) {
        this.terminal = terminal;
        this.commands = commands;
        this.suggestions = suggestions;
        JLINE_LOG.setLevel(Level.OFF); // a history that cannot be written has been reported
        historyFile = HistoryFile.open(terminal);
    }

    @Override
    public @Nullable String ask(String text) {
        Optional<org.jline.terminal.Terminal> opened = JLineTerminal.open(terminal);
        if (opened.isEmpty()) {
            terminal.complain("the terminal can no longer be opened");
            return null;
        }
        try (org.jline.terminal.Terminal line = opened.get()) {
            line.handle(Signal.INT, signal -> {}); // else Ctrl-C right after the line would end the shell
            LineReader reader = reader(line);
            begin(reader);
            try {
                return read(reader, text);
            } finally {
                end();
            }
        } catch (IOException e) {
            terminal.complain("the terminal cannot be restored: " + e.getMessage());
            return null;
        }
    }

    private static @Nullable String read(LineReader reader, String text) {
        while (true) {
            try {
                return reader.readLine(text);
            } catch (UserInterruptException e) {
                // Ctrl-C: the line is given up
            } catch (EndOfFileException e) {
                return null;
            }
        }
    }

    private LineReader reader(org.jline.terminal.Terminal line) {
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("pm")
                .terminal(line)
                .history(history)
                .completer((reader, parsed, candidates) -> complete(parsed, candidates))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.INSERT_TAB, false)
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES);
        if (historyFile != null) {
            builder.variable(LineReader.HISTORY_FILE, historyFile);
        }
        return builder.build();
    }

    private void complete(ParsedLine line, List<Candidate> candidates) {
        CommandLine all = model == null ? commands.model() : model;
        model = all;
        List<String> words = line.words().subList(0, line.wordIndex());
        for (Suggestions.Suggestion suggestion : suggestions.complete(all, words, line.word())) {
            String text = suggestion.text();
            String description = suggestion.description().isEmpty() ? null : suggestion.description();
            candidates.add(new Candidate(text, text, null, description, null, null, !text.endsWith("/")));
        }
    }

    private synchronized void begin(LineReader reader) {
        pending.take().forEach(terminal::say);
        terminal.flush();
        reading = reader;
    }

    private synchronized void end() {
        reading = null;
    }

    @Override
    public synchronized void tell(String line) {
        if (reading == null) {
            pending.add(line);
        } else {
            reading.printAbove(Printable.line(line));
        }
    }
}
