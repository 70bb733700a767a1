package org.processmanager.ipc.internal.fifo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelExistsException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.sync.OpenMode;

/**
 * An open end of a named pipe, and the rules of opening one: only a receiver creates it, private to this user; anything else
 * at the path, including a link, stays unchanged.
 *
 * <p>A receiver locks the FIFO as a whole, because two readers would tear the messages apart. A sender locks the byte at the
 * offset of its random id: as long as the kernel reports this byte as locked, the sender is alive.
 *
 * @param path its path
 * @param fd its descriptor, non-blocking
 * @param identity the identity of the open file, whatever the path names later
 * @param created whether this end created it
 */
record Fifo(Path path, int fd, FileStatus identity, boolean created) {
    private static final int PRIVATE = 0600;
    private static final int FLAGS = Files.O_NONBLOCK | Files.O_NOFOLLOW;
    /** A closing receiver may remove the FIFO that was just found. */
    private static final int OPEN_ATTEMPTS = 100;

    static Fifo openForReceiving(Path path, OpenMode mode) {
        for (int i = 0; i < OPEN_ATTEMPTS; i++) {
            boolean created = mode != OpenMode.OPEN_EXISTING && create(path);
            if (mode == OpenMode.CREATE_NEW && !created) {
                throw new ChannelExistsException("cannot create " + path + ": it exists; open it with OPEN_EXISTING"
                        + " or OPEN_OR_CREATE, or delete it");
            }
            Fifo fifo = tryOpen(path, Files.O_RDONLY, created);
            if (fifo != null && fifo.lockOrClose() && fifo.isStillThereOrClose()) {
                return fifo;
            }
            if (fifo == null && mode == OpenMode.OPEN_EXISTING) {
                throw notFound(path);
            }
        }
        throw new ChannelException("cannot open " + path + ": other processes created and removed it " + OPEN_ATTEMPTS
                + " times meanwhile; retry later");
    }

    /** Opens the end of a sender; null if there is no FIFO, or no reader has it open. */
    static @Nullable Fifo tryOpenForSending(Path path) {
        return tryOpen(path, Files.O_WRONLY, false);
    }

    /** Rejects a path that a sender could never use; a missing file is fine unless it must exist. */
    static void checkForSending(Path path, OpenMode mode) {
        if (!isFifo(path) && mode == OpenMode.OPEN_EXISTING) {
            throw notFound(path);
        }
    }

    /** Deletes the FIFO at a path; returns whether there was one. */
    static boolean delete(Path path) {
        if (!isFifo(path)) {
            return false;
        }
        Files.unlink(PathText.of(path));
        return true;
    }

    /** Removes the name if it still names this FIFO. */
    void remove() {
        if (isStillThere()) {
            Files.unlink(PathText.of(path));
        }
    }

    void close() {
        Files.close(fd);
    }

    /** Returns whether the path still names this FIFO. */
    boolean isStillThere() {
        try {
            return Files.status(PathText.of(path)).sameFile(identity);
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
            return false; // it belongs to a receiver that is closing
        }
        close();
        long pid = FileLocks.holder(identity);
        throw new ChannelBusyException(
                "cannot receive from " + path + ": the receiver is " + (pid == 0 ? "another process" : "pid " + pid)
                        + "; a FIFO has one receiver at a time",
                pid);
    }

    private static boolean create(Path path) {
        try {
            return Files.makeFifo(PathText.of(path), PRIVATE);
        } catch (PosixException e) {
            throw new ChannelException("cannot create FIFO " + path + ": " + Errno.describe(e.errno()), e);
        }
    }

    private static @Nullable Fifo tryOpen(Path path, int access, boolean created) {
        // Checked before it is opened, because opening a device can have side effects.
        if (!isFifo(path)) {
            return null;
        }
        int fd = Files.tryOpen(PathText.of(path), access | FLAGS, 0);
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

    /** Returns whether the path names a FIFO; false if it names nothing. */
    private static boolean isFifo(Path path) {
        FileStatus status;
        try {
            status = Files.status(PathText.of(path));
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
                    + ", not a FIFO; it was left unchanged, choose another name");
        }
        int user = Files.effectiveUserId();
        if (status.owner() != user) {
            throw new ChannelException("cannot open " + path + ": it belongs to user " + status.owner()
                    + " (expected: user " + user + ", which runs this process)");
        }
    }

    private static ChannelNotFoundException notFound(Path path) {
        return new ChannelNotFoundException(
                "there is no FIFO " + path + "; its receiver creates it, with OPEN_OR_CREATE or CREATE_NEW");
    }
}
