package org.processmanager.examples.app.cli.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.terminal.Terminal;

/** A file that a command writes on request, readable for its owner alone: it holds command lines. {@code -} is the answer. */
final class OutputFile {
    private static final String STANDARD_OUTPUT = "-";

    private OutputFile() {}

    /**
     * Writes a text, and says so on standard output.
     *
     * @throws CommandFailure if it cannot be written
     */
    static void write(Terminal terminal, Path file, String text) {
        if (file.toString().equals(STANDARD_OUTPUT)) {
            terminal.out().print(text);
            return;
        }
        try {
            if (Files.notExists(file)) {
                Files.newByteChannel(
                                file,
                                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                        .close();
            }
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException | UnsupportedOperationException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "cannot write " + file + ": " + e, e);
        }
        terminal.say("wrote " + file);
    }
}
