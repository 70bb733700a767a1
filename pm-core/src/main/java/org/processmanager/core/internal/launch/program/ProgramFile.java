package org.processmanager.core.internal.launch.program;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileChecks;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PathText;

/**
 * Checks a program's file before it is executed by a wrapper: wrappers report failures less precisely than {@code posix_spawn}, and
 * some run a script without {@code #!} by a shell.
 */
public final class ProgramFile {
    /** The kernel follows so many scripts that are interpreters of scripts. */
    private static final int MOST_INTERPRETERS = 4;

    private ProgramFile() {}

    /** @throws LaunchException with the reason, if this file certainly cannot be executed */
    public static void check(LaunchSpec spec, String file) {
        String what = "cannot start " + spec.program() + (file.equals(spec.program()) ? "" : " (" + file + ")") + ": ";
        int errno = FileChecks.mayExecute(file);
        if (isMissing(errno)) {
            throw new LaunchException(LaunchException.Reason.NOT_FOUND, what + Errno.describe(errno));
        }
        if (errno != 0) {
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + Errno.describe(errno));
        }
        String kind = otherKind(file);
        if (kind != null) {
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + kind);
        }
        String problem = interpreterProblem(spec.directory(), file, MOST_INTERPRETERS);
        if (problem != null) {
            throw new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + problem);
        }
    }

    /**
     * Returns why the kernel cannot execute a file that exists: it follows the interpreters of scripts, and the dynamic loader
     * of an ELF file. Null if no reason is found.
     *
     * @param directory the working directory of the child, which a relative interpreter starts from
     */
    private static @Nullable String interpreterProblem(@Nullable Path directory, String file, int left) {
        ProgramHead head = head(file);
        if (head == null) {
            return null; // the file may be executed but not read
        }
        String interpreter = head.isScript() ? head.interpreter() : loader(file, head);
        if (interpreter == null) {
            return head.isText() ? Errno.describe(Errno.ENOEXEC.number()) : null;
        }
        if (interpreter.isEmpty()) {
            return Errno.describe(Errno.ENOEXEC.number());
        }
        String reached = directory == null || interpreter.startsWith("/")
                ? interpreter
                : PathText.of(directory) + "/" + interpreter;
        if (isMissing(FileChecks.mayExecute(reached))) {
            return "the interpreter that it names does not exist";
        }
        return left == 0 || !head.isScript() ? null : interpreterProblem(directory, reached, left - 1);
    }

    private static boolean isMissing(int errno) {
        return Errno.ENOENT.is(errno)
                || Errno.ENOTDIR.is(errno)
                || Errno.ELOOP.is(errno)
                || Errno.ENAMETOOLONG.is(errno);
    }

    /** Returns the dynamic loader that a program for this machine names; null if there is none. */
    private static @Nullable String loader(String file, ProgramHead head) {
        ProgramHead own = head(ProgramHead.OWN_PROGRAM);
        if (own == null || !head.isForMachineOf(own)) {
            return null;
        }
        int fd = Files.tryOpen(file, Files.O_RDONLY | Files.O_NONBLOCK, 0);
        if (fd < 0) {
            return null;
        }
        try {
            return head.loader((position, length) -> {
                byte[] bytes = new byte[length];
                return Files.readAt(fd, bytes, length, position) == length ? bytes : null;
            });
        } finally {
            Files.close(fd);
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
