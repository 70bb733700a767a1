package org.processmanager.examples.app.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Input;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.LaunchOptions;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.option.RecordOptions;
import org.processmanager.examples.app.cli.option.StopPolicyConverter;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code pm run}: one program, in the foreground.
 *
 * <p>Signals are handled as in a shell with a child in the foreground. Ctrl-C reaches the child from the terminal, since both
 * are in the terminal's foreground group; pm continues to wait and reports the child's exit. TERM, which reaches pm alone,
 * stops the child; HUP, USR1 and USR2 are passed on to it.
 */
@Command(
        name = "run",
        exitCodeOnExecutionException = ExitCode.RUN_FAILED,
        description = {
            "Runs a program and waits for its exit.",
            "",
            "Exit code: that of the program; 128+n if signal n ended it; 124 after a timeout, which ends the program and its"
                    + " descendants; 126 if it cannot be executed, 127 if it does not exist; 125 if pm fails or cannot write"
                    + " its answer; 2 for bad options, a missing directory, an unknown user or a limit that is too high.",
            "",
            "TERM stops the program by the stop policy; INT, HUP, USR1 and USR2 are passed on to it.",
            "",
            "As JSON the answer is one object, with the first 8 MiB of each stream in stdout and stderr. streamsIncomplete is"
                    + " true if a process that the program left running held one of the two open and may write more to it;"
                    + " pipeHolders are those processes. usage.maxResidentBytes is the peak of resident memory, or null if"
                    + " pm itself has as much,"
                    + " because Linux counts the memory of pm as the program's. stopReport is null if no process had to be"
                    + " stopped; its survivors are still running."
        })
final class RunCommand implements Callable<Integer> {
    private static final String INHERITED = "-";
    private static final int CAPTURED_BYTES = 8 * 1024 * 1024;

