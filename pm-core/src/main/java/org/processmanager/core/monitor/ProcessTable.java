package org.processmanager.core.monitor;

import java.util.List;
import java.util.Optional;
import org.processmanager.core.ResourcesExhaustedException;

/**
 * The processes of this system that are visible to the user of this JVM. Each call reads them anew: on Linux from {@code /proc},
 * on other systems through OSHI, which must be on the class path there, or be a resolved module
 * ({@code --add-modules com.github.oshi}). Thread-safe.
 */
public final class ProcessTable {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    private ProcessTable() {}

    /**
     * Returns all processes, sorted by pid. A process that exits meanwhile may be missing.
     *
     * @return a new list
     * @throws ResourcesExhaustedException if they cannot be read, for example because no descriptor is free
     * @throws UnsupportedOperationException if {@code /proc} is missing or is that of another pid namespace; elsewhere if OSHI
     *     is missing or does not support this system
     */
    public static List<ProcessSnapshot> list() {
        return LINUX ? ProcReader.open().list() : listByOshi();
    }

    /**
     * Returns one process.
     *
     * @param pid the process id
     * @return the process; empty if it does not exist or is not visible
     * @throws IllegalArgumentException if the pid is not positive
     * @throws ResourcesExhaustedException if it cannot be read, for example because no descriptor is free
     * @throws UnsupportedOperationException if {@code /proc} is missing or is that of another pid namespace; elsewhere if OSHI
     *     is missing or does not support this system
     */
    public static Optional<ProcessSnapshot> find(long pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException("pid: " + pid + " (expected: > 0)");
        }
        return LINUX ? Optional.ofNullable(ProcReader.open().find(pid)) : findByOshi(pid);
    }

    static List<ProcessSnapshot> listByOshi() {
        try {
            return OshiReader.list();
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    static Optional<ProcessSnapshot> findByOshi(long pid) {
        try {
            return OshiReader.find(pid);
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    private static UnsupportedOperationException missing(NoClassDefFoundError e) {
        return new UnsupportedOperationException(
                "reading processes on this system needs OSHI: put com.github.oshi:oshi-core on the class path, or on the module"
                        + " path with --add-modules com.github.oshi",
                e);
    }
}
