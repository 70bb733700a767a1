package org.processmanager.examples.app.cli.shell;

import java.util.concurrent.Callable;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Suggestions;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.examples.app.cli.terminal.InputLines;
import org.processmanager.examples.app.cli.terminal.JLineTerminal;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;

/** {@code pm shell}: all commands, in one process. */
@Command(
        name = "shell",
        description = {
            "Reads commands and runs them in this process, until exit, quit or the end of the input. pm without a command"
                    + " does the same at a terminal.",
            "",
            "At a terminal, the tab key completes commands, options, pids, names, endpoints and files; the history is kept in"
                    + " pm/history in $XDG_STATE_HOME or ~/.local/state. Ctrl-C ends the command that runs. The prompt"
                    + " shows the exit code of a command that failed, and above it stands which started processes have"
                    + " exited.",
            "",
            "Without a terminal it ends with the first command that fails, whose line it names, and with its exit code."
        })
public final class ShellCommand implements Callable<Integer> {
    private static final String NAME = "standard input";

    private final Terminal terminal;
    private final Commands commands;
    private final NamedProcesses named;
    private final Suggestions suggestions;

    public ShellCommand(Terminal terminal, Commands commands, NamedProcesses named, Suggestions suggestions) {
        this.terminal = terminal;
        this.commands = commands;
        this.named = named;
        this.suggestions = suggestions;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (terminal.isInShell()) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "this is a shell already");
        }
        InputLines lines = new InputLines(terminal.in());
        if (terminal.echoesInput()) {
            Prompt prompt = JLineTerminal.isUsable(terminal)
                    ? new JLinePrompt(terminal, commands, suggestions)
                    : new PlainPrompt(terminal, lines);
            return new InteractiveShell(terminal, commands, prompt).run(named);
        }
        return new ScriptLines(terminal, commands, NAME).run(lines::await);
    }
}
