package org.processmanager.core.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors, pipes, FIFOs and the status of files. Calls that a signal interrupts are repeated, except {@link #close},
 * which must not be repeated on Linux.
 */
public final class Files {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    /** Of every file that is opened: a terminal never becomes the controlling one of this JVM, which its hang-up would end. */
    private static final int O_NOCTTY = 0x100;

    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_DIRECTORY = Platform.isARM() ? 0x4000 : 0x10000;
    public static final int O_NOFOLLOW = Platform.isARM() ? 0x8000 : 0x20000;
    /** Refers to a file without opening it: a pipe gets neither a reader nor a writer. */
    public static final int O_PATH = 0x200000;

    /** The bits of {@link #flags} that hold one of {@link #O_RDONLY}, {@link #O_WRONLY} and {@link #O_RDWR}. */
    public static final int O_ACCMODE = 3;

    /** A file without a name; includes {@link #O_DIRECTORY}. */
    public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

    /** The longest message that is written to a pipe atomically. */
    public static final int PIPE_BUF = 4096;

    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    private static final int FD_CLOEXEC = 1;
    private static final long FIONREAD = 0x541B;
    static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int TEXT_CHUNK = 8192;

    private Files() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int open(byte[] path, int flags, int mode);

        static native long read(int fd, byte[] into, long n);

        static native long read(int fd, long address, long n);

        static native long pread(int fd, byte[] into, long n, long position);

        static native long write(int fd, byte[] from, long n);

        static native long write(int fd, long address, long n);

        static native int pipe2(int[] fds, int flags);

        static native int mkfifo(byte[] path, int mode);

        static native int mkdir(byte[] path, int mode);

        static native int fcntl(int fd, int command, long argument);

        static native int dup3(int fd, int target, int flags);

        static native int ioctl(int fd, long request, int[] value);

        static native int posix_fallocate(int fd, long offset, long length);

        static native int unlink(byte[] path);

        static native int rmdir(byte[] path);

        static native int fchmod(int fd, int mode);

        static native int geteuid();

        static native int close(int fd);
    }

    /**
     * Opens a file with {@link #O_CLOEXEC}.
     *
     * @return the descriptor
     * @throws PosixException if it cannot be opened
     */
    public static int open(String path, int flags, int mode) {
        int fd = tryOpen(path, flags, mode);
        if (fd < 0) {
            throw new PosixException("open", path, -fd);
        }
        return fd;
    }

    /** Opens a file like {@link #open(String, int, int)}, but returns the negative errno on failure. */
    public static int tryOpen(String path, int flags, int mode) {
        byte[] name = CStrings.terminated(path);
        while (true) {
            int fd = C.open(name, flags | O_CLOEXEC | O_NOCTTY, mode);
            if (fd >= 0) {
                return fd;
            }
            int errno = NativeLayer.errno();
            if (!Errno.EINTR.is(errno)) {
                return -errno;
            }
        }
    }

    /** Closes a descriptor of the caller. Throws if it is not open, which is a mistake of the caller. */
    public static void close(int fd) {
        if (C.close(fd) != 0) {
            int errno = NativeLayer.errno();
            if (Errno.EBADF.is(errno)) {
                throw new PosixException("close", "descriptor " + fd, errno);
            }
        }
    }

    /** Reads into an array from its start. Returns the count, 0 at end of file, or the negative errno (also EAGAIN). */
    public static int read(int fd, byte[] into, int length) {
        checkLength(length, into.length);
        long n;
        do {
            n = C.read(fd, into, (long) length);
        } while (n < 0 && Errno.EINTR.is(NativeLayer.errno()));
        return n < 0 ? -NativeLayer.errno() : (int) n;
    }

    /** Reads like {@link #read(int, byte[], int)}, from a position in the file; the position of the descriptor stays. */
    public static int readAt(int fd, byte[] into, int length, long position) {
        checkLength(length, into.length);
        long n;
        do {
            n = C.pread(fd, into, (long) length, position);
        } while (n < 0 && Errno.EINTR.is(NativeLayer.errno()));
        return n < 0 ? -NativeLayer.errno() : (int) n;
    }

    /** Returns the address of a direct buffer, for {@link #read(int, long, int)}, which allocates nothing. */
    public static long addressOf(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /**
     * Reads to a memory address that must stay valid during the call. Returns the count, 0 at end of file, or the negative
     * errno (also EAGAIN).
     */
    public static int read(int fd, long address, int length) {
        long n;
        do {
            n = C.read(fd, address, (long) length);
        } while (n < 0 && Errno.EINTR.is(NativeLayer.errno()));
        return n < 0 ? -NativeLayer.errno() : (int) n;
    }

    /** Writes from a memory address. Returns the count or the negative errno (also EAGAIN and EPIPE). */
    public static int write(int fd, long address, int length) {
        long n;
        do {
            n = C.write(fd, address, (long) length);
        } while (n < 0 && Errno.EINTR.is(NativeLayer.errno()));
        return n < 0 ? -NativeLayer.errno() : (int) n;
    }

    /** Writes from the start of an array. Returns the count or the negative errno (also EAGAIN and EPIPE). */
    public static int write(int fd, byte[] from, int length) {
        checkLength(length, from.length);
        long n;
        do {
            n = C.write(fd, from, (long) length);
        } while (n < 0 && Errno.EINTR.is(NativeLayer.errno()));
        return n < 0 ? -NativeLayer.errno() : (int) n;
    }

    /** Writes the remaining bytes of a direct buffer and advances its position; returns as {@link #write}. */
    public static int write(int fd, ByteBuffer direct) {
        long address = Pointer.nativeValue(Native.getDirectBufferPointer(direct)) + direct.position();
        long n;
        do {
            n = C.write(fd, address, (long) direct.remaining());
        } while (n < 0 && Errno.EINTR.is(NativeLayer.errno()));
        if (n < 0) {
            return -NativeLayer.errno();
        }
        direct.position(direct.position() + (int) n);
        return (int) n;
    }

    /** Returns the content of a text file of {@code /proc} or {@code /sys}, byte by byte; null if it cannot be opened. */
    public static @Nullable String readText(String path) {
        int fd = tryOpen(path, O_RDONLY, 0);
        if (fd < 0) {
            return null;
        }
        try {
            StringBuilder text = new StringBuilder();
            byte[] chunk = new byte[TEXT_CHUNK];
            for (int n = read(fd, chunk, TEXT_CHUNK); n > 0; n = read(fd, chunk, TEXT_CHUNK)) {
                text.append(new String(chunk, 0, n, StandardCharsets.ISO_8859_1));
            }
            return text.toString();
        } finally {
            close(fd);
        }
    }

    /** Creates a pipe, close-on-exec: element 0 reads, element 1 writes. */
    public static int[] pipe(boolean nonBlocking) {
        int[] fds = new int[2];
        if (C.pipe2(fds, O_CLOEXEC | (nonBlocking ? O_NONBLOCK : 0)) != 0) {
            throw new PosixException("pipe2", "", NativeLayer.errno());
        }
        return fds;
    }

    /** Creates a FIFO; returns false if the name exists. */
    public static boolean makeFifo(String path, int mode) {
        if (C.mkfifo(CStrings.terminated(path), mode) == 0) {
            return true;
        }
        return falseIfExists("mkfifo", path);
    }

    /** Creates a directory; returns false if the name exists. */
    public static boolean makeDirectory(String path, int mode) {
        if (C.mkdir(CStrings.terminated(path), mode) == 0) {
            return true;
        }
        return falseIfExists("mkdir", path);
    }

    /** Duplicates a descriptor, close-on-exec, to a number of at least {@code lowest}. */
    public static int duplicate(int fd, int lowest) {
        int copy = C.fcntl(fd, F_DUPFD_CLOEXEC, lowest);
        if (copy < 0) {
            throw new PosixException("fcntl F_DUPFD_CLOEXEC", "descriptor " + fd, NativeLayer.errno());
        }
        return copy;
    }

    /** Replaces a descriptor by a duplicate of another one, close-on-exec; what it referred to is closed. */
    public static void replace(int target, int fd) {
        int result;
        do {
            result = C.dup3(fd, target, O_CLOEXEC);
        } while (result < 0 && (Errno.EINTR.is(NativeLayer.errno()) || Errno.EBUSY.is(NativeLayer.errno())));
        if (result < 0) {
            throw new PosixException("dup3", "descriptor " + fd + " to " + target, NativeLayer.errno());
        }
    }

    /** Returns the flags that a descriptor was opened with. */
    public static int flags(int fd) {
        int flags = C.fcntl(fd, F_GETFL, 0);
        if (flags < 0) {
            throw new PosixException("fcntl F_GETFL", "descriptor " + fd, NativeLayer.errno());
        }
        return flags;
    }

    /** Sets or clears close-on-exec. */
    public static void setCloseOnExec(int fd, boolean on) {
        setFlag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, on);
    }

    /** Sets or clears non-blocking mode of the open file description, which duplicates share. */
    public static void setNonBlocking(int fd, boolean on) {
        setFlag(fd, F_GETFL, F_SETFL, O_NONBLOCK, on);
    }

    /** Returns whether the descriptor is open. */
    public static boolean isOpen(int fd) {
        return C.fcntl(fd, F_GETFD, 0) >= 0;
    }

    /** Tries to enlarge a pipe, which a quota of its user may prevent; returns the resulting size. */
    public static int growPipe(int fd, int bytes) {
        int size = C.fcntl(fd, F_SETPIPE_SZ, bytes);
        return size > 0 ? size : C.fcntl(fd, F_GETPIPE_SZ, 0);
    }

    /** Returns the size of a pipe; 0 if it is unknown. */
    public static int pipeSize(int fd) {
        return Math.max(0, C.fcntl(fd, F_GETPIPE_SZ, 0));
    }

    /** Returns the number of bytes that can be read from a pipe or socket without blocking; 0 if it is unknown. */
    public static int readable(int fd) {
        int[] n = new int[1];
        return C.ioctl(fd, FIONREAD, n) == 0 ? n[0] : 0;
    }

    /** Extends a file and reserves its blocks, so that a full disk is an error now instead of a fault later. */
    public static void allocate(int fd, long length, String path) {
        int errno;
        do {
            errno = C.posix_fallocate(fd, 0, length);
        } while (Errno.EINTR.is(errno));
        if (errno != 0) {
            throw new PosixException("posix_fallocate", path + " to " + length + " bytes", errno);
        }
    }

    /** Deletes a name; returns false if it did not exist. */
    public static boolean unlink(String path) {
        if (C.unlink(CStrings.terminated(path)) == 0) {
            return true;
        }
        int errno = NativeLayer.errno();
        if (Errno.ENOENT.is(errno)) {
            return false;
        }
        throw new PosixException("unlink", path, errno);
    }

    /** Deletes an empty directory; returns 0 or the errno. */
    public static int removeDirectory(String path) {
        return C.rmdir(CStrings.terminated(path)) == 0 ? 0 : NativeLayer.errno();
    }

    /** Returns the status of an open file. */
    public static FileStatus status(int fd) {
        return readStatus(fd, "", AT_EMPTY_PATH, "descriptor " + fd);
    }

    /**
     * Returns the status of a named file; a symbolic link is not followed.
     *
     * @throws PosixException if it does not exist (ENOENT) or cannot be reached
     */
    public static FileStatus status(String path) {
        return readStatus(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, path);
    }

    /** Sets the permissions of an open file, whatever the umask is. */
    public static void changeMode(int fd, int mode) {
        if (C.fchmod(fd, mode) != 0) {
            throw new PosixException("fchmod", "descriptor " + fd, NativeLayer.errno());
        }
    }

    /** Returns the effective user id of this process. */
    public static int effectiveUserId() {
        return C.geteuid();
    }

    private static FileStatus readStatus(int dir, String path, int flags, String subject) {
        byte[] bytes = new byte[FileStatus.STATX_SIZE];
        int errno = FileStatus.read(dir, CStrings.terminated(path), flags, bytes);
        if (errno != 0) {
            throw new PosixException("statx", subject, errno);
        }
        return FileStatus.of(bytes);
    }

    private static void setFlag(int fd, int get, int set, int flag, boolean on) {
        int flags = C.fcntl(fd, get, 0);
        if (flags < 0 || C.fcntl(fd, set, on ? flags | flag : flags & ~flag) < 0) {
            throw new PosixException("fcntl", "descriptor " + fd, NativeLayer.errno());
        }
    }

    private static boolean falseIfExists(String call, String path) {
        int errno = NativeLayer.errno();
        if (Errno.EEXIST.is(errno)) {
            return false;
        }
        throw new PosixException(call, path, errno);
    }

    private static void checkLength(int length, int available) {
        if (length < 0 || length > available) {
            throw new IndexOutOfBoundsException("length: " + length + " (expected: 0 to " + available + ")");
        }
    }
}
