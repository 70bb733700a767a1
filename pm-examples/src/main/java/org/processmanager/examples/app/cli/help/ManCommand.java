package org.processmanager.examples.app.cli.help;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pm man}: the manual page. */
@Command(
        name = "man",
        description = {
            "Prints the manual page of all commands, in the language of man: pm man | man -l - shows it.",
            "",
            "To install it for man pm: pm man > ~/.local/share/man/man1/pm.1."
        })
public final class ManCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Supplier<CommandLine> model;

    public ManCommand(Terminal terminal, Supplier<CommandLine> model) {
        this.terminal = terminal;
        this.model = model;
    }

    @Override
    public Integer call() {
        CommandLine root = model.get();
        terminal.out()
                .print(ManualText.of(
                        root, String.join(" ", root.getCommandSpec().version())));
        return CommandLine.ExitCode.OK;
    }
}
