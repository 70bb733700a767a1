package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PathText;

/** The process that listens on a socket, according to {@code /proc}; for messages. */
final class SocketHolder {
    /** The flag of sockets that accept connections. */
    private static final String LISTENING = "00010000";

    private static final int COLUMNS = 8;
    private static final int FLAGS = 3;
    private static final int INODE = 6;
    private static final int PATH = 7;

    private SocketHolder() {}

    /** Returns the process id, or 0 if it is unknown: closed meanwhile, of another user, or in another namespace. */
    static long pid(Path path) {
        String inode = inode(path);
        if (inode == null) {
            return 0;
        }
        Path link = Path.of("socket:[" + inode + "]");
        long own = ProcessHandle.current().pid();
        if (has(Path.of("/proc/self/fd"), link)) {
            return own;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path process : processes) {
                if (has(process.resolve("fd"), link)) {
                    return Long.parseLong(process.getFileName().toString());
                }
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
            // unknown
        }
        return 0;
    }

    private static @Nullable String inode(Path path) {
        // Num RefCount Protocol Flags Type St Inode Path
        String wanted = new String(PathText.encode(PathText.of(path)), StandardCharsets.ISO_8859_1);
        try {
            for (String line : Files.readAllLines(Path.of("/proc/net/unix"), StandardCharsets.ISO_8859_1)) {
                String[] words = line.trim().split(" +", COLUMNS);
                if (words.length == COLUMNS && words[FLAGS].equals(LISTENING) && words[PATH].equals(wanted)) {
                    return words[INODE];
                }
            }
        } catch (IOException e) {
            // unknown
        }
        return null;
    }

    private static boolean has(Path descriptors, Path link) {
        try (DirectoryStream<Path> each = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : each) {
                if (isLink(descriptor, link)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // a process of another user, or one that has exited
        }
        return false;
    }

    private static boolean isLink(Path descriptor, Path link) {
        try {
            return Files.readSymbolicLink(descriptor).equals(link);
        } catch (IOException e) {
            return false;
        }
    }
}
