package org.processmanager.examples.app.cli.registry;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.RegistryException;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.terminal.EditingDialog;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.cli.terminal.TerminalDialog;
import org.processmanager.examples.app.menu.Dialog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pm attach}: the menu of a managed JVM. */
@Command(
        name = "attach",
        description = {
            "Shows the menu of a managed JVM that pm start --jvm started. Leaving it, as by the end of the input or Ctrl-C,"
                    + " does not end the JVM. Several commands may be attached at the same time.",
            "",
            "Exit code: 0 after leaving; if the JVM ends, its own, 128+n if signal n ended it, or 125 if that was not recorded; 2"
                    + " if it is no managed JVM, 3 if there is none of that name or it does not run."
        })
public final class AttachCommand implements Callable<Integer>, EditingDialog.Interrupts {
    private final Terminal terminal;
    private final StartedProcesses started;

    @Parameters(paramLabel = "NAME", description = "Which JVM.")
    private @Nullable String name;

    public AttachCommand(Terminal terminal, StartedProcesses started) {
        this.terminal = terminal;
        this.started = started;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            DetachedProcess process = ManagedJvms.find(started, manager, Objects.requireNonNull(name));
            CompletableFuture<ExitStatus> end = end(process);
            Dialog dialog = TerminalDialog.of(terminal, this);
            resume();
            ManagedJvms.child(process).showMenu(dialog, end);
            if (Thread.interrupted()) {
                throw new InterruptedException(); // by Ctrl-C, in a shell
            }
            if (!end.isDone()) {
                return ExitCode.OK;
            }
            terminal.say(process.name() + " ended: " + end.join());
            return StartedProcesses.shellCode(end.join());
        }
    }

    @Override
    public void resume() {
        terminal.onSignal("INT", this::interrupt);
    }

    @Override
    public void interrupt() {
        terminal.exit(ExitCode.ofSignal(2));
    }

    private static CompletableFuture<ExitStatus> end(DetachedProcess process) {
        CompletableFuture<ExitStatus> end = new CompletableFuture<>();
        Thread watch = new Thread(
                () -> {
                    try {
                        end.complete(process.await());
                    } catch (NoSuchProcessException | RegistryException | IllegalStateException e) {
                        end.complete(new ExitStatus.Unknown(String.valueOf(e.getMessage())));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "end of " + process.name());
        watch.setDaemon(true);
        watch.start();
        return end;
    }
}
