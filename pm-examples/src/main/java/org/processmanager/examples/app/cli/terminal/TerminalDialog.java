package org.processmanager.examples.app.cli.terminal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.menu.Dialog;

/**
 * A dialog on the standard streams. On a terminal, which echoes, a prompt and its answer share a line; elsewhere the prompt is
 * a line of its own, so that the next output does not follow it.
 */
public final class TerminalDialog implements Dialog {
    private final Terminal terminal;
    private final InputLines lines;
    private final boolean inputIsEchoed;
    private final CompletableFuture<?> end;

    private TerminalDialog(Terminal terminal, InputLines lines, boolean inputIsEchoed, CompletableFuture<?> end) {
        this.terminal = terminal;
        this.lines = lines;
        this.inputIsEchoed = inputIsEchoed;
        this.end = end;
    }

    /**
     * Creates a dialog that ends with its input.
     *
     * @param inputIsEchoed whether the user types at the terminal that shows the output
     */
    public static Dialog of(Terminal terminal, InputLines lines, boolean inputIsEchoed) {
        return new TerminalDialog(terminal, lines, inputIsEchoed, new CompletableFuture<>());
    }

    /** Creates a dialog on the streams of a command; its answers can be edited where the terminal allows that. */
    public static Dialog of(Terminal terminal, EditingDialog.Interrupts interrupts) {
        Dialog plain = of(terminal, new InputLines(terminal.in()), terminal.echoesInput());
        return JLineTerminal.isUsable(terminal) ? EditingDialog.of(terminal, plain, interrupts) : plain;
    }

    @Override
    public @Nullable String ask(String prompt) throws InterruptedException {
        if (isEnded()) {
            return null;
        }
        terminal.out().print(Printable.line(prompt) + (inputIsEchoed ? ": " : ":\n"));
        terminal.flush();
        var line = lines.next();
        try {
            CompletableFuture.anyOf(line, end).get();
            if (line.isDone()) {
                lines.taken();
                return line.get().map(String::strip).orElse(null);
            }
        } catch (ExecutionException e) {
            lines.taken();
            if (e.getCause() instanceof IllegalArgumentException tooLong) {
                throw tooLong;
            }
            throw new IllegalStateException(e.getCause());
        }
        if (inputIsEchoed) {
            terminal.out().println();
        }
        return null;
    }

    @Override
    public Dialog until(CompletableFuture<?> whatEndsIt) {
        return new TerminalDialog(terminal, lines, inputIsEchoed, whatEndsIt);
    }

    @Override
    public boolean isEnded() {
        return end.isDone();
    }

    @Override
    public void say(String line) {
        terminal.say(line);
    }

    @Override
    public void complain(String line) {
        terminal.flush();
        terminal.complain(line);
    }

    @Override
    public void table(List<String> titles, List<List<String>> rows) {
        Table table = new Table(titles.toArray(String[]::new));
        rows.forEach(row -> table.row(row.toArray(String[]::new)));
        table.print(terminal.out(), terminal.columns());
    }

    @Override
    public void flush() {
        terminal.flush();
    }
}
