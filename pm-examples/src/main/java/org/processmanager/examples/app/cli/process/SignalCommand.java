package org.processmanager.examples.app.cli.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.AdoptedProcess;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.NotPermittedException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.Signal;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code pm signal}: sends a signal to processes. */
@Command(
        name = "signal",
        description = {
            "Sends a signal to processes.",
            "",
            "A name is one that pm start gave, that of a program, as java, or the main class of a JVM. Refuses process 1, pm itself and its parents"
                    + " without --force.",
            "",
            "Exit code 1 if the signal could not be sent to all, 2 if there are several and not --all, 3 if there is no such process."
        })
public final class SignalCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final NamedProcesses named;

    @Parameters(
            index = "0",
            paramLabel = "SIGNAL",
            converter = SignalConverter.class,
            description = "The signal, as HUP, SIGHUP or 1.")
    private @Nullable Signal signal;

    @Parameters(index = "1..*", paramLabel = "NAME|PID", arity = "0..*", description = "Which processes.")
    private List<String> targets = List.of();

    @Mixin
    private TargetOptions options = new TargetOptions();

    @Option(names = "--tree", description = "Also all that they have started.")
    private boolean tree;

    @Option(names = "--force", description = "Also process 1, or a parent of pm.")
    private boolean force;

    public SignalCommand(Terminal terminal, NamedProcesses named) {
        this.terminal = terminal;
        this.named = named;
    }

    static final class SignalConverter implements ITypeConverter<Signal> {
        @Override
        public Signal convert(String text) {
            try {
                return Signal.named(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public Integer call() {
        ProcessSelection selection = ProcessSelection.of(named);
        List<ProcessSnapshot> found = options.find(selection, targets);
        if (!force) {
            TargetOptions.checkHarmless(selection, found);
        }
        boolean complete = true;
        try (ProcessManager manager = ProcessManager.create()) {
            for (ProcessSnapshot process : found) {
                complete &= send(manager, process);
            }
        }
        return complete ? ExitCode.OK : ExitCode.FAILED;
    }

    private boolean send(ProcessManager manager, ProcessSnapshot process) {
        try (AdoptedProcess adopted = manager.adopt(process.identity())) {
            List<ProcessIdentity> receivers = tree ? new ArrayList<>(adopted.descendants()) : new ArrayList<>();
            Collections.reverse(receivers); // children before their parents, which may notice
            boolean complete = true;
            for (ProcessIdentity receiver : receivers) {
                complete &= send(manager, receiver);
            }
            return adopted.signal(signal()) && complete;
        } catch (NoSuchProcessException e) {
            terminal.complain("process " + process.pid() + " has exited before");
        } catch (NotPermittedException e) {
            terminal.complain(String.valueOf(e.getMessage()));
        }
        return false;
    }

    /** Returns false if it was refused; a descendant that has exited needs no signal. */
    private boolean send(ProcessManager manager, ProcessIdentity receiver) {
        if (receiver.pid() == ProcessHandle.current().pid()) {
            return true;
        }
        try (AdoptedProcess adopted = manager.adopt(receiver)) {
            adopted.signal(signal());
            return true;
        } catch (NoSuchProcessException e) {
            return true;
        } catch (NotPermittedException e) {
            terminal.complain(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private Signal signal() {
        return Objects.requireNonNull(signal);
    }
}
