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
 * A text that a child reads from a file named in its arguments, and that no other user may read. On the native path it is a
 * memory file without a name, which exists as long as a descriptor of it; otherwise a temporary file for its owner only, which
 * is deleted after the exit of the child.
 *
 * @param argument the index of the argument that becomes {@code @} and the name of the file
 * @param content the text
 */
public record PrivateFile(int argument, String content) {
    private static final int CHUNK_BYTES = 1 << 20;

    /** Returns a descriptor from which the text can be read by its path in {@code /proc}. */
    public int open() {
        byte[] bytes = bytes();
        int fd = createUnnamed();
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

    /** Creates a file without a name: a memory file, or a temporary file where those are refused. */
    private static int createUnnamed() {
        if (Memory.hasMemoryFiles()) {
            return Memory.createMemoryFile("pm-arguments");
        }
        try {
            Path file = createTemporary();
            try {
                return Files.open(file.toString(), Files.O_RDWR, 0);
            } finally {
                java.nio.file.Files.delete(file);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Creates a file with the text, which the caller deletes.
     *
     * @throws LaunchException if it cannot be created
     */
    public Path create() {
        try {
            Path file = createTemporary();
            java.nio.file.Files.write(file, bytes());
            return file;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static Path createTemporary() throws IOException {
        return java.nio.file.Files.createTempFile(
                "pm-", ".args", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static LaunchException failure(IOException e) {
        return new LaunchException(
                LaunchException.Reason.OTHER, "cannot create a file for the arguments: " + e.getMessage(), e);
    }

    /** Returns the arguments with the name of the file. */
    public List<String> fill(List<String> arguments, String file) {
        List<String> filled = new ArrayList<>(arguments);
        filled.set(argument, "@" + file);
        return filled;
    }

    /** Encodes in UTF-8; the launcher sets a UTF-8 locale for the child if the text is not ASCII. */
    private byte[] bytes() {
        return content.getBytes(StandardCharsets.UTF_8);
    }
}
