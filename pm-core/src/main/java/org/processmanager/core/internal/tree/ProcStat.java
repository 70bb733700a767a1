package org.processmanager.core.internal.tree;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code /proc/<pid>/stat}. A process whose main thread has exited while others run has the state of a zombie there,
 * but more than one thread.
 *
 * @param pid the process id
 * @param state R, S, D, T (suspended), t (traced), Z (zombie), X; of another thread if the main thread has exited
 * @param parent the current parent; the original one may have exited
 * @param group the process group
 * @param session the session
 * @param startTicks the start time in clock ticks since boot: with the pid its identity
 */
public record ProcStat(int pid, char state, int parent, int group, int session, long startTicks) {
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;
    private static final char ZOMBIE = 'Z';
    /** The state of a process of which no thread can be read: it runs, for all that is known. */
    private static final char UNKNOWN = '?';

    /** Returns whether the process has not exited; a zombie has. */
    public boolean isAlive() {
        return state != ZOMBIE && state != 'X';
    }

    /** Returns whether a signal, a terminal or a debugger has suspended the process. */
    public boolean isSuspended() {
        return state == 'T' || state == 't';
    }

    /** Returns whether the other line is of the same process, not of a later one with the same pid. */
    public boolean isSameProcess(@Nullable ProcStat other) {
        return other != null && pid == other.pid && startTicks == other.startTicks;
    }

    /**
     * Reads the line of a process; null if it does not exist or is not visible.
     *
     * @throws UncheckedIOException if it could not be read, for example without a free descriptor, or if {@code /proc} is not
     *     {@linkplain ProcFs usable}
     */
    public static @Nullable ProcStat of(int pid) {
        ProcFs.check();
        return read(pid);
    }

    /**
     * Reads the lines of all visible processes, by pid; empty on systems without {@code /proc}.
     *
     * @throws UncheckedIOException if they could not be read, for example without a free descriptor, or if {@code /proc} is
     *     not {@linkplain ProcFs usable}
     */
    public static Map<Integer, ProcStat> all() {
        ProcFs.check();
        Map<Integer, ProcStat> all = new HashMap<>();
        String[] names = new File("/proc").list();
        if (names == null && ProcFs.isUsable()) {
            throw new UncheckedIOException(new IOException("cannot list /proc: is a descriptor free?"));
        }
        if (names != null) {
            for (String name : names) {
                if (Character.isDigit(name.charAt(0))) {
                    ProcStat stat = read(Integer.parseInt(name));
                    if (stat != null) {
                        all.put(stat.pid, stat);
                    }
                }
            }
        }
        return all;
    }

    /** Returns whether no thread of a process runs: each is suspended or has exited. Also true if it is not visible. */
    static boolean isHalted(int pid) {
        for (String thread : ProcFs.threads(pid)) {
            try {
                ProcStat stat =
                        parse(readLine(ProcFs.directory(pid).resolve("task").resolve(thread)));
                if (stat.isAlive() && !stat.isSuspended()) {
                    return false;
                }
            } catch (IOException e) {
                // it has exited
            }
        }
        return true;
    }

    private static @Nullable ProcStat read(int pid) {
        try {
            String line = readLine(ProcFs.directory(pid));
            ProcStat stat = parse(line);
            return stat.state == ZOMBIE && threads(line) > 1 ? stat.withState(stateOfThreads(pid)) : stat;
        } catch (NoSuchFileException | AccessDeniedException e) {
            return null;
        } catch (IOException e) {
            // A process that exits while it is read, or is hidden, fails in other ways. This check needs no descriptor.
            if (!new File("/proc/" + pid + "/stat").canRead()) {
                return null;
            }
            throw new UncheckedIOException("cannot read the state of process " + pid + ": " + e.getMessage(), e);
        }
    }

    private static String readLine(Path directory) throws IOException {
        return Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
    }

    /** Returns the state of a thread that has not exited. */
    private static char stateOfThreads(int pid) {
        for (String thread : ProcFs.threads(pid)) {
            try {
                char state =
                        parse(readLine(ProcFs.directory(pid).resolve("task").resolve(thread))).state;
                if (state != ZOMBIE && state != 'X') {
                    return state;
                }
            } catch (IOException e) {
                // it has exited
            }
        }
        return UNKNOWN;
    }

    private ProcStat withState(char now) {
        return new ProcStat(pid, now, parent, group, session, startTicks);
    }

    static ProcStat parse(String line) {
        String[] rest = afterName(line);
        return new ProcStat(
                Integer.parseInt(line.substring(0, line.indexOf('(') - 1)),
                rest[0].charAt(0),
                Integer.parseInt(rest[PARENT]),
                Integer.parseInt(rest[GROUP]),
                Integer.parseInt(rest[SESSION]),
                Long.parseLong(rest[START_TICKS]));
    }

    /** Returns the number of threads that have not been reaped; 1 for a zombie. */
    static int threads(String line) {
        return Integer.parseInt(afterName(line)[THREADS]);
    }

    /** The name, the second field, may contain spaces and parentheses: the last parenthesis ends it. */
    private static String[] afterName(String line) {
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }
}
