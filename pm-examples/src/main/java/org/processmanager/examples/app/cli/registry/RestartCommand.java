package org.processmanager.examples.app.cli.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pm restart}: stops and starts processes that {@code pm start} started. */
@Command(
        name = "restart",
        description = {
            "Stops started processes if they run, and starts them again as they were started first: with the same options,"
                    + " arguments, directory and environment. Returns when they run and are ready.",
            "",
            "Exit code 1 if one cannot be started again, 3 if there is no such process."
        })
public final class RestartCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final StartedProcesses started;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Which processes.")
    private List<String> names = new ArrayList<>();

    public RestartCommand(Terminal terminal, StartedProcesses started) {
        this.terminal = terminal;
        this.started = started;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            List<DetachedProcess> found =
                    names.stream().map(name -> started.find(manager, name)).toList();
            for (DetachedProcess process : found) {
                process.restart();
                long pid = process.state()
                        .process()
                        .map(identity -> identity.pid())
                        .orElse(0L);
                terminal.say(process.name() + " started, process " + pid);
            }
        }
        return ExitCode.OK;
    }
}
