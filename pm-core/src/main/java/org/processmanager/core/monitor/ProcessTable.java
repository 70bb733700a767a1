package org.processmanager.core.monitor;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ResourcesExhaustedException;

/**
 * The processes of this system that are visible to the user of this JVM. Each call reads them anew: on Linux from
 * {@code /proc}, on other systems through OSHI, which must be on the class path there, or be a resolved module
 * ({@code --add-modules com.github.oshi}). Thread-safe.
 *
 * <p>Lists are filtered and sorted as any other list; {@link ProcessTree} arranges them by parent, {@link Sampler} measures
 * the load between two readings, and {@link ProcessDetails} reads what a list does not show.
 *
 * <pre>{@code
 * List<ProcessSnapshot> largest = ProcessTable.list().stream()
 *         .filter(process -> process.name().equals("java"))
 *         .sorted(Comparator.comparingLong(ProcessSnapshot::residentBytes).reversed())
 *         .toList();
 * }</pre>
 */
public final class ProcessTable {
    private static final int MAX_PORT = 65_535;
    static final boolean LINUX = System.getProperty("os.name").equals("Linux");

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
     * Returns the processes that a manager has started and that have not completed, sorted by pid. Those that have exited are
     * remembered by {@link RecentExits}.
     *
     * @param manager the manager
     * @return a new list
     * @throws ResourcesExhaustedException if they cannot be read, for example because no descriptor is free
     * @throws UnsupportedOperationException as from {@link #list()}
     */
    public static List<ProcessSnapshot> startedBy(ProcessManager manager) {
        Objects.requireNonNull(manager, "manager");
        LongFunction<Optional<ProcessSnapshot>> finder = finder();
        return manager.processes().stream()
                .map(ManagedProcess::pid)
                .sorted()
                .flatMap(pid -> finder.apply(pid).stream())
                .toList();
    }

    /** Returns those of certain processes that have not been reaped, sorted by pid. */
    static List<ProcessSnapshot> list(Collection<ProcessIdentity> wanted) {
        LongFunction<Optional<ProcessSnapshot>> finder = finder();
        return wanted.stream()
                .sorted(Comparator.comparingLong(ProcessIdentity::pid))
                .flatMap(identity ->
                        finder
                                .apply(identity.pid())
                                .filter(process -> process.identity().equals(identity))
                                .stream())
                .toList();
    }

    /**
     * Returns all processes, sorted by pid. Less is read of those that have not run.
     *
     * @param unchanged returns, for a pid, the last state of a process that has not run since before that was read, or null
     */
    static List<ProcessSnapshot> list(LongFunction<@Nullable ProcessSnapshot> unchanged) {
        return LINUX ? ProcReader.open().list(unchanged) : listByOshi();
    }

    private static LongFunction<Optional<ProcessSnapshot>> finder() {
        if (!LINUX) {
            return ProcessTable::findByOshi;
        }
        ProcReader reader = ProcReader.open();
        return pid -> Optional.ofNullable(reader.find(pid));
    }

    /**
     * Returns the processes that listen on a port: with a TCP socket that accepts connections, or a UDP socket that is bound
     * to it. Only processes whose descriptors this user may read can be found: usually the user's own.
     *
     * @param port the port
     * @return a new list, sorted by pid; empty if none was found
     * @throws IllegalArgumentException if the port is not between 1 and 65535
     * @throws ResourcesExhaustedException if they cannot be read, for example because no descriptor is free
     * @throws UnsupportedOperationException on other systems than Linux; if {@code /proc} is missing or is that of another pid
     *     namespace
     */
    public static List<ProcessSnapshot> listeningOn(int port) {
        if (port <= 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to " + MAX_PORT + ")");
        }
        return ProcessDetails.listeningOn(port);
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
