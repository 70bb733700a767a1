package org.processmanager.examples.app.cli.process;

import java.util.Optional;
import org.processmanager.core.StopPolicy;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;

/** {@code pm kill}: kills processes with their descendants. */
@Command(
        name = "kill",
        description = {
            "Kills processes and all that they have started, by signal KILL.",
            "",
            "A name is one that pm start gave, that of a program, as java, or the main class of a JVM. Refuses process 1, pm itself and its parents"
                    + " without --force.",
            "",
            "Exit code 1 if a process survived, 2 if there are several and not --all, 3 if there is no such process."
        })
public final class KillCommand extends TreeStop {
    public KillCommand(Terminal terminal, NamedProcesses named) {
        super(terminal, named);
    }

    @Override
    Optional<StopPolicy> policy() {
        return Optional.of(StopPolicy.immediateKill());
    }
}
