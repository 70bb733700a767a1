package org.processmanager.core.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Checks of files by path. Symbolic links are followed; nothing is opened or changed. */
public final class FileChecks {
    private static final int AT_EACCESS = 0x200;
    private static final int STATFS_SIZE = 256;
    private static final int X_OK = 1;
    /** The C library tries this call first; only ENOSYS makes it use another one itself. */
    private static final RefusedCall FACCESSAT2 = new RefusedCall("faccessat2", "access is used");

    private FileChecks() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int statfs(byte[] path, byte[] into);

        static native int faccessat(int dir, byte[] path, int mode, int flags);

        static native int access(byte[] path, int mode);
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
        return mayExecute(CStrings.terminated(path));
    }

    private static int mayExecute(byte[] path) {
        if (!FACCESSAT2.isRefused()) {
            if (C.faccessat(Files.AT_FDCWD, path, X_OK, AT_EACCESS) == 0) {
                return 0;
            }
            int errno = NativeLayer.errno();
            if (!FACCESSAT2.isRefusedBy(errno)) {
                return errno;
            }
        }
        return C.access(path, X_OK) == 0 ? 0 : NativeLayer.errno();
    }

    /** Whether this process may execute it, and it is not a directory. */
    public static boolean isProgram(String path) {
        byte[] name = CStrings.terminated(path);
        if (mayExecute(name) != 0) {
            return false;
        }
        FileStatus status = target(name);
        return status != null && !status.isDirectory();
    }

    /** Returns the time of the last status change in seconds since 1970; 0 if it is unknown. */
    public static long changeSeconds(String path) {
        byte[] bytes = new byte[FileStatus.STATX_SIZE];
        // struct statx: ctime s64 at 96
        return FileStatus.read(Files.AT_FDCWD, CStrings.terminated(path), 0, bytes) == 0
                ? ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(96)
                : 0;
    }

    /** Returns whether the path exists and can be reached. */
    public static boolean exists(String path) {
        return target(path) != null;
    }

    /** Returns whether the path is a directory. */
    public static boolean isDirectory(String path) {
        FileStatus target = target(path);
        return target != null && target.isDirectory();
    }

    /** Returns the status of the file, or null if it cannot be reached. */
    public static @Nullable FileStatus target(String path) {
        return target(CStrings.terminated(path));
    }

    private static @Nullable FileStatus target(byte[] path) {
        byte[] bytes = new byte[FileStatus.STATX_SIZE];
        return FileStatus.read(Files.AT_FDCWD, path, 0, bytes) == 0 ? FileStatus.of(bytes) : null;
    }
}
