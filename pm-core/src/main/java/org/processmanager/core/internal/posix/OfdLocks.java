package org.processmanager.core.internal.posix;

/**
 * Locks on byte ranges, mostly write locks, that belong to an open file description ({@code F_OFD_SETLK}).
 *
 * <p>Unlike POSIX locks they are not released when another descriptor of the file is closed. The kernel releases them
 * exactly when the last duplicate of the description is closed; for a process that never passes it on, that is its exit.
 * {@link #isLocked} does not report locks of the description itself.
 */
public final class OfdLocks {
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private static final RefusedCall OFD_SETLK = new RefusedCall(
            "fcntl F_OFD_SETLK", "regions use the locks of processes, waits in them poll, and there are no FIFOs");
    private static volatile boolean tried;

    private OfdLocks() {}

    /**
     * Returns whether this system has locks of open file descriptions, which the first call tries: old kernels, some
     * emulations of Linux and some filters have not. {@link #tryLockFile} does not need them.
     */
    public static boolean areAvailable() {
        if (!NativeLayer.available()) {
            return false;
        }
        if (!tried) {
            tryThem();
        }
        return !OFD_SETLK.isRefused();
    }

    /**
     * Throws if a feature needs these locks and they are not available.
     *
     * @throws UnsupportedOperationException with the feature and the reason
     */
    public static void require(String feature) {
        NativeLayer.require(feature);
        if (!areAvailable()) {
            throw new UnsupportedOperationException(
                    feature + " needs locks of open file descriptions (fcntl F_OFD_SETLK), which this system refuses");
        }
    }

    private static void tryThem() {
        int fd = Files.tryOpen("/dev/null", Files.O_RDWR, 0);
        if (fd < 0) {
            return; // not decided: no descriptor may be free
        }
        try {
            unlock(fd, 0, 1);
            isLocked(fd, 0, 1);
        } catch (PosixException e) {
            if (e.isPassing()) {
                return;
            }
            OFD_SETLK.refuse(e.errno());
        } finally {
            Files.close(fd);
        }
        tried = true;
    }

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int fcntl(int fd, int command, long[] flock);

        static native int flock(int fd, int operation);
    }

    /**
     * Tries to lock a file as a whole ({@code flock}); returns false if another description holds that lock. Needs no write
     * access, and is independent of locks on ranges.
     */
    public static boolean tryLockFile(int fd) {
        int errno;
        do {
            if (C.flock(fd, LOCK_EX | LOCK_NB) == 0) {
                return true;
            }
            errno = NativeLayer.errno();
        } while (Errno.EINTR.is(errno));
        if (Errno.EAGAIN.is(errno)) {
            return false;
        }
        throw new PosixException("flock", "descriptor " + fd, errno);
    }

    /** Tries to lock a range; returns false if another description holds a lock there. */
    public static boolean tryLock(int fd, long position, long length) {
        return tryLock(fd, F_WRLCK, position, length);
    }

    /** Tries to take a read lock on a range, which needs no write access; returns false if another has a write lock there. */
    public static boolean tryReadLock(int fd, long position, long length) {
        return tryLock(fd, F_RDLCK, position, length);
    }

    private static boolean tryLock(int fd, short type, long position, long length) {
        if (C.fcntl(fd, F_OFD_SETLK, flock(type, position, length)) == 0) {
            return true;
        }
        int errno = NativeLayer.errno();
        if (Errno.EAGAIN.is(errno) || Errno.EACCES.is(errno)) {
            return false;
        }
        throw new PosixException("fcntl F_OFD_SETLK", subject(fd, position), errno);
    }

    /** Releases the locks of this description in a range. */
    public static void unlock(int fd, long position, long length) {
        if (C.fcntl(fd, F_OFD_SETLK, flock(F_UNLCK, position, length)) != 0) {
            throw new PosixException("fcntl F_OFD_SETLK unlock", subject(fd, position), NativeLayer.errno());
        }
    }

    /** Returns whether another description holds a lock in the range: the proof that its process is alive. */
    public static boolean isLocked(int fd, long position, long length) {
        return lockedPosition(fd, position, length) >= 0;
    }

    /** Returns where in the range a lock of another description begins, or -1 if there is none. */
    public static long lockedPosition(int fd, long position, long length) {
        long[] flock = flock(F_WRLCK, position, length);
        if (C.fcntl(fd, F_OFD_GETLK, flock) != 0) {
            throw new PosixException("fcntl F_OFD_GETLK", subject(fd, position), NativeLayer.errno());
        }
        return (short) flock[0] == F_UNLCK ? -1 : flock[1];
    }

    /** struct flock: type s16 at 0, whence s16 at 2 (SEEK_SET), start s64 at 8, length s64 at 16, pid s32 at 24 (0). */
    private static long[] flock(short type, long position, long length) {
        return new long[] {type, position, length, 0};
    }

    private static String subject(int fd, long position) {
        return "at byte " + position + " of descriptor " + fd;
    }
}
