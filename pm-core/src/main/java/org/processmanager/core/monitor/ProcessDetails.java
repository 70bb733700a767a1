package org.processmanager.core.monitor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourcesExhaustedException;

/**
 * What a list of processes does not show of a process. Each call reads its part anew, from {@code /proc}: only Linux has it.
 * A part is empty if the process has exited, or if this user may not read it, which is usual for processes of other users;
 * a later process with the same pid is never read. Thread-safe.
 *
 * <p>All methods throw {@link ResourcesExhaustedException} if no descriptor is free.
 */
public final class ProcessDetails {
    private static final Path PROC = Path.of("/proc");
    private static final String SOCKET = "socket:[";
    private static final int NO_LIMIT_FIELD = 2;

    private final ProcessIdentity identity;
    private final DetailFiles files;

    private ProcessDetails(ProcessIdentity identity) {
        this.identity = identity;
        files = new DetailFiles(PROC.resolve(Long.toString(identity.pid())), identity::isAlive);
    }

    /**
     * A thread of a process.
     *
     * @param id its id; that of the main thread is the pid
     * @param name its name, truncated to 15 characters
     * @param state its state
     * @param cpuTime the processor time that it has used, to 10 ms
     */
    public record ThreadDetails(long id, String name, ProcessSnapshot.State state, Duration cpuTime) {}

    /**
     * An open descriptor.
     *
     * @param number its number
     * @param target what is open: the path of a file, or a name such as {@code pipe:[4711]}
     * @param socket the socket, if it is one of this network namespace
     */
    public record Descriptor(int number, String target, Optional<OpenSocket> socket) {}

    /**
     * What a process has read and written since its start, with its children that it waited for.
     *
     * @param readBytes the bytes that were fetched from storage
     * @param writtenBytes the bytes that were sent to storage, or will be
     * @param readCharacters the bytes of all reads, also of pipes and cached files
     * @param writtenCharacters the bytes of all writes, also to pipes
     */
    public record Io(long readBytes, long writtenBytes, long readCharacters, long writtenCharacters) {}

    /**
     * Memory of a process.
     *
     * @param residentBytes resident memory, including memory shared with other processes
     * @param proportionalBytes resident memory, in which each page counts by the number of processes that share it
     * @param privateBytes resident memory of this process alone
     * @param swappedBytes memory that was swapped out
     */
    public record Memory(long residentBytes, long proportionalBytes, long privateBytes, long swappedBytes) {}

    /**
     * A resource limit.
     *
     * @param name its name, as {@code open files}
     * @param soft the limit in force; empty if there is none
     * @param hard the highest limit that the process may set; empty if there is none
     * @param unit the unit, as {@code bytes}; may be empty
     */
    public record Limit(String name, OptionalLong soft, OptionalLong hard, String unit) {}

    /**
     * Returns the details of a process.
     *
     * @param identity which process
     * @return its details, whose parts are read when they are asked for
     * @throws UnsupportedOperationException on other systems than Linux; if {@code /proc} is missing or is that of another pid
     *     namespace
     */
    public static ProcessDetails of(ProcessIdentity identity) {
        Objects.requireNonNull(identity, "identity");
        checkLinux();
        return new ProcessDetails(identity);
    }

    private static void checkLinux() {
        if (!ProcessTable.LINUX) {
            throw new UnsupportedOperationException("details of processes are read from /proc, which only Linux has");
        }
        ProcReader.open(); // checks that it is ours
    }

    /**
     * Returns which process this is about.
     *
     * @return its identity
     */
    public ProcessIdentity identity() {
        return identity;
    }

    /**
     * Returns the file that the process executes.
     *
     * @return its path, with {@code " (deleted)"} at the end if it was deleted
     */
    public Optional<Path> executable() {
        return files.read(directory -> DetailFiles.link(directory.resolve("exe")));
    }

    /**
     * Returns the working directory.
     *
     * @return its path
     */
    public Optional<Path> workingDirectory() {
        return files.read(directory -> DetailFiles.link(directory.resolve("cwd")));
    }

    /**
     * Returns program and arguments.
     *
     * @return the arguments, the program first
     */
    public Optional<List<String>> arguments() {
        return files.read(directory -> DetailFiles.strings(directory.resolve("cmdline")));
    }

    /**
     * Returns the environment with which the process was started; what it changed since may be missing.
     *
     * @return the variables, in their order
     */
    public Optional<Map<String, String>> environment() {
        return files.read(directory -> {
            Map<String, String> variables = new LinkedHashMap<>();
            for (String variable : DetailFiles.strings(directory.resolve("environ"))) {
                int end = variable.indexOf('=');
                if (end > 0) {
                    variables.putIfAbsent(variable.substring(0, end), variable.substring(end + 1));
                }
            }
            return variables;
        });
    }

    /**
     * Returns the threads.
     *
     * @return the threads, by id
     */
    public Optional<List<ThreadDetails>> threads() {
        return files.read(directory -> {
            List<ThreadDetails> threads = new ArrayList<>();
            for (long id : DetailFiles.numbers(directory.resolve("task"))) {
                ThreadDetails thread = thread(directory.resolve("task").resolve(Long.toString(id)), id);
                if (thread != null) {
                    threads.add(thread);
                }
            }
            return threads;
        });
    }

