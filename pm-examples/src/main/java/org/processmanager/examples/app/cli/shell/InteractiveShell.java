package org.processmanager.examples.app.cli.shell;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.examples.app.cli.terminal.Terminal;

/**
 * A shell with a user. Each command runs on a thread of its own, which Ctrl-C interrupts, unless the command handles Ctrl-C
 * itself.
 */
final class InteractiveShell {
    private final Terminal terminal;
    private final Commands commands;
    private final Prompt prompt;
    private volatile @Nullable Thread running;

    InteractiveShell(Terminal terminal, Commands commands, Prompt prompt) {
        this.terminal = terminal;
        this.commands = commands;
        this.prompt = prompt;
    }

    /** Runs what the user types, until the user leaves. */
    int run(NamedProcesses named) throws InterruptedException {
        try (StateWatch watch = StateWatch.start(named, prompt::tell)) {
            int code = ExitCode.OK;
            String line;
            while ((line = prompt.ask(code == ExitCode.OK ? "pm> " : "pm [" + code + "]> ")) != null) {
                List<String> words;
                try {
                    words = ScriptLines.words(line);
                } catch (IllegalArgumentException e) {
                    terminal.complain(String.valueOf(e.getMessage()));
                    code = ExitCode.BAD_INPUT;
                    continue;
                }
                if (ScriptLines.isLeaving(words)) {
                    break;
                }
                if (!words.isEmpty()) {
                    code = execute(words);
                    watch.look();
                }
            }
        }
        return ExitCode.OK;
    }

    private int execute(List<String> words) throws InterruptedException {
        Terminal command = terminal.forCommand(this::interrupt);
        AtomicInteger code = new AtomicInteger(ExitCode.FAILED);
        Thread thread = new Thread(() -> code.set(ScriptLines.run(command, commands, words)), "command");
        running = thread;
        command.onSignal("INT", this::interrupt); // each time, since the prompt sets it to the default
        try {
            thread.start();
            thread.join();
        } finally {
            running = null;
            command.release();
        }
        return code.get();
    }

    private void interrupt() {
        Thread thread = running;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
