package org.processmanager.core.internal.detached;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of one entry of the registry.
 *
 * @param directory the directory of the entry, named like the process
 */
public record EntryFiles(Path directory) {
    private static final String LOG = "output.log";
    private static final int OLD_LOGS = 3;

    /** Returns the file with what is started and how; written before the entry has its name. */
    public Path command() {
        return directory.resolve("command");
    }

    /** Returns the file with what became of it; replaced as a whole by each change. */
    public Path state() {
        return directory.resolve("state");
    }

    /** Returns the file that a shim holds locked while it is responsible for the entry. */
    public Path lock() {
        return directory.resolve("lock");
    }

    /** Returns the file whose existence asks the shim not to start the program again. */
    public Path stopRequest() {
        return directory.resolve("stop");
    }

    /** Returns the file with the options of the JVM of the shim. */
    public Path shimOptions() {
        return directory.resolve("shim.options");
    }

    /** Returns the file with what the shim logs. */
    public Path shimLog() {
        return directory.resolve("shim.log");
    }

    /** Returns the file with the latest output. */
    public Path log() {
        return directory.resolve(LOG);
    }

    /** Returns the existing logs, the oldest first. */
    public List<Path> logs() {
        List<Path> found = new ArrayList<>();
        for (int age = OLD_LOGS; age >= 0; age--) {
            Path log = log(age);
            if (Files.exists(log)) {
                found.add(log);
            }
        }
        return found;
    }

    /** Makes room for a new log: each one becomes older, and the oldest is deleted. */
    void rotateLogs() throws IOException {
        Files.deleteIfExists(log(OLD_LOGS));
        for (int age = OLD_LOGS - 1; age >= 0; age--) {
            if (Files.exists(log(age))) {
                Files.move(log(age), log(age + 1));
            }
        }
    }

    private Path log(int age) {
        return age == 0 ? log() : directory.resolve(LOG + "." + age);
    }
}
