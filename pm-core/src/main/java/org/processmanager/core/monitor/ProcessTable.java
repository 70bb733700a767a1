package org.processmanager.core.monitor;

import java.util.List;
import java.util.Optional;

/** The processes of this system, as the user of this JVM may see them. Each call is a new look. */
public final class ProcessTable {
    private ProcessTable() {}

    /**
     * All processes, by number. One that ends while they are read may be missing.
     *
     * @return a list of the caller's own
     * @throws UnsupportedOperationException if OSHI is not there, or does not know this system
     */
    public static List<ProcessSnapshot> list() {
        try {
            return OshiReader.list();
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    /**
     * One process.
     *
     * @param pid its number
     * @return empty if there is none
     * @throws IllegalArgumentException if the number is not positive
     * @throws UnsupportedOperationException if OSHI is not there, or does not know this system
     */
    public static Optional<ProcessSnapshot> find(long pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException("pid: " + pid + " (expected: > 0)");
        }
        try {
            return OshiReader.find(pid);
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    private static UnsupportedOperationException missing(NoClassDefFoundError e) {
        return new UnsupportedOperationException(
                "reading the process table needs OSHI: put com.github.oshi:oshi-core on the class path or module path",
                e);
    }
}
