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
 * Checks a program's file before it is executed by a wrapper: wrappers report failures less precisely than {@code posix_spawn}, and
 * some run a script without {@code #!} by a shell.
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
            return; // the file may be executed but not read
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

    /** Returns the type of a file that cannot be a program; null for a regular file. */
    public static @Nullable String otherKind(String file) {
        FileStatus target = FileChecks.target(file);
        if (target == null || target.isRegular()) {
            return null;
        }
        return target.isDirectory() ? "it is a directory" : "it is no regular file but a " + target.type();
    }

    /**
     * Returns whether the file is neither a script nor a program for this machine. The kernel may have an interpreter for it; if
     * not, {@code execvp} of a wrapper passes it to a shell.
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
