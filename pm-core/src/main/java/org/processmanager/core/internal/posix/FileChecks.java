package org.processmanager.core.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** What can be told of that to which a name leads, through symbolic links; nothing is opened or changed. */
public final class FileChecks {
    private static final int AT_EACCESS = 0x200;
    private static final int STATFS_SIZE = 256;
    private static final int X_OK = 1;

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
     * The number of the type of the file system on which a path lies, as in {@code statfs(2)}.
     *
     * @throws PosixException if there is no such path or it cannot be reached
     */
    public static long fileSystemType(String path) {
        byte[] bytes = new byte[STATFS_SIZE];
        int result;
        do {
            result = C.statfs(CString.of(path), bytes);
        } while (result != 0 && Errno.EINTR.is(NativeLayer.errno()));
        if (result != 0) {
            throw new PosixException("statfs", path, NativeLayer.errno());
        }
        // struct statfs: type, a long, at 0
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(0);
    }

    /** Whether this process may run the file, or enter the directory; 0 or the errno that says why not. */
    public static int mayExecute(String path) {
        return C.faccessat(Files.AT_FDCWD, CString.of(path), X_OK, AT_EACCESS) == 0 ? 0 : NativeLayer.errno();
    }

    /** When a file was last changed, in seconds since 1970 by the clock on the wall; 0 if that cannot be told. */
    public static long changeSeconds(String path) {
        byte[] bytes = new byte[Files.STATX_SIZE];
        // struct statx: ctime s64 at 96
        return C.statx(Files.AT_FDCWD, CString.of(path), 0, Files.STATX_BASIC_STATS, bytes) == 0
                ? ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(96)
                : 0;
    }

    /** Whether a name leads, through symbolic links, to something that can be seen. */
    public static boolean exists(String path) {
        return C.statx(Files.AT_FDCWD, CString.of(path), 0, Files.STATX_BASIC_STATS, new byte[Files.STATX_SIZE]) == 0;
    }

    /** Whether a name leads, through symbolic links, to a directory. */
    public static boolean isDirectory(String path) {
        FileStatus target = target(path);
        return target != null && target.isDirectory();
    }

    /** What a name leads to through symbolic links; null if that cannot be told. */
    public static @Nullable FileStatus target(String path) {
        byte[] bytes = new byte[Files.STATX_SIZE];
        return C.statx(Files.AT_FDCWD, CString.of(path), 0, Files.STATX_BASIC_STATS, bytes) == 0
                ? FileStatus.of(bytes)
                : null;
    }
}
