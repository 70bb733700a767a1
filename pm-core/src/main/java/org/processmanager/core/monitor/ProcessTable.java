package org.processmanager.core.monitor;

import java.util.List;
import java.util.Optional;

/** The processes of this system that are visible to the user of this JVM. Each call reads them anew. Thread-safe. */
public final class ProcessTable {
    private ProcessTable() {}

    /**
     * Returns all processes, sorted by pid. A process that exits meanwhile may be missing.
     *
     * @return a new list
     * @throws UnsupportedOperationException if OSHI is missing or does not support this system
     */
    public static List<ProcessSnapshot> list() {
        try {
            return OshiReader.list();
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    /**
     * Returns one process.
     *
     * @param pid the process id
     * @return the process; empty if it does not exist
     * @throws IllegalArgumentException if the pid is not positive
     * @throws UnsupportedOperationException if OSHI is missing or does not support this system
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
