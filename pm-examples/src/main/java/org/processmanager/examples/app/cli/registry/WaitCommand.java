package org.processmanager.examples.app.cli.registry;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pm wait}: the exit of a process that {@code pm start} started. */
@Command(
        name = "wait",
        exitCodeOnExecutionException = ExitCode.RUN_FAILED,
        description = {
            "Waits until a started process has exited and will not be started again, and prints how.",
            "",
            "Exit code: that of the program; 128+n if signal n ended it; 124 after --timeout, which leaves it running; 125 if"
                    + " its exit was not recorded, or pm fails; 3 if there is no such process."
        })
public final class WaitCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final StartedProcesses started;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The longest wait (default: no limit).")
    private @Nullable Duration timeout;

    @Parameters(paramLabel = "NAME", description = "Which process.")
    private @Nullable String name;

    public WaitCommand(Terminal terminal, StartedProcesses started) {
        this.terminal = terminal;
        this.started = started;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            DetachedProcess process = started.find(manager, Objects.requireNonNull(name));
            Optional<ExitStatus> status = timeout == null ? Optional.of(process.await()) : process.await(timeout);
            if (status.isEmpty()) {
                terminal.complain(name + " did not exit within " + Durations.text(Objects.requireNonNull(timeout)));
                return ExitCode.TIMED_OUT;
            }
            terminal.say(name + ": " + status.get());
            return StartedProcesses.shellCode(status.get());
        }
    }
}
