package org.processmanager.examples.app.cli.help;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pm completion}: a script with which a shell completes the command lines of pm. */
@Command(
        name = "completion",
        description = {
            "Prints a script that completes commands, options and their values in a shell.",
            "",
            "bash: source <(pm completion bash), in ~/.bashrc. zsh: the same in ~/.zshrc. fish: pm completion fish >"
                    + " ~/.config/fish/completions/pm.fish."
        })
public final class CompletionCommand implements Callable<Integer> {
    enum Shell {
        bash,
        zsh,
        fish
    }

    private final Terminal terminal;
    private final Supplier<CommandLine> model;

    @Parameters(
            paramLabel = "SHELL",
            arity = "0..1",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Shell shell = Shell.bash;

    public CompletionCommand(Terminal terminal, Supplier<CommandLine> model) {
        this.terminal = terminal;
        this.model = model;
    }

    @Override
    public Integer call() {
        CommandLine root = model.get();
        // picocli's script is for both: it turns on zsh's completion for bash
        terminal.out().print(shell == Shell.fish ? FishCompletion.of(root) : AutoComplete.bash("pm", root));
        return CommandLine.ExitCode.OK;
    }
}
