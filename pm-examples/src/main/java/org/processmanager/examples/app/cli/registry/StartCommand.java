package org.processmanager.examples.app.cli.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.Ready;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.registry.DetachedCommand;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.NameInUseException;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.core.supervise.Restart;
import org.processmanager.examples.app.cli.CallerLocale;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.LaunchOptions;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.option.StopPolicyConverter;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.menu.DetachedChild;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pm start}: a program that continues when pm has exited. */
@Command(
        name = "start",
        description = {
            "Starts a program that continues when pm has exited, and returns when it runs and is ready.",
            "",
            "Its output is kept: see logs. The commands info, logs, wait, stop, kill, signal, restart and rm take its name;"
                    + " ps --mine lists all that were started. Its standard input is empty.",
            "",
            "Exit code: 2 if the name is in use or an option is bad; 127 if the program does not exist, 126 if it cannot be"
                    + " executed; 1 if it does not get ready, and is then stopped, or something else failed."
        })
public final class StartCommand implements Callable<Integer> {
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);

    /** When a program is started again. */
    enum RestartWhen {
        never,
        on_failure,
        always;

        /** Returns the name as an option has it. */
        @Override
        public String toString() {
            return name().replace('_', '-');
        }

        Restart rule() {
            return switch (this) {
                case never -> Restart.never();
                case on_failure -> Restart.onFailure();
                case always -> Restart.always();
            };
        }
    }

    private final Terminal terminal;
    private final Journal journal;
    private final StartedProcesses started;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "Its name: letters, digits and . _ + @ - (default: that of the program, with a number if in use).")
    private @Nullable String name;

    @Option(
            names = "--jvm",
            paramLabel = "NAME",
            description = "Start a managed JVM of this name instead of a program: pm thread and pm attach reach it.")
    private @Nullable String jvm;

    @Option(
            names = "--restart",
            paramLabel = "WHEN",
            description =
                    "When it is started again after its exit: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). The"
                            + " delay doubles from 100 ms to 30 s.")
    private RestartWhen restart = RestartWhen.never;

    @Option(
            names = "--ready-line",
            paramLabel = "REGEX",
            description = "It is ready when a line of its output has a match of this.")
    private @Nullable String readyLine;

    @Option(names = "--ready-port", paramLabel = "N", description = "It is ready when it listens on this TCP port.")
    private @Nullable Integer readyPort;

    @Option(
            names = "--stop-policy",
            paramLabel = "STEPS",
            converter = StopPolicyConverter.class,
            description = "How pm stop and pm restart stop it, as INT:2s,KILL:5s (default: TERM:5s,KILL:5s).")
    private @Nullable StopPolicy stopPolicy;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long to wait until it is ready (default: 30s).")
    private Duration timeout = READY_TIMEOUT;

    @Mixin
    private LaunchOptions launch = new LaunchOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "CMD",
            description = "The program; what follows are its arguments, also options. -- may stand before it.")
    private List<String> commandLine = new ArrayList<>();

    public StartCommand(Terminal terminal, StartedProcesses started, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
        this.started = started;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            DetachedProcess process = command(manager).start();
            long pid = process.state().process().map(identity -> identity.pid()).orElse(0L);
            output.printRecord(
                    terminal,
                    json -> {
                        json.writeStartObject();
                        json.writeStringField("name", process.name());
                        json.writeNumberField("pid", pid);
                        json.writeEndObject();
                    },
                    () -> terminal.say(process.name() + " started, process " + pid));
            return ExitCode.OK;
        } catch (NameInUseException e) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    "the name " + name + " is in use (pm info " + name + "); pm rm " + name + " or pm restart " + name
                            + ", or choose another name",
                    e);
        } catch (LaunchException e) {
            int code =
                    switch (e.reason()) {
                        case NOT_FOUND -> ExitCode.NOT_FOUND;
                        case NOT_EXECUTABLE -> ExitCode.NOT_EXECUTABLE;
                        default -> ExitCode.FAILED;
                    };
            throw new CommandFailure(code, String.valueOf(e.getMessage()), e);
        }
    }

    private DetachedCommand command(ProcessManager manager) {
        try {
            if (jvm != null) {
                return jvm(manager, jvm);
            }
            if (commandLine.isEmpty()) {
                throw new IllegalArgumentException("a program is missing");
            }
            String[] arguments = commandLine.subList(1, commandLine.size()).toArray(String[]::new);
            org.processmanager.core.Command command =
                    launch.apply(CallerLocale.giveTo(manager.command(commandLine.get(0), arguments)));
            Ready ready = ready();
            if (ready != null) {
                command = command.ready(ready, timeout);
            }
            DetachedCommand detached =
                    started.registry(manager).detached(stopped(command)).restart(restart.rule());
            return name == null ? detached : detached.name(name);
        } catch (PatternSyntaxException e) {
            throw refused("--ready-line: " + e.getDescription() + " in '" + readyLine + "'", e);
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        }
    }

    private DetachedCommand jvm(ProcessManager manager, String jvmName) {
        if (!commandLine.isEmpty() || name != null || readyLine != null || readyPort != null) {
            throw new IllegalArgumentException("--jvm with a program, --name or --ready-... (expected: without them)");
        }
        name = jvmName;
        ProcessRegistry registry = started.registry(manager);
        org.processmanager.core.Command command = DetachedChild.command(
                manager,
                registry.directory().resolve(jvmName),
                journal.log().file().toAbsolutePath());
        return registry.detached(stopped(launch.apply(CallerLocale.giveTo(command))))
                .restart(restart.rule())
                .name(jvmName);
    }

    private org.processmanager.core.Command stopped(org.processmanager.core.Command command) {
        return stopPolicy == null ? command : command.stopPolicy(stopPolicy);
    }

    private @Nullable Ready ready() {
        if (readyLine != null && readyPort != null) {
            throw new IllegalArgumentException("--ready-line and --ready-port (expected: one of them)");
        }
        if (readyLine != null) {
            return Ready.line(readyLine);
        }
        return readyPort != null ? Ready.port(readyPort) : null;
    }

    private ParameterException refused(String why, Exception cause) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), why, cause);
    }
}
