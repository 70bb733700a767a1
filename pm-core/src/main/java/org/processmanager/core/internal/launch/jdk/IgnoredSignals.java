package org.processmanager.core.internal.launch.jdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The signals that this JVM ignores. */
final class IgnoredSignals {
    private static final int SIGCHLD = 17;
    private static final String LINE = "SigIgn:";

    private IgnoredSignals() {}

    /** Returns whether SIGCHLD is ignored, so that the kernel reaps the children; false where {@code /proc} is missing. */
    static boolean isChildIgnored() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(LINE))
                    .anyMatch(IgnoredSignals::hasChild);
        } catch (IOException e) {
            return false; // not Linux
        }
    }

    private static boolean hasChild(String line) {
        long mask = Long.parseUnsignedLong(line.substring(LINE.length()).strip(), 16);
        return (mask >> (SIGCHLD - 1) & 1) != 0;
    }
}
