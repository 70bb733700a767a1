package org.processmanager.core.internal.launch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PathFacts;

/**
 * Looks at a program's file before it is executed. Needed where others than {@code posix_spawn} execute it: they tell less of
 * why they could not, and some would run a script without {@code #!} by a shell.
 */
final class ProgramFile {
    private static final int EXCERPT = 256;
    private static final String OWN_PROGRAM = "/proc/self/exe";
    private static final int ELF_CLASS_END = 6;
    private static final int ELF_MACHINE = 18;

    private ProgramFile() {}

    /** @throws LaunchException with the reason, if it can be told that this file cannot be executed */
    static void check(LaunchSpec spec, String file) {
        String what = "cannot start " + spec.program() + (file.equals(spec.program()) ? "" : " (" + file + ")") + ": ";
        int errno = PathFacts.mayExecute(file);
        if (Errno.ENOENT.is(errno)
                || Errno.ENOTDIR.is(errno)
                || Errno.ELOOP.is(errno)
                || Errno.ENAMETOOLONG.is(errno)) {
            throw new LaunchException.NotFound(what + Errno.describe(errno));
        }
        if (errno != 0) {
            throw new LaunchException.NotExecutable(what + Errno.describe(errno));
        }
        String kind = otherKind(file);
        if (kind != null) {
            throw new LaunchException.NotExecutable(what + kind);
        }
        byte[] start = start(file);
        if (start == null) {
            return; // may be executed, not read
        }
        if (isScript(start)) {
            String interpreter = interpreter(start);
            if (interpreter.startsWith("/") && Errno.ENOENT.is(PathFacts.mayExecute(interpreter))) {
                throw new LaunchException.NotExecutable(what + "the interpreter that it names does not exist");
            }
        } else if (isText(start)) {
            throw new LaunchException.NotExecutable(what + Errno.describe(Errno.ENOEXEC.number()));
        }
    }

    /** What a file is that can be no program because of its type; null for a regular one. */
    static @Nullable String otherKind(String file) {
        FileStatus target = PathFacts.target(file);
        if (target == null || target.isRegular()) {
            return null;
        }
        return target.isDirectory() ? "it is a directory" : "it is no regular file but a " + target.type();
    }

    /**
     * Whether it is no script and not for the machine that this JVM is for. The kernel may know an interpreter for it; if
     * not, who executes it by {@code execvp}, as the tools on the way do, gives it to a shell.
     */
    static boolean isForeign(String file) {
        byte[] start = start(file);
        return start != null
                && !isScript(start)
                && !Arrays.equals(machine(start), machine(Objects.requireNonNullElse(start(OWN_PROGRAM), start)));
    }

    private static boolean isScript(byte[] start) {
        return start.length >= 2 && start[0] == '#' && start[1] == '!';
    }

    /** What an ELF header says of the machine: magic, class and byte order, and the number of the machine. */
    private static byte[] machine(byte[] start) {
        byte[] machine = Arrays.copyOf(start, ELF_CLASS_END + 2);
        if (start.length >= ELF_MACHINE + 2) {
            System.arraycopy(start, ELF_MACHINE, machine, ELF_CLASS_END, 2);
        }
        return machine;
    }

    /** As shells decide it: a program in machine code has a NUL character near its beginning. */
    static boolean isText(byte[] start) {
        for (byte b : start) {
            if (b == 0) {
                return false;
            }
        }
        return true;
    }

    private static String interpreter(byte[] start) {
        String line = new String(start, 2, start.length - 2, StandardCharsets.UTF_8).stripLeading();
        int end = 0;
        while (end < line.length() && " \t\n\r".indexOf(line.charAt(end)) < 0) {
            end++;
        }
        return line.substring(0, end);
    }

    private static byte @Nullable [] start(String file) {
        int fd = Files.tryOpen(file, Files.O_RDONLY | Files.O_NONBLOCK, 0);
        if (fd < 0) {
            return null;
        }
        try {
            byte[] start = new byte[EXCERPT];
            int n = Files.read(fd, start, EXCERPT);
            return n < 0 ? null : Arrays.copyOf(start, n);
        } finally {
            Files.close(fd);
        }
    }
}
