package org.processmanager.ipc.internal.fifo;

import java.nio.file.Path;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelExistsException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.sync.OpenMode;

/**
 * An open end of a named pipe, and the rules of opening one: only a receiver makes it, private to this user; whatever else
 * stands at the path, a link too, stays as it is.
 *
 * <p>A receiver locks the FIFO as a whole, because two readers would tear the messages between them. A sender locks the
 * byte that its random id names: as long as the kernel says that this byte is locked, the sender lives.
 *
 * @param path where it lies
 * @param fd its descriptor, non-blocking
 * @param identity of the file that is open, whatever the path names later
 * @param created whether this end made it
 */
record Fifo(Path path, int fd, FileStatus identity, boolean created) {
    private static final int PRIVATE = 0600;
    private static final int FLAGS = Files.O_NONBLOCK | Files.O_NOFOLLOW;
    /** A receiver that closes removes the FIFO that we just found: look again, so often at most. */
    private static final int RETRIES = 100;

    static Fifo openForReceiving(Path path, OpenMode mode) {
        for (int i = 0; i < RETRIES; i++) {
            boolean created = mode != OpenMode.OPEN_EXISTING && make(path);
            if (mode == OpenMode.CREATE_NEW && !created) {
                throw new ChannelExistsException("cannot create " + path + ": it exists; open it with OPEN_EXISTING"
                        + " or OPEN_OR_CREATE, or remove it");
            }
            Fifo fifo = tryOpen(path, Files.O_RDONLY, created);
            if (fifo != null && fifo.lockOrClose() && fifo.isStillThereOrClose()) {
                return fifo;
            }
            if (fifo == null && mode == OpenMode.OPEN_EXISTING) {
                throw notFound(path);
            }
        }
        throw new ChannelException("cannot open " + path + ": others create and remove it all the time");
    }

    /** The end of a sender; null if there is no FIFO, or nobody has it open for reading. */
    static @org.jspecify.annotations.Nullable Fifo tryOpenForSending(Path path) {
        return tryOpen(path, Files.O_WRONLY, false);
    }

    /** Refuses what a sender could never use; nothing at the path is fine. */
    static void checkForSending(Path path, OpenMode mode) {
        if (!isFifo(path) && mode == OpenMode.OPEN_EXISTING) {
            throw notFound(path);
        }
    }

    /** Removes the name if it still names this FIFO. */
    void remove() {
        if (isStillThere()) {
            Files.unlink(path.toString());
        }
    }

    void close() {
        Files.close(fd);
    }

    private boolean isStillThere() {
        try {
            return Files.status(path.toString()).sameFile(identity);
        } catch (PosixException e) {
            return false;
        }
    }

    private boolean isStillThereOrClose() {
        boolean there = isStillThere();
        if (!there) {
            close();
        }
        return there;
    }

    private boolean lockOrClose() {
        try {
            if (OfdLocks.tryLockFile(fd)) {
                return true;
            }
        } catch (PosixException e) {
            close();
            throw e;
        }
        if (!isStillThereOrClose()) {
            return false; // it belongs to a receiver that is just closing
        }
        close();
        long pid = FileLocks.holder(identity);
        throw new ChannelBusyException(
                "cannot receive from " + path + ": the receiver is " + (pid == 0 ? "another process" : "pid " + pid)
                        + "; a FIFO has one receiver at a time",
                pid);
    }

    private static boolean make(Path path) {
        try {
            return Files.makeFifo(path.toString(), PRIVATE);
        } catch (PosixException e) {
            throw new ChannelException("cannot create FIFO " + path + ": " + Errno.describe(e.errno()), e);
        }
    }

    private static @org.jspecify.annotations.Nullable Fifo tryOpen(Path path, int access, boolean created) {
        // Looked at before it is opened: opening a device can do things.
        if (!isFifo(path)) {
            return null;
        }
        int fd = Files.tryOpen(path.toString(), access | FLAGS, 0);
        if (fd < 0) {
            if (Errno.ENOENT.is(-fd) || Errno.ENXIO.is(-fd)) {
                return null;
            }
            throw new ChannelException("cannot open " + path + ": " + Errno.describe(-fd));
        }
        try {
            FileStatus status = Files.status(fd);
            check(path, status);
            return new Fifo(path, fd, status, created);
        } catch (ChannelException | PosixException e) {
            Files.close(fd);
            throw e;
        }
    }

    /** Whether a FIFO is there; false if nothing is. */
    private static boolean isFifo(Path path) {
        FileStatus status;
        try {
            status = Files.status(path.toString());
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
                return false;
            }
            throw new ChannelException("cannot open " + path + ": " + Errno.describe(e.errno()), e);
        }
        check(path, status);
        return true;
    }

    private static void check(Path path, FileStatus status) {
        if (!status.isFifo()) {
            throw new ChannelException("cannot open " + path + ": it is a " + status.type()
                    + ", not a FIFO; it was left as it is, choose another name");
        }
        int user = Files.effectiveUserId();
        if (status.owner() != user) {
            throw new ChannelException("cannot open " + path + ": it belongs to user " + status.owner() + ", not to "
                    + user + ", who runs this process");
        }
    }

    private static ChannelNotFoundException notFound(Path path) {
        return new ChannelNotFoundException(
                "there is no FIFO " + path + "; its receiver makes it, by OPEN_OR_CREATE or CREATE_NEW");
    }
}
