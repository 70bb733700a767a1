package org.processmanager.core.internal.posix;

/** Names for files that exist, which appear only if the name is free. */
public final class Links {
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final long RENAME_NOREPLACE = 1;
    private static final RefusedCall LINKAT = new RefusedCall("linkat", "files are renamed");
    private static volatile boolean tried;

    private Links() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int linkat(int fromDir, byte[] from, int toDir, byte[] to, int flags);

        /** As {@link SystemCalls#syscall}. */
        static native long syscall(long number, long fromDir, byte[] from, long toDir, byte[] to, long flags);
    }

    /** Returns whether {@link #link(int, String)} is not refused, which the first call tries. */
    public static boolean mayLink() {
        if (!tried) {
            byte[] none = CStrings.terminated("");
            if (C.linkat(Files.AT_FDCWD, none, Files.AT_FDCWD, none, 0) != 0) {
                LINKAT.isRefusedBy(NativeLayer.errno());
            }
            tried = true;
        }
        return !LINKAT.isRefused();
    }

    /** Gives a file opened with {@link Files#O_TMPFILE} a name; returns false if the name exists. */
    public static boolean link(int fd, String path) {
        String from = "/proc/self/fd/" + fd;
        if (C.linkat(
                        Files.AT_FDCWD,
                        CStrings.terminated(from),
                        Files.AT_FDCWD,
                        CStrings.terminated(path),
                        AT_SYMLINK_FOLLOW)
                == 0) {
            return true;
        }
        return falseIfExists("linkat", path, NativeLayer.errno());
    }

    /**
     * Gives a file a second name, or that name instead of its own where links are refused; returns false if that name exists.
     */
    public static boolean link(String existing, String path) {
        byte[] from = CStrings.terminated(existing);
        byte[] to = CStrings.terminated(path);
        if (C.linkat(Files.AT_FDCWD, from, Files.AT_FDCWD, to, 0) == 0) {
            return true;
        }
        int errno = NativeLayer.errno();
        if (!LINKAT.isRefusedBy(errno)) {
            return falseIfExists("linkat", path, errno);
        }
        if (C.syscall(SystemCalls.RENAMEAT2, Files.AT_FDCWD, from, Files.AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
            return true;
        }
        return falseIfExists("renameat2", path, NativeLayer.errno());
    }

    private static boolean falseIfExists(String call, String path, int errno) {
        if (Errno.EEXIST.is(errno)) {
            return false;
        }
        throw new PosixException(call, path, errno);
    }
}
