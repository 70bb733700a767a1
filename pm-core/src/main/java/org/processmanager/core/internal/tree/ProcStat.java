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
 * A line of {@code /proc/<pid>/stat}.
 *
 * @param pid the process id
 * @param state R, S, D, T (suspended), t (traced), Z (zombie), X
 * @param parent the current parent; the original one may have exited
 * @param group the process group
 * @param session the session
 * @param startTicks the start time in clock ticks since boot: with the pid its identity
 */
public record ProcStat(int pid, char state, int parent, int group, int session, long startTicks) {
    private static final Path PROC = Path.of("/proc");
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int START_TICKS = 19;

    /** Returns whether the process has not exited; a zombie has. */
    public boolean isAlive() {
        return state != 'Z' && state != 'X';
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
     * @throws UncheckedIOException if it could not be read, for example without a free descriptor
     */
    public static @Nullable ProcStat of(int pid) {
        try {
            return parse(
                    Files.readString(PROC.resolve(Integer.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException | AccessDeniedException e) {
            return null;
        } catch (IOException e) {
            // A process that exits while it is read fails in other ways. This check needs no descriptor.
            if (!new File("/proc/" + pid).exists()) {
                return null;
            }
            throw new UncheckedIOException("cannot read the state of process " + pid + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the lines of all visible processes, by pid; empty without {@code /proc}.
     *
     * @throws UncheckedIOException if they could not be read, for example without a free descriptor
     */
    public static Map<Integer, ProcStat> all() {
        Map<Integer, ProcStat> all = new HashMap<>();
        String[] names = new File("/proc").list();
        if (names == null && new File("/proc/self").exists()) {
            throw new UncheckedIOException(new IOException("cannot list /proc: is a descriptor free?"));
        }
        if (names != null) {
            for (String name : names) {
                if (Character.isDigit(name.charAt(0))) {
                    ProcStat stat = of(Integer.parseInt(name));
                    if (stat != null) {
                        all.put(stat.pid, stat);
                    }
                }
            }
        }
        return all;
    }

    /** The name, the second field, may contain spaces and parentheses: the last parenthesis ends it. */
    static ProcStat parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        String[] rest = line.substring(close + 2).split(" ");
        return new ProcStat(
                Integer.parseInt(line.substring(0, open - 1)),
                rest[0].charAt(0),
                Integer.parseInt(rest[PARENT]),
                Integer.parseInt(rest[GROUP]),
                Integer.parseInt(rest[SESSION]),
                Long.parseLong(rest[START_TICKS]));
    }
}
