package org.processmanager.examples.app.cli.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;
import org.processmanager.core.monitor.Sampler;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pm info}: what one process is, does and uses. */
@Command(
        name = "info",
        description = {
            "Shows the details of processes.",
            "",
            "A name is one that pm start gave, that of a program, as java, or the main class of a JVM. The load is measured for 100 ms. What this user"
                    + " may not read is shown as -, in JSON as null. JSON and CSV have all parts.",
            "",
            "Exit code 2 if there are several and not --all, 3 if there is no such process."
        })
public final class InfoCommand implements Callable<Integer> {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Terminal terminal;
    private final NamedProcesses named;

    @Parameters(paramLabel = "NAME|PID", arity = "0..*", description = "Which processes.")
    private List<String> targets = List.of();

    @Mixin
    private TargetOptions options = new TargetOptions();

    @Option(names = "--threads", description = "Also each thread.")
    private boolean threads;

    @Option(names = "--files", description = "Also each open descriptor.")
    private boolean files;

    @Option(names = "--env", description = "Also the environment with which it was started.")
    private boolean environment;

    @Option(names = "--limits", description = "Also the resource limits.")
    private boolean limits;

    @Mixin
    private OutputOptions output = new OutputOptions();

    public InfoCommand(Terminal terminal, NamedProcesses named) {
        this.terminal = terminal;
        this.named = named;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> exited = describeNames();
        targets = targets.stream().filter(target -> !exited.contains(target)).toList();
        if (!exited.isEmpty() && targets.isEmpty() && options.port().isEmpty()) {
            return ExitCode.OK;
        }
        ProcessSelection selection = ProcessSelection.of(named);
        List<ProcessSnapshot> found = options.find(selection, targets);
        Sampler sampler = Sampler.ofAll();
        Thread.sleep(INTERVAL.toMillis());
        Sample sample = sampler.sample();
        List<ProcessInfo> infos =
                found.stream().map(process -> ProcessInfo.of(process, sample)).toList();
        output.printRows(terminal, infos, (json, info) -> info.writeTo(json), () -> print(infos));
        return ExitCode.OK;
    }

    private void print(List<ProcessInfo> infos) {
        for (int i = 0; i < infos.size(); i++) {
            if (i > 0) {
                terminal.say("");
            }
            ProcessInfo info = infos.get(i);
            info.printSummary(terminal);
            if (threads) {
                info.printThreads(terminal);
            }
            if (files) {
                info.printDescriptors(terminal);
            }
            if (limits) {
                info.printLimits(terminal);
            }
            if (environment) {
                info.printEnvironment(terminal);
            }
        }
    }

    /** Prints what is known of started processes, and returns the names of those that do not run. */
    private List<String> describeNames() {
        if (output.isForPrograms()) {
            return List.of();
        }
        Map<String, ProcessIdentity> known = named.byName();
        List<String> exited = new ArrayList<>();
        for (String target : targets) {
            List<String> lines = named.describe(target);
            lines.forEach(terminal::say);
            ProcessIdentity process = known.get(target);
            if (!lines.isEmpty() && (process == null || !process.isAlive())) {
                exited.add(target);
            }
        }
        return exited;
    }
}