    private final Terminal terminal;
    private final Journal journal;
    private final RunMark mark = new RunMark();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "After this time, as 500ms, 2s, 1m, the program and all that it started are ended.")
    private @Nullable Duration timeout;

    @Option(
            names = "--stop-policy",
            paramLabel = "STEPS",
            converter = StopPolicyConverter.class,
            description = "How the program is stopped after the timeout or by a signal to pm (default:"
                    + " stdin:500ms,TERM:5s,KILL:5s). Processes that survive the last step are left running and"
                    + " listed; KILL leaves none.")
    private @Nullable StopPolicy stopPolicy;

    @Option(names = "--tree", description = "After the program has exited, stop the processes that it left running.")
    private boolean tree;

    @Option(
            names = "--stdin",
            paramLabel = "FILE|-",
            description = "A file that the program reads as its standard input; - is that of pm, the default.")
    private String stdin = INHERITED;

    @Mixin
    private LaunchOptions launch = new LaunchOptions();

    @Mixin
    private RecordOptions recording = new RecordOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "CMD",
            description = "The program; what follows are its arguments, also options. -- may stand before it.")
    private List<String> commandLine = new ArrayList<>();

    RunCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (timeout != null && timeout.isZero()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--timeout: 0 (expected: more than nothing)");
        }
        checkLaunchOptions();
        Duration every = recording.interval();
        try (Recorder recorder = every == null ? null : Recorder.start(every, journal::append, terminal::complain);
                ProcessManager manager = ProcessManager.create()) {
            manager.addListener(journal);
            if (recorder != null) {
                manager.addListener(recorder);
            }
            CompletableFuture<ManagedProcess> started = new CompletableFuture<>();
            handleSignals(started);
            ManagedProcess process;
            try {
                process = command(manager).start();
            } catch (LaunchException e) {
                journal.await(1);
                return notStarted(e);
            }
            started.complete(process);
            ProcessResult result = process.await();
            Optional<StopReport> report = result.stopReport();
            if (tree || result.endReason() == EndReason.TIMED_OUT) {
                // Within the session of pm an orphan is identified by its mark alone.
                Optional<StopReport> left = mark.endAll(stopPolicy, intendedSurvivors(report));
                report =
                        report.isEmpty() ? left : left.map(joined(report.get())).or(result::stopReport);
            }
            complain(result, report);
            print(RunAnswer.of(result, report.orElse(null), result.endReason().name()));
            journal.await(result.status() instanceof ExitStatus.Unknown ? 1 : 2); // one that survived has no end yet
            return exitCode(result);
        }
    }

    /** Returns the survivors of a policy that the user has given, which are meant to survive. */
    private Set<Long> intendedSurvivors(Optional<StopReport> report) {
        return stopPolicy == null || report.isEmpty()
                ? Set.of()
                : report.get().survivors().stream()
                        .map(StopReport.Survivor::pid)
                        .collect(Collectors.toSet());
    }

    /** Prints the outcome for programs; else the output of the program is the answer. */
    private void print(Json.Content answer) {
        output.printRecord(terminal, answer, () -> {});
    }

    /** Reports a timeout, and what is left of the program, in one line. */
    private void complain(ProcessResult result, Optional<StopReport> report) {
        List<String> parts = new ArrayList<>();
        if (result.endReason() == EndReason.TIMED_OUT && timeout != null) {
            String by = report.flatMap(StopReport::effectiveStep)
                    .map(step -> " (ended by " + step + ")")
                    .orElse("");
            parts.add(result.command().name() + " did not exit within " + Durations.text(timeout) + by);
        }
        report.ifPresent(stop -> {
            for (StopReport.Survivor survivor : stop.survivors()) {
                parts.add("process " + survivor.pid() + " is still running: " + survivor.reason());
            }
            stop.scanFailure().ifPresent(why -> parts.add("descendants could not be enumerated: " + why));
        });
        if (!parts.isEmpty()) {
            terminal.complain(String.join("; ", parts));
        }
    }

    private void checkLaunchOptions() {
        try {
            launch.apply(org.processmanager.core.Command.of(commandLine.get(0)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), Objects.requireNonNull(e.getMessage()), e);
        }
    }

    private org.processmanager.core.Command command(ProcessManager manager) {
        String[] arguments = commandLine.subList(1, commandLine.size()).toArray(String[]::new);
        org.processmanager.core.Command command = launch.apply(
                        CallerLocale.giveTo(manager.command(commandLine.get(0), arguments)))
                .stdin(stdin.equals(INHERITED) ? Input.inherit() : Input.of(Path.of(stdin)))
                .stdout(output.isForPrograms() ? Output.head(CAPTURED_BYTES) : Output.inherit())
                .stderr(output.isForPrograms() ? Output.head(CAPTURED_BYTES) : Output.inherit())
                .acceptAnyExit();
        if (stopPolicy != null) {
            command = command.stopPolicy(stopPolicy);
        }
        if (timeout != null) {
            command = command.timeout(timeout);
        }
        return tree || timeout != null ? command.env(RunMark.VARIABLE, mark.id()) : command;
    }

    private void handleSignals(CompletableFuture<ManagedProcess> started) {
        terminal.onSignal("INT", () -> started.thenAcceptAsync(RunCommand::interrupt));
        terminal.onSignal("TERM", () -> started.thenAcceptAsync(ManagedProcess::stop));
        for (Signal signal : List.of(Signal.HUP, Signal.USR1, Signal.USR2)) {
            terminal.onSignal(signal.name(), () -> started.thenAcceptAsync(process -> passOn(process, signal)));
        }
    }

    private void passOn(ManagedProcess process, Signal signal) {
        try {
            process.signal(signal);
        } catch (UnsupportedOperationException e) {
            if (signal.equals(Signal.HUP)) {
                process.stop(); // the portable path has TERM and KILL alone
            } else {
                terminal.complain("signal " + signal.name() + " was not passed on: " + e.getMessage());
            }
        } catch (ProcessManagerException e) {
            terminal.complain("signal " + signal.name() + " was not passed on: " + e.getMessage());
        }
    }

    /** Passes Ctrl-C on, unless the child has received it from the terminal as well. */
    static void interrupt(ManagedProcess process) {
        if (Terminal.isThere()) {
            return;
        }
        try {
            process.signal(Signal.INT);
        } catch (UnsupportedOperationException e) {
            process.stop(); // the portable path has TERM and KILL alone
        }
    }

    private int notStarted(LaunchException e) {
        terminal.complain(e.getMessage() + (e.reason() == LaunchException.Reason.NOT_FOUND ? hint() : ""));
        int code =
                switch (e.reason()) {
                    case NOT_FOUND -> ExitCode.NOT_FOUND;
                    case NOT_EXECUTABLE, ARGUMENTS_TOO_LONG -> ExitCode.NOT_EXECUTABLE; // as in shells
                    case BAD_DIRECTORY, BAD_STREAM_FILE, UNKNOWN_USER, LIMIT_REFUSED -> ExitCode.BAD_INPUT;
                    default -> ExitCode.RUN_FAILED;
                };
        String endReason =
                code == ExitCode.RUN_FAILED ? "LAUNCH_FAILED" : e.reason().name();
        print(RunAnswer.of(null, null, endReason));
        return code;
    }

    private String hint() {
        String path = System.getenv("PATH");
        return SimilarNames.hint(SimilarNames.programs(commandLine.get(0), path == null ? "" : path));
    }

    private static int exitCode(ProcessResult result) {
        if (result.endReason() == EndReason.TIMED_OUT) {
            return ExitCode.TIMED_OUT;
        }
        if (result.status() instanceof ExitStatus.Exited exited) {
            return exited.code();
        }
        if (result.status() instanceof ExitStatus.Signaled signaled) {
            return ExitCode.ofSignal(signaled.signal().number());
        }
        return ExitCode.RUN_FAILED;
    }

    /** Joins the reports of two stops, one after another. */
    private static UnaryOperator<StopReport> joined(StopReport first) {
        return second -> {
            List<StopReport.Survivor> survivors = Stream.concat(
                            first.survivors().stream()
                                    .filter(known -> !second.signalled().contains(known.pid())),
                            second.survivors().stream())
                    .toList();
            return new StopReport(
                    survivors.isEmpty() ? second.effectiveStep() : Optional.empty(),
                    Stream.concat(first.signalled().stream(), second.signalled().stream())
                            .distinct()
                            .toList(),
                    survivors,
                    first.scanFailure(),
                    first.duration().plus(second.duration()));
        };
    }
}
