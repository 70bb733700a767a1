package org.processmanager.sync.internal.region;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads fields of {@code /proc/PID/stat}; see proc_pid_stat(5). */
final class ProcessStat {
    private static final int STATE = 3;
    private static final int START_TIME = 22;

    private ProcessStat() {}

    /** Returns when this process was started, in clock ticks since the boot, or 0 if it is unknown. */
    static long ownStartTicks() {
        try {
            return Long.parseLong(field("self", START_TIME));
        } catch (IOException | RuntimeException e) {
            return 0; // informational
        }
    }

    /** Returns whether a process has terminated, reaped or not, or cannot be seen from here. */
    static boolean hasEnded(long pid) {
        try {
            String state = field(Long.toString(pid), STATE);
            return state.equals("Z") || state.equals("X");
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    private static String field(String process, int number) throws IOException {
        String stat = Files.readString(Path.of("/proc", process, "stat"), StandardCharsets.ISO_8859_1);
        // The 2nd field is the name in parentheses, which may have any characters in it.
        int start = stat.lastIndexOf(')') + 2;
        for (int i = STATE; i < number; i++) {
            start = stat.indexOf(' ', start) + 1;
        }
        return stat.substring(start, stat.indexOf(' ', start));
    }
}
