package org.processmanager.examples.app.cli.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options that say which processes a command is about. */
final class TargetOptions {
    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The process that listens on this TCP or UDP port; only processes of this user are found.")
    private @Nullable Integer port;

    @Option(names = "--all", description = "All processes of a name or port, if there are several.")
    private boolean all;

    /** Returns the processes of names, pids and the port, each once, in this order. */
    List<ProcessSnapshot> find(ProcessSelection selection, List<String> targets) {
        if (targets.isEmpty() && port == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "NAME, PID or --port is missing (expected: at least one)");
        }
        Map<ProcessIdentity, ProcessSnapshot> found = new LinkedHashMap<>();
        List<ProcessSnapshot> list = new ArrayList<>();
        for (String target : targets) {
            list.addAll(selection.find(target, all));
        }
        if (port != null) {
            list.addAll(selection.onPort(port, all));
        }
        list.forEach(process -> found.put(process.identity(), process));
        return List.copyOf(found.values());
    }

    OptionalInt port() {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /**
     * Refuses processes whose end would harm more than themselves.
     *
     * @throws CommandFailure if one is process 1, this one or one of its parents
     */
    static void checkHarmless(ProcessSelection selection, List<ProcessSnapshot> targets) {
        for (ProcessSnapshot target : targets) {
            ProcessActions.harmOf(target, selection.processes()).ifPresent(harm -> {
                boolean isSelf = target.pid() == ProcessHandle.current().pid();
                throw new CommandFailure(
                        ExitCode.BAD_INPUT, harm + (isSelf ? "" : "; nothing was done, --force does it nevertheless"));
            });
        }
    }
}
