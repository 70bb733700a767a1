package org.processmanager.core.internal.launch.jdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.processmanager.core.LaunchException;

/**
 * Protects this JVM from getting a controlling terminal, whose hang-up would end it. The JDK opens the input of a child in this
 * process and cannot ask the kernel not to make a terminal the controlling one, which it does for the leader of a session that
 * has none.
 */
final class ControllingTerminal {
    private static final int FILE_TYPE = 0xf000;
    private static final int CHARACTER_DEVICE = 0x2000;
    /** The devices like {@code /dev/null}. */
    private static final int MEMORY = 1;

    private static final int MAJOR_SHIFT = 8;
    private static final int MAJOR_MASK = 0xfff;
    private static final int SESSION = 3;
    private static final int TERMINAL = 4;

    private ControllingTerminal() {}

    /** @throws LaunchException if opening the file for reading could make it the controlling terminal */
    static void refuse(Path input) {
        if (mayBeTerminal(input) && leadsSessionWithoutTerminal()) {
            throw new LaunchException(
                    LaunchException.Reason.BAD_STREAM_FILE,
                    "cannot open " + input + " as standard input: it would become the controlling terminal of this JVM,"
                            + " which leads a session without one; enable the native layer, or start this JVM without setsid",
                    null);
        }
    }

    private static boolean mayBeTerminal(Path file) {
        try {
            Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,rdev");
            return attributes.get("rdev") instanceof Long device
                    && attributes.get("mode") instanceof Integer mode
                    && (mode & FILE_TYPE) == CHARACTER_DEVICE
                    && (device >> MAJOR_SHIFT & MAJOR_MASK) != MEMORY;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false; // there is no such file, or it is no Unix
        }
    }

    private static boolean leadsSessionWithoutTerminal() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[SESSION]) == ProcessHandle.current().pid() && fields[TERMINAL].equals("0");
        } catch (IOException e) {
            return false;
        }
    }
}
