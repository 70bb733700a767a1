package org.processmanager.examples.app.cli.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pm rm}: forgets processes that {@code pm start} started. */
@Command(
        name = "rm",
        description = {
            "Removes started processes that have exited from the list of ps --mine, with their output.",
            "",
            "Exit code 1 if one still runs: stop it first; 3 if there is no such process."
        })
public final class RmCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final StartedProcesses started;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--exited", description = "All that do not run.")
    private boolean exited;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Which processes.")
    private List<String> names = new ArrayList<>();

    public RmCommand(Terminal terminal, StartedProcesses started) {
        this.terminal = terminal;
        this.started = started;
    }

    @Override
    public Integer call() {
        if (names.isEmpty() != exited) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "NAME or --exited is missing (expected: one of them)");
        }
        try (ProcessManager manager = ProcessManager.create()) {
            List<DetachedProcess> found = new ArrayList<>();
            names.forEach(name -> found.add(started.find(manager, name)));
            if (exited) {
                StartedProcesses.states(started.registry(manager)).forEach((process, state) -> {
                    if (!state.isActive()) {
                        found.add(process);
                    }
                });
            }
            boolean complete = true;
            for (DetachedProcess process : found) {
                complete &= remove(process);
            }
            return complete ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private boolean remove(DetachedProcess process) {
        try {
            process.remove();
            terminal.say("removed " + process.name());
            return true;
        } catch (IllegalStateException e) {
            terminal.complain(String.valueOf(e.getMessage()));
            return false;
        }
    }
}
