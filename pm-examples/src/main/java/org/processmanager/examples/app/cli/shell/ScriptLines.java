package org.processmanager.examples.app.cli.shell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.option.GlobalOptions;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.menu.Words;

/**
 * Runs lines of an input, each a command line, up to the first that fails. A line is split into words as a POSIX shell does;
 * empty lines and comments are skipped.
 */
final class ScriptLines {
    /** Supplies the next line; null at the end of the input. */
    @FunctionalInterface
    interface Source {
        @Nullable
        String next() throws InterruptedException;
    }

    private static final List<String> LEAVING = List.of("exit", "quit");

    private final Terminal terminal;
    private final Commands commands;
    private final String name;

    /**
     * Creates a run.
     *
     * @param name of the input, for complaints
     */
    ScriptLines(Terminal terminal, Commands commands, String name) {
        this.terminal = terminal;
        this.commands = commands;
        this.name = name;
    }

    /** Runs all lines, and returns the exit code of the one that failed, or 0. */
    int run(Source lines) throws InterruptedException {
        int number = 0;
        @Nullable String line;
        while ((line = lines.next()) != null) {
            number++;
            List<String> words;
            try {
                words = words(line);
            } catch (IllegalArgumentException e) {
                terminal.complain(name + ", line " + number + ": " + e.getMessage());
                return ExitCode.BAD_INPUT;
            }
            if (words.isEmpty()) {
                continue;
            }
            if (isLeaving(words)) {
                return ExitCode.OK;
            }
            int code = run(terminal.forCommand(Thread.currentThread()::interrupt), words);
            if (code != ExitCode.OK) {
                terminal.complain(name + ", line " + number + ": exit code " + code + ": " + line.strip());
                return code;
            }
        }
        return ExitCode.OK;
    }

    private int run(Terminal command, List<String> words) {
        try {
            return run(command, commands, words);
        } finally {
            command.release();
        }
    }

    /** Runs a command line with the options of the shell; its log level is not that of the next one. */
    static int run(Terminal terminal, Commands commands, List<String> words) {
        List<String> all = new ArrayList<>();
        commands.globalOptions().forEach((name, value) -> {
            if (!words.contains(name)) {
                all.addAll(List.of(name, value));
            }
        });
        all.addAll(words);
        String level = System.getProperty(GlobalOptions.LEVEL);
        try {
            return commands.run(terminal, all);
        } finally {
            if (level == null) {
                System.clearProperty(GlobalOptions.LEVEL);
            } else {
                System.setProperty(GlobalOptions.LEVEL, level);
            }
        }
    }

    /**
     * Returns the words of a line, without the name of this program, which examples have.
     *
     * @throws IllegalArgumentException if a quote is not closed, or the line ends in a backslash
     */
    static List<String> words(String line) {
        List<String> words = Words.ofScriptLine(line);
        boolean named = !words.isEmpty() && List.of("pm", "./pm").contains(words.get(0));
        return named ? words.subList(1, words.size()) : words;
    }

    /** Returns whether the words end a shell. */
    static boolean isLeaving(List<String> words) {
        return words.size() == 1 && LEAVING.contains(words.get(0));
    }
}