    private static @Nullable ThreadDetails thread(Path directory, long id) throws IOException {
        byte[] line = DetailFiles.bytesOrNone(directory.resolve("stat"));
        StatLine stat = new StatLine();
        if (!stat.parse(line, line.length)) {
            return null; // it has exited
        }
        return new ThreadDetails(
                id,
                DetailFiles.text(Arrays.copyOfRange(line, stat.nameFrom, stat.nameTo)),
                StatLine.stateOf(stat.state),
                Duration.ofMillis(stat.cpuTicks * KernelUnits.TICK_MILLIS));
    }

    /**
     * Returns the open descriptors.
     *
     * @return the descriptors, by number
     */
    public Optional<List<Descriptor>> descriptors() {
        return files.read(directory -> {
            Map<Integer, String> targets = DetailFiles.links(directory.resolve("fd"));
            boolean hasSockets = targets.values().stream().anyMatch(target -> target.startsWith(SOCKET));
            Map<Long, OpenSocket> sockets = hasSockets ? SocketTable.read(directory.resolve("net")) : Map.of();
            List<Descriptor> descriptors = new ArrayList<>();
            targets.forEach((number, target) ->
                    descriptors.add(new Descriptor(number, target, Optional.ofNullable(sockets.get(inode(target))))));
            return descriptors;
        });
    }

    /**
     * Returns the open sockets.
     *
     * @return the sockets, those that listen first
     */
    public Optional<List<OpenSocket>> sockets() {
        return descriptors().map(list -> list.stream()
                .flatMap(descriptor -> descriptor.socket().stream())
                .sorted((one, other) -> Boolean.compare(other.listening(), one.listening()))
                .toList());
    }

    /**
     * Returns the TCP ports at which the process accepts connections, and the UDP ports at which it receives.
     *
     * @return the ports, in ascending order
     */
    public Optional<List<Integer>> listeningPorts() {
        return sockets().map(list -> list.stream()
                .filter(socket -> socket.listening() && socket.localPort() > 0)
                .map(OpenSocket::localPort)
                .distinct()
                .sorted()
                .toList());
    }

    /**
     * Returns what the process has read and written.
     *
     * @return the sums since its start
     */
    public Optional<Io> io() {
        return files.read(directory -> {
            Map<String, Long> fields = DetailFiles.fields(directory.resolve("io"));
            return new Io(
                    fields.getOrDefault("read_bytes", 0L),
                    fields.getOrDefault("write_bytes", 0L),
                    fields.getOrDefault("rchar", 0L),
                    fields.getOrDefault("wchar", 0L));
        });
    }

    /**
     * Returns how much memory the process uses. Takes up to some milliseconds for a large process.
     *
     * @return its memory
     */
    public Optional<Memory> memory() {
        return files.read(directory -> {
            Map<String, Long> fields = DetailFiles.fields(directory.resolve("smaps_rollup"));
            return new Memory(
                    fields.getOrDefault("Rss", 0L),
                    fields.getOrDefault("Pss", 0L),
                    fields.getOrDefault("Private_Clean", 0L) + fields.getOrDefault("Private_Dirty", 0L),
                    fields.getOrDefault("Swap", 0L));
        });
    }

    /**
     * Returns the resource limits.
     *
     * @return all limits of the kernel, in its order
     */
    public Optional<List<Limit>> limits() {
        return files.read(directory -> {
            List<Limit> limits = new ArrayList<>();
            for (String line : DetailFiles.text(DetailFiles.bytes(directory.resolve("limits")))
                    .split("\n")) {
                String[] columns = line.split(" {2,}");
                if (line.startsWith("Max ") && columns.length > NO_LIMIT_FIELD) {
                    limits.add(new Limit(
                            columns[0].substring("Max ".length()),
                            limit(columns[1]),
                            limit(columns[2]),
                            columns.length > NO_LIMIT_FIELD + 1 ? columns[3].strip() : ""));
                }
            }
            return limits;
        });
    }

    private static OptionalLong limit(String text) {
        return text.strip().equals("unlimited") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.strip()));
    }

    /** Returns the processes that listen on a port of this network namespace. */
    static List<ProcessSnapshot> listeningOn(int port) {
        checkLinux();
        try {
            Set<Long> inodes = SocketTable.read(PROC.resolve("self/net")).entrySet().stream()
                    .filter(entry ->
                            entry.getValue().listening() && entry.getValue().localPort() == port)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            return inodes.isEmpty()
                    ? List.of()
                    : ProcessTable.list().stream()
                            .filter(process -> !process.kernelThread() && hasOpen(process, inodes))
                            .toList();
        } catch (IOException e) {
            throw DetailFiles.unreadable(e);
        }
    }

    private static boolean hasOpen(ProcessSnapshot process, Set<Long> inodes) {
        return new ProcessDetails(process.identity())
                .files
                .read(directory -> DetailFiles.links(directory.resolve("fd")))
                .map(targets -> targets.values().stream().anyMatch(target -> inodes.contains(inode(target))))
                .orElse(false);
    }

    /** Returns the inode of a socket, or -1 if the target of a descriptor is something else. */
    private static long inode(String target) {
        return target.startsWith(SOCKET) ? Long.parseLong(target.substring(SOCKET.length(), target.length() - 1)) : -1;
    }
}
