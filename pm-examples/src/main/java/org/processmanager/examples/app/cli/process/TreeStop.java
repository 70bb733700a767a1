package org.processmanager.examples.app.cli.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.processmanager.core.AdoptedProcess;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.StopAnswer;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that stops processes with their descendants. */
abstract class TreeStop implements Callable<Integer> {
    private final Terminal terminal;
    private final NamedProcesses named;

    @Parameters(paramLabel = "NAME|PID", arity = "0..*", description = "Which processes.")
    private List<String> targets = List.of();

    @Mixin
    private TargetOptions options = new TargetOptions();

    @Option(names = "--force", description = "Also process 1, or a parent of pm.")
    private boolean force;

    @Mixin
    private OutputOptions output = new OutputOptions();

    TreeStop(Terminal terminal, NamedProcesses named) {
        this.terminal = terminal;
        this.named = named;
    }

    /** Returns the steps of each stop; empty for those that a named process was started with, or the default. */
    abstract Optional<StopPolicy> policy();

    @Override
    public Integer call() {
        List<String> cancelled = targets.stream().filter(named::cancelRestart).toList();
        cancelled.forEach(this::sayCancelled);
        targets = targets.stream().filter(target -> !cancelled.contains(target)).toList();
        if (!cancelled.isEmpty() && targets.isEmpty() && options.port().isEmpty()) {
            print(Map.of());
            return ExitCode.OK;
        }
        ProcessSelection selection = ProcessSelection.of(named);
        List<ProcessSnapshot> found = options.find(selection, targets);
        if (!force) {
            TargetOptions.checkHarmless(selection, found);
        }
        Map<ProcessSnapshot, StopReport> reports = new LinkedHashMap<>();
        try (ProcessManager manager = ProcessManager.create()) {
            Map<ProcessSnapshot, AdoptedProcess> adopted = new LinkedHashMap<>();
            for (ProcessSnapshot process : found) { // all before the first stop, which may end others of them
                try {
                    adopted.put(process, manager.adopt(process.identity()));
                } catch (NoSuchProcessException e) {
                    terminal.complain(ProcessActions.describe(process) + " has exited before");
                }
            }
            StopPolicy policy = policy().orElse(StopPolicy.defaults());
            adopted.forEach((process, handle) -> reports.put(
                    process,
                    (policy().isPresent() ? named.stop(process.identity(), policy) : named.stop(process.identity()))
                            .orElseGet(() -> handle.stop(policy))));
        }
        print(reports);
        reports.values().forEach(this::complain);
        boolean survived =
                reports.values().stream().anyMatch(report -> !report.survivors().isEmpty());
        return survived ? ExitCode.FAILED : ExitCode.OK;
    }

    private void print(Map<ProcessSnapshot, StopReport> reports) {
        output.printRows(
                terminal,
                reports.entrySet(),
                (json, entry) -> {
                    json.writeStartObject();
                    json.writeNumberField("pid", entry.getKey().pid());
                    json.writeStringField("name", entry.getKey().name());
                    json.writeFieldName("stopReport");
                    StopAnswer.write(json, entry.getValue());
                    json.writeEndObject();
                },
                () -> reports.forEach((process, report) -> terminal.say(ProcessActions.describe(process, report))));
    }

    private void sayCancelled(String name) {
        String text = name + " had exited and is not started again";
        if (output.isForPrograms()) {
            terminal.complain(text);
        } else {
            terminal.say(text);
        }
    }

    private void complain(StopReport report) {
        String failures = ProcessActions.failures(report);
        if (!failures.isEmpty()) {
            terminal.complain(failures);
        }
    }
}
