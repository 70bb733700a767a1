package org.processmanager.examples.app.cli.terminal;

import java.io.IOError;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.history.DefaultHistory;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.menu.Dialog;

/**
 * A dialog at a terminal, whose answers can be edited and fetched again by the arrow keys. The terminal is opened for each
 * answer, so that a program which runs in between finds it unchanged. A Ctrl-C that has no effect asks again.
 */
public final class EditingDialog implements Dialog {
    private final Terminal terminal;
    private final Dialog plain;
    private final Interrupts interrupts;
    private final History history;
    private final CompletableFuture<?> end;

    /** What Ctrl-C does. */
    public interface Interrupts {
        /** Takes over Ctrl-C again, which the editing of a line had. */
        void resume();

        /** Acts on a Ctrl-C during the editing of a line; in a shell it may interrupt the caller. */
        void interrupt();
    }

    private EditingDialog(
            Terminal terminal, Dialog plain, Interrupts interrupts, History history, CompletableFuture<?> end) {
        this.terminal = terminal;
        this.plain = plain;
        this.interrupts = interrupts;
        this.history = history;
        this.end = end;
    }

    /**
     * Creates a dialog that ends with its input.
     *
     * @param plain shows lines, and asks where the terminal cannot be opened
     */
    public static Dialog of(Terminal terminal, Dialog plain, Interrupts interrupts) {
        return new EditingDialog(terminal, plain, interrupts, new DefaultHistory(), new CompletableFuture<>());
    }

    @Override
    public @Nullable String ask(String prompt) throws InterruptedException {
        while (!isEnded()) {
            terminal.flush();
            Optional<org.jline.terminal.Terminal> opened = JLineTerminal.open(terminal);
            if (opened.isEmpty()) {
                return plain.ask(prompt);
            }
            try (org.jline.terminal.Terminal line = opened.get()) {
                return read(line, Printable.line(prompt) + ": ");
            } catch (EndOfFileException | IOError | IOException e) {
                return null; // also a terminal that is gone
            } catch (UserInterruptException e) {
                // by Ctrl-C, or by the end of the dialog
            } finally {
                interrupts.resume();
            }
            if (!isEnded()) {
                interrupt();
            }
        }
        return null;
    }

    /** Acts on Ctrl-C. */
    private void interrupt() throws InterruptedException {
        interrupts.interrupt();
        if (Thread.interrupted()) {
            throw new InterruptedException("Ctrl-C"); // in a shell
        }
    }

    /** Reads a line on this thread, which the end of the dialog interrupts. */
    private String read(org.jline.terminal.Terminal line, String prompt) {
        LineReader reader = LineReaderBuilder.builder()
                .terminal(line)
                .history(history)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.INSERT_TAB, true)
                .build();
        EndWatch watch = new EndWatch(Thread.currentThread());
        end.whenComplete((result, failure) -> watch.interrupt());
        try {
            return reader.readLine(prompt).strip();
        } finally {
            watch.finish();
        }
    }

    /** Interrupts a thread while it reads, and at no other time. */
    private static final class EndWatch {
        private final Thread thread;
        private boolean finished;
        private boolean interrupted;

        EndWatch(Thread thread) {
            this.thread = thread;
        }

        synchronized void interrupt() {
            if (!finished) {
                interrupted = true;
                thread.interrupt();
            }
        }

        synchronized void finish() {
            finished = true;
            if (interrupted) {
                Thread.interrupted(); // it was for the line alone
            }
        }
    }

    @Override
    public Dialog until(CompletableFuture<?> whatEndsIt) {
        return new EditingDialog(terminal, plain.until(whatEndsIt), interrupts, history, whatEndsIt);
    }

    @Override
    public boolean isEnded() {
        return end.isDone();
    }

    @Override
    public void say(String line) {
        plain.say(line);
    }

    @Override
    public void complain(String line) {
        plain.complain(line);
    }

    @Override
    public void table(List<String> titles, List<List<String>> rows) {
        plain.table(titles, rows);
    }

    @Override
    public void flush() {
        plain.flush();
    }
}
