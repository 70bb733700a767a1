package org.processmanager.examples.app.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ManagedProcess;
import org.processmanager.examples.app.cli.terminal.EditingDialog;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.cli.terminal.TerminalDialog;
import org.processmanager.examples.app.demo.DemoOptions;
import org.processmanager.examples.app.demo.Throttling;
import org.processmanager.examples.app.menu.Dialog;
import org.processmanager.examples.app.menu.MainMenu;
import picocli.CommandLine.Command;

/** {@code pm menu}: everything by numbers. */
@Command(
        name = "menu",
        description = {
            "Shows a numbered menu and does what is chosen, until 9 or the end of the input.",
            "",
            "Entry 1 takes a command line: words, separated by blanks; '...' and \"...\" keep blanks, \\ the character"
                    + " behind it; there is no shell. The program gets the streams of the menu; with & for its last word it"
                    + " runs beside the menu. One word that is no program on PATH names a child JVM, which has a menu of its"
                    + " own.",
            "",
            "The menu has an inbox, whose name it prints: what another program sends there by pm send, entry 6 receives.",
            "",
            "Ctrl-C ends the program that runs in the foreground; where there is none, it ends the menu, with exit code"
                    + " 130. When the menu ends, its processes and threads are stopped."
        })
final class MenuCommand implements Callable<Integer>, EditingDialog.Interrupts {
    private final Terminal terminal;
    private final Journal journal;
    private volatile @Nullable MainMenu running;

    MenuCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Dialog dialog = TerminalDialog.of(terminal, this);
        MainMenu menu = new MainMenu(dialog, journal.log(), journal, CallerLocale::giveTo, this::demo);
        terminal.atExit(menu::close); // a terminal that goes away ends the input and the JVM at the same time
        running = menu;
        try (menu) {
            resume();
            menu.run();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException(); // by Ctrl-C, in a shell
        }
        return ExitCode.OK;
    }

    @Override
    public void resume() {
        terminal.onSignal("INT", this::interrupt);
    }

    @Override
    public void interrupt() {
        MainMenu menu = Objects.requireNonNull(running);
        CompletableFuture<ManagedProcess> program = menu.foreground();
        if (program != null) {
            program.thenAcceptAsync(RunCommand::interrupt);
        } else if (!menu.hadForeground()) {
            terminal.exit(ExitCode.ofSignal(2));
        }
    }

    private void demo(int producers, int consumers, boolean threads) throws InterruptedException {
        DemoOptions options = new DemoOptions(producers, consumers, List.of(), Throttling.FULL);
        try {
            new DemoCommand(terminal, journal).execute(options, threads);
        } catch (CommandFailure e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
