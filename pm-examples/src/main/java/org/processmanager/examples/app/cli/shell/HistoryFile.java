package org.processmanager.examples.app.cli.shell;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;

/** The file of the lines that were typed, which only its user may read. */
final class HistoryFile {
    private static final String NAME = "history";
    private static final String PRIVATE_FILE = "rw-------";
    private static final String PRIVATE_DIRECTORY = "rwx------";
    private static final long MAX_BYTES = 4 << 20;

    private HistoryFile() {}

    /** Returns the file, which exists and can be used; null, after one line on standard error, if it cannot. */
    static @Nullable Path open(Terminal terminal) {
        return open(terminal, EventLog.defaultFile().resolveSibling(NAME));
    }

    static @Nullable Path open(Terminal terminal, Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(
                        directory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE_DIRECTORY)));
            }
            create(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(PRIVATE_FILE));
            check(file);
            return file;
        } catch (CharacterCodingException e) {
            terminal.complain("no history: " + file + " is not text in UTF-8; delete it");
        } catch (IOException | UnsupportedOperationException e) {
            String reason = e.getClass() == IOException.class ? e.getMessage() : e.toString();
            terminal.complain("no history: " + file + ": " + reason);
        }
        return null;
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE_FILE)));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file)) {
                throw new IOException("not a regular file", e);
            }
        }
    }

    private static void check(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("too long (expected: at most " + MAX_BYTES + " bytes)");
        }
        Files.readString(file);
        if (!Files.isWritable(file)) {
            throw new IOException("cannot be written");
        }
    }
}
