package org.processmanager.core.internal.launch.program;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileChecks;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;

/**
 * Looks at a program's file before it is executed. Needed where others than {@code posix_spawn} execute it: they tell less of
 * why they could not, and some would run a script without {@code #!} by a shell.
 */
public final class ProgramFile {
    private ProgramFile() {}

    /** @throws LaunchException with the reason, if this file certainly cannot be executed */
    public static void check(LaunchSpec spec, String file) {
        String what = "cannot start " + spec.program() + (file.equals(spec.program()) ? "" : " (" + file + ")") + ": ";
        int errno = FileChecks.mayExecute(file);
        if (Errno.ENOENT.is(errno)
                || Errno.ENOTDIR.is(errno)
                || Errno.ELOOP.is(errno)
                || Errno.ENAMETOOLONG.is(errno)) {
            throw new LaunchException(LaunchException.Reason.NOT_FOUND, what + Errno.describe(errno));
        }
        if (errno != 0) {
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + Errno.describe(errno));
        }
        String kind = otherKind(file);
        if (kind != null) {
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + kind);
        }
        ProgramHead head = head(file);
        if (head == null) {
            return; // may be executed, not read
        }
        if (head.isScript()) {
            String interpreter = head.interpreter();
            if (interpreter.startsWith("/") && Errno.ENOENT.is(FileChecks.mayExecute(interpreter))) {
                throw new LaunchException(
                        LaunchException.Reason.NOT_EXECUTABLE, what + "the interpreter that it names does not exist");
            }
        } else if (head.isText()) {
            throw new LaunchException(
                    LaunchException.Reason.NOT_EXECUTABLE, what + Errno.describe(Errno.ENOEXEC.number()));
        }
    }

    /** What a file is that can be no program because of its type; null for a regular one. */
    public static @Nullable String otherKind(String file) {
        FileStatus target = FileChecks.target(file);
        if (target == null || target.isRegular()) {
            return null;
        }
        return target.isDirectory() ? "it is a directory" : "it is no regular file but a " + target.type();
    }

    /**
     * Whether it is no script and not for the machine that this JVM is for. The kernel may know an interpreter for it; if
     * not, {@code execvp}, which the tools on the way use, gives it to a shell.
     */
    public static boolean isForeign(String file) {
        ProgramHead head = head(file);
        ProgramHead own = head(ProgramHead.OWN_PROGRAM);
        return head != null && !head.isScript() && own != null && !head.isForMachineOf(own);
    }

    private static @Nullable ProgramHead head(String file) {
        int fd = Files.tryOpen(file, Files.O_RDONLY | Files.O_NONBLOCK, 0);
        if (fd < 0) {
            return null;
        }
        try {
            byte[] start = new byte[ProgramHead.SIZE];
            int n = Files.read(fd, start, start.length);
            return n < 0 ? null : new ProgramHead(Arrays.copyOf(start, n));
        } finally {
            Files.close(fd);
        }
    }
}
