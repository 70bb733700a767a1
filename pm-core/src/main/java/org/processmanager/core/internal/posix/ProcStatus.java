package org.processmanager.core.internal.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What this process reads of itself in {@code /proc/self/status}. */
final class ProcStatus {
    private static final String IGNORED = "SigIgn:";
    private static final String EFFECTIVE = "CapEff:";

    private ProcStatus() {}

    /** The mask of ignored signals, bit 0 for signal 1; 0 where it cannot be read. */
    static long ignoredSignals() {
        return mask(IGNORED);
    }

    /** The mask of effective capabilities, bit 0 for number 0; 0 where it cannot be read. */
    static long effectiveCapabilities() {
        return mask(EFFECTIVE);
    }

    private static long mask(String field) {
        try {
            for (String line :
                    java.nio.file.Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(field)) {
                    return Long.parseUnsignedLong(line.substring(field.length()).strip(), 16);
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }
}
