package org.processmanager.core.internal.launch.spec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Memory;
import org.processmanager.core.internal.posix.PosixException;

/**
 * A text that a child reads from a file whose name is in its arguments, and that no other user may read. Natively it is
 * a file in memory without a name, which goes with its last descriptor; else a temporary file for its owner alone, which is
 * deleted after the child's end.
 *
 * @param argument which argument becomes {@code @} and the file's name
 * @param content the text
 */
public record PrivateFile(int argument, String content) {
    private static final int CHUNK_BYTES = 1 << 20;

    /** A descriptor from which the text can be read, by its name in {@code /proc}. */
    public int open() {
        byte[] bytes = bytes();
        int fd = Memory.createMemoryFile("pm-arguments");
        try {
            int written = 0;
            while (written < bytes.length) {
                byte[] chunk =
                        java.util.Arrays.copyOfRange(bytes, written, Math.min(bytes.length, written + CHUNK_BYTES));
                int n = Files.write(fd, chunk, chunk.length);
                if (n < 0) {
                    throw new PosixException("write", "arguments of " + bytes.length + " bytes", -n);
                }
                written += n;
            }
            return fd;
        } catch (RuntimeException | Error e) {
            Files.close(fd);
            throw e;
        }
    }

    /**
     * A file with the text, to be deleted by the caller.
     *
     * @throws LaunchException if it cannot be made
     */
    public Path create() {
        try {
            Path file = java.nio.file.Files.createTempFile(
                    "pm-", ".args", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            java.nio.file.Files.write(file, bytes());
            return file;
        } catch (IOException e) {
            throw new LaunchException(
                    LaunchException.Reason.OTHER, "cannot make a file for the arguments: " + e.getMessage(), e);
        }
    }

    /** The arguments with the file's name among them. */
    public List<String> fill(List<String> arguments, String file) {
        List<String> filled = new ArrayList<>(arguments);
        filled.set(argument, "@" + file);
        return filled;
    }

    /** In UTF-8, which the launcher makes the charset of the child's locale if the text is not ASCII. */
    private byte[] bytes() {
        return content.getBytes(StandardCharsets.UTF_8);
    }
}
