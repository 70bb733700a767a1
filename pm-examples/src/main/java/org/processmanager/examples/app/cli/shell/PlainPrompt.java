package org.processmanager.examples.app.cli.shell;

import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.terminal.InputLines;
import org.processmanager.examples.app.cli.terminal.Terminal;

/** The prompt of a terminal that cannot move its cursor: a line has no editing but that of the system. */
final class PlainPrompt implements Prompt {
    private final Terminal terminal;
    private final InputLines lines;
    private final PendingLines pending = new PendingLines();

    PlainPrompt(Terminal terminal, InputLines lines) {
        this.terminal = terminal;
        this.lines = lines;
    }

    @Override
    public @Nullable String ask(String text) throws InterruptedException {
        while (true) {
            pending.take().forEach(terminal::say);
            terminal.out().print(text);
            terminal.flush();
            try {
                return lines.await();
            } catch (IllegalArgumentException tooLong) {
                terminal.complain(String.valueOf(tooLong.getMessage()));
            }
        }
    }

    @Override
    public void tell(String line) {
        pending.add(line);
    }
}
