package org.processmanager.examples.app.cli.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pm up}: a few processes from one file, with their merged log, until Ctrl-C. */
@Command(
        name = "up",
        description = {
            "Starts the processes that a file lists, and shows their output line by line, with their names, until all have"
                    + " ended, one has failed for good, or Ctrl-C or TERM stops them: those that were started last first. A"
                    + " second Ctrl-C kills them.",
            "",
            "A Procfile has a line 'name: command line' for each, which the shell runs. A file that ends in .toml has a table"
                    + " for each, as [web], with the keys:",
            "  command               a line for the shell, or [\"program\", \"argument\"]",
            "  directory, env        where it runs (default: where the file is); { NAME = \"value\" }",
            "  depends_on            names of those that are ready, or have completed, before it is started",
            "  ready_line, ready_port, ready_file, ready_timeout (default: 30s)",
            "  restart               never (default), on-failure or always",
            "  restart_delay, restart_longest_delay   first and longest delay, which doubles (default: 100ms, 30s)",
            "  restart_limit         as \"5 in 1m\": instead of one more restart it has failed for good (default: none)",
            "  stop_signal, stop_grace                before KILL (default: TERM, 5s)",
            "",
            "Colors are for terminals, unless NO_COLOR is set. All processes are ended also if pm is killed.",
            "",
            "Exit code: 0 if all ended with success, or were stopped; 1 if one failed for good, which stops the others; 2 if"
                    + " the file has a mistake, and then nothing is started."
        })
public final class UpCommand implements Callable<Integer> {
    private static final Path DEFAULT_FILE = Path.of("Procfile");

    private final Terminal terminal;
    private final Journal journal;

    @Option(names = "--check", description = "Check the file and list its processes in the order of their start.")
    private boolean check;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "The file (default: Procfile).")
    private @Nullable Path file;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME",
            description = "Start only these, and those that they depend on.")
    private List<String> names = new ArrayList<>();

    public UpCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Service> services = UpFile.read(file()).select(names);
        for (Service service : services) {
            if (!Files.isDirectory(service.directory())) {
                throw new CommandFailure(ExitCode.BAD_INPUT, service.name() + ": no directory " + service.directory());
            }
        }
        if (check) {
            services.forEach(service -> terminal.say(service.name()
                    + (service.dependencies().isEmpty()
                            ? ""
                            : " after " + String.join(", ", service.dependencyNames()))));
            return ExitCode.OK;
        }
        try (ProcessManager manager = ProcessManager.create()) {
            manager.addListener(journal);
            try (UpRun run = new UpRun(terminal, manager, services)) {
                for (String signal : List.of("INT", "TERM", "HUP")) {
                    terminal.onSignal(signal, run::stop);
                }
                List<String> failed = run.await();
                if (!failed.isEmpty()) {
                    terminal.complain(run.gaveUp().orElse(String.join(", ", failed) + " failed"));
                    return ExitCode.FAILED;
                }
            }
        }
        return ExitCode.OK;
    }

    private Path file() {
        if (file == null) {
            return DEFAULT_FILE;
        }
        if (!Files.exists(file) && Files.exists(DEFAULT_FILE) && names.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    "there is no file " + file + " (for a process of Procfile: pm up Procfile " + file + ")");
        }
        return Objects.requireNonNull(file);
    }
}
