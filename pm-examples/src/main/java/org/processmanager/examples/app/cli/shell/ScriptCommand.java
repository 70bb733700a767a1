package org.processmanager.examples.app.cli.shell;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pm script}: the commands of a file. */
@Command(
        name = "script",
        description = {
            "Runs the commands of a file in this process, one a line, up to the first that fails.",
            "",
            "Words are separated by blanks; '...' and \"...\" keep blanks, \\ the character behind it, # begins a comment."
                    + " exit and quit end it.",
            "",
            "Exit code: that of the command that failed, whose line is named; 2 if the file cannot be read."
        })
public final class ScriptCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Commands commands;

    @Parameters(paramLabel = "FILE", description = "The file, in UTF-8.")
    private @Nullable Path file;

    public ScriptCommand(Terminal terminal, Commands commands) {
        this.terminal = terminal;
        this.commands = commands;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path script = Objects.requireNonNull(file);
        Iterator<String> lines;
        try {
            lines = Files.readString(script, StandardCharsets.UTF_8).lines().iterator();
        } catch (CharacterCodingException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, script + ": not UTF-8, so it is no script", e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "cannot read the script " + e.getMessage(), e);
        }
        return new ScriptLines(terminal, commands, script.toString()).run(() -> lines.hasNext() ? lines.next() : null);
    }
}
