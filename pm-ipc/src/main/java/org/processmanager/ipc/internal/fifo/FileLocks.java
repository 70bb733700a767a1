package org.processmanager.ipc.internal.fifo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.processmanager.core.internal.posix.FileStatus;

/** The process that has locked a file as a whole, according to {@code /proc/locks}; for messages. */
final class FileLocks {
    private FileLocks() {}

    /** Returns the process id, or 0 if it is unknown: unlocked meanwhile, or in another process namespace. */
    static long holder(FileStatus file) {
        // 1: FLOCK  ADVISORY  WRITE 4711 00:19:23 0 EOF
        String inode = ":" + file.inode();
        try {
            for (String line : java.nio.file.Files.readAllLines(Path.of("/proc/locks"), StandardCharsets.ISO_8859_1)) {
                String[] words = line.trim().split(" +");
                if (words.length > 5 && words[1].equals("FLOCK") && words[5].endsWith(inode)) {
                    return Math.max(0, Long.parseLong(words[4]));
                }
            }
        } catch (IOException | NumberFormatException e) {
            // unknown
        }
        return 0;
    }
}
