package org.processmanager.core.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Checks of files by path. Symbolic links are followed; nothing is opened or changed. */
public final class FileChecks {
    private static final int AT_EACCESS = 0x200;
    private static final int STATFS_SIZE = 256;
    private static final int X_OK = 1;
    private static final int TYPE = 0xf000;
    private static final int DIRECTORY = 0x4000;

    private FileChecks() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int statx(int dir, byte[] path, int flags, int mask, byte[] into);

        static native int statfs(byte[] path, byte[] into);

        static native int faccessat(int dir, byte[] path, int mode, int flags);
    }

    /**
     * Returns the type of the file system of a path, a number of {@code statfs(2)}.
     *
     * @throws PosixException if the path does not exist or cannot be reached
     */
    public static long fileSystemType(String path) {
        byte[] bytes = new byte[STATFS_SIZE];
        int result;
        do {
            result = C.statfs(CStrings.terminated(path), bytes);
        } while (result != 0 && Errno.EINTR.is(NativeLayer.errno()));
        if (result != 0) {
            throw new PosixException("statfs", path, NativeLayer.errno());
        }
        // struct statfs: type, a long, at 0
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(0);
    }

    /** Returns 0 if this process may execute the file or search the directory, else the errno. */
    public static int mayExecute(String path) {
        return C.faccessat(Files.AT_FDCWD, CStrings.terminated(path), X_OK, AT_EACCESS) == 0 ? 0 : NativeLayer.errno();
    }

    /** Whether this process may execute it, and it is not a directory. */
    public static boolean isProgram(String path) {
        byte[] name = CStrings.terminated(path);
        if (C.faccessat(Files.AT_FDCWD, name, X_OK, AT_EACCESS) != 0) {
            return false;
        }
        byte[] status = new byte[Files.STATX_SIZE];
        if (C.statx(Files.AT_FDCWD, name, 0, Files.STATX_BASIC_STATS, status) != 0) {
            return false;
        }
        // struct statx: mode u16 at 28
        int mode = ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getShort(28);
        return (mode & TYPE) != DIRECTORY;
    }

    /** Returns the time of the last status change in seconds since 1970; 0 if it is unknown. */
    public static long changeSeconds(String path) {
        byte[] bytes = new byte[Files.STATX_SIZE];
        // struct statx: ctime s64 at 96
        return C.statx(Files.AT_FDCWD, CStrings.terminated(path), 0, Files.STATX_BASIC_STATS, bytes) == 0
                ? ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(96)
                : 0;
    }

    /** Returns whether the path exists and can be reached. */
    public static boolean exists(String path) {
        return C.statx(
                        Files.AT_FDCWD,
                        CStrings.terminated(path),
                        0,
                        Files.STATX_BASIC_STATS,
                        new byte[Files.STATX_SIZE])
                == 0;
    }

    /** Returns whether the path is a directory. */
    public static boolean isDirectory(String path) {
        FileStatus target = target(path);
        return target != null && target.isDirectory();
    }

    /** Returns the status of the file, or null if it cannot be reached. */
    public static @Nullable FileStatus target(String path) {
        byte[] bytes = new byte[Files.STATX_SIZE];
        return C.statx(Files.AT_FDCWD, CStrings.terminated(path), 0, Files.STATX_BASIC_STATS, bytes) == 0
                ? FileStatus.of(bytes)
                : null;
    }
}
