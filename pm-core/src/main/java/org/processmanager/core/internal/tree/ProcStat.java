package org.processmanager.core.internal.tree;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code /proc/<pid>/stat}.
 *
 * @param pid the process
 * @param state R, S, D, T (halted), t (traced), Z (zombie), X
 * @param parent its parent now; the original one may be dead
 * @param group its process group
 * @param session its session
 * @param startTicks when it started, in clock ticks since boot: with the pid its identity
 */
public record ProcStat(int pid, char state, int parent, int group, int session, long startTicks) {
    private static final Path PROC = Path.of("/proc");
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int START_TICKS = 19;

    /** Whether it has not ended; a zombie has. */
    public boolean isAlive() {
        return state != 'Z' && state != 'X';
    }

    /** Whether a signal or a terminal halted it. */
    public boolean isHalted() {
        return state == 'T' || state == 't';
    }

    /** Whether the other line is about the same process, and not about a later one with its number. */
    public boolean isSameProcess(@Nullable ProcStat other) {
        return other != null && pid == other.pid && startTicks == other.startTicks;
    }

    /** The line of a process, or null if there is none. */
    public static @Nullable ProcStat of(int pid) {
        try {
            return parse(
                    Files.readString(PROC.resolve(Integer.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return null;
        }
    }

    /** All processes that can be seen, by number; empty where there is no {@code /proc}. */
    public static Map<Integer, ProcStat> all() {
        Map<Integer, ProcStat> all = new HashMap<>();
        String[] names = new File("/proc").list();
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

    /** The name in the second field may hold spaces and parentheses: the last one ends it. */
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
