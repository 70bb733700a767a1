package org.processmanager.examples.app.cli.process;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.StopPolicy;
import org.processmanager.examples.app.cli.option.StopPolicyConverter;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pm stop}: stops processes with their descendants. */
@Command(
        name = "stop",
        description = {
            "Stops processes and all that they have started.",
            "",
            "A name is one that pm start gave, that of a program, as java, or the main class of a JVM. Refuses process 1, pm itself and its parents"
                    + " without --force.",
            "",
            "Exit code 1 if a process survived, 2 if there are several and not --all, 3 if there is no such process."
        })
public final class StopCommand extends TreeStop {
    @Option(
            names = "--stop-policy",
            paramLabel = "STEPS",
            converter = StopPolicyConverter.class,
            description =
                    "How they are stopped, as INT:2s,KILL:5s (default: what pm start was given, else TERM:5s,KILL:5s).")
    private @Nullable StopPolicy policy;

    public StopCommand(Terminal terminal, NamedProcesses named) {
        super(terminal, named);
    }

    @Override
    Optional<StopPolicy> policy() {
        return Optional.ofNullable(policy);
    }
}
