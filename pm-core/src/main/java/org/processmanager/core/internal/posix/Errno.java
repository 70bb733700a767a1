package org.processmanager.core.internal.posix;

import org.jspecify.annotations.Nullable;

/** Error numbers of Linux on x86-64 and aarch64, with names and texts. */
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file or directory"),
    ESRCH(3, "no such process"),
    EINTR(4, "interrupted by a signal"),
    EIO(5, "input/output error"),
    ENXIO(6, "no such device, or no process has it open for reading"),
    E2BIG(7, "argument list too long"),
    ENOEXEC(8, "not an executable format, or a script without #!"),
    EBADF(9, "bad file descriptor"),
    ECHILD(10, "no such child process"),
    EAGAIN(11, "resource temporarily unavailable"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EFAULT(14, "bad address"),
    EBUSY(16, "device or resource busy"),
    EEXIST(17, "file exists"),
    ENODEV(19, "no such device"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "invalid argument"),
    ENFILE(23, "too many open files in the system"),
    EMFILE(24, "too many open files in this process; raise the limit (ulimit -n)"),
    ETXTBSY(26, "text file busy"),
    EFBIG(27, "file too large"),
    ENOSPC(28, "no space left on device"),
    EROFS(30, "read-only file system"),
    EPIPE(32, "broken pipe"),
    ENAMETOOLONG(36, "file name too long"),
    ENOSYS(38, "not implemented by this kernel"),
    ELOOP(40, "too many symbolic links, or one where none is allowed"),
    EOPNOTSUPP(95, "operation not supported"),
    ETIMEDOUT(110, "timed out"),
    EDQUOT(122, "disk quota exceeded");

    private static final @Nullable Errno[] BY_NUMBER = new Errno[140];

    static {
        for (Errno errno : values()) {
            BY_NUMBER[errno.number] = errno;
        }
    }

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** Returns the number that the kernel uses. */
    public int number() {
        return number;
    }

    /** Returns whether this is the error with that number. */
    public boolean is(int errno) {
        return number == errno;
    }

    /** Returns the error with that number, or null if it is not listed here. */
    public static @Nullable Errno of(int errno) {
        return errno >= 0 && errno < BY_NUMBER.length ? BY_NUMBER[errno] : null;
    }

    /** Returns text and name of an error number, for messages: {@code permission denied (EACCES)}. */
    public static String describe(int errno) {
        Errno known = of(errno);
        return known == null ? "errno " + errno : known.text + " (" + known.name() + ")";
    }
}
