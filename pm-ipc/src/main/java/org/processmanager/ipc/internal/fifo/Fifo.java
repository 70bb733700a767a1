package org.processmanager.ipc.internal.fifo;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.util.Cleaners;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelExistsException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.OpenMode;

/**
 * An open end of a pipe, and the rules of opening a named one: only a receiver creates it, private to this user; anything else
 * at the path, including a link, stays unchanged.
 *
 * <p>A receiver locks the FIFO as a whole, because two readers would tear the messages apart. A sender locks the byte at the
 * offset of its random id: as long as the kernel reports this byte as locked, the sender is alive. The bytes below the
 * {@linkplain #FIRST_ID lowest id} belong to {@link SendingTurn}.
 *
 * <p>An end whose handle is garbage collected is closed.
 */
final class Fifo {
    /** The lowest id of a sender. */
    static final long FIRST_ID = 1L + SendingTurn.COUNT;

    /** The lowest id of a receiver, above those of senders. */
    static final long FIRST_RECEIVER_ID = 1L << 62;

    private static final long TO_THE_END = 0;
    private static final int PRIVATE = 0600;
    private static final int PERMISSIONS = 0777;
    /** A closing receiver may remove the FIFO that was just found. */
    private static final int OPEN_ATTEMPTS = 100;

    private final Release release;
    private final Cleaner.Cleanable cleanable;

    private Fifo(PipePlace place, int fd, FileStatus identity) {
        release = new Release(place, fd, identity);
        cleanable = Cleaners.register(this, release);
    }

    /** Opens the reading end. Leaves nothing behind if that fails. */
    static Fifo openForReceiving(PipePlace place, OpenMode mode) {
        for (int i = 0; i < OPEN_ATTEMPTS; i++) {
            boolean created = mode != OpenMode.OPEN_EXISTING && create(place);
            if (mode == OpenMode.CREATE_NEW && !created) {
                throw new ChannelExistsException("cannot create " + place + ": it exists; open it with OPEN_EXISTING"
                        + " or OPEN_OR_CREATE, or delete it");
            }
            Fifo fifo = openReader(place, created);
            if (fifo == null && mode == OpenMode.OPEN_EXISTING) {
                throw notFound(place);
            }
            if (fifo != null && fifo.lockOrClose(created)) {
                return fifo;
            }
        }
        throw new ChannelException("cannot open " + place + ": other processes created and removed it " + OPEN_ATTEMPTS
                + " times meanwhile; retry later");
    }

    private static @Nullable Fifo openReader(PipePlace place, boolean created) {
        try {
            return tryOpen(place, Files.O_RDONLY);
        } catch (ChannelException e) {
            if (created) {
                removeQuietly(place);
            }
            throw e;
        }
    }

    /** Opens the end of a sender; null if there is no FIFO, or no reader has it open. */
    static @Nullable Fifo tryOpenForSending(PipePlace place) {
        Fifo fifo = tryOpen(place, Files.O_WRONLY);
        // A pipe without a name can be opened without a reader.
        if (fifo != null && !place.isNamed() && fifo.isReaderGone()) {
            fifo.close();
            return null;
        }
        return fifo;
    }

    /** Opens the end of a sender of a pipe without a name; the first write shows whether a reader has it open. */
    static Fifo openForSending(PipePlace place) {
        return Objects.requireNonNull(tryOpen(place, Files.O_WRONLY));
    }

    /** Rejects a place that a sender could never use; a missing file is fine unless it must exist. */
    static void checkForSending(PipePlace place, OpenMode mode) {
        if (!isFifo(place) && mode == OpenMode.OPEN_EXISTING) {
            throw notFound(place);
        }
    }

    /** Deletes the FIFO at a place; returns whether there was one. */
    static boolean delete(PipePlace place) {
        if (!isFifo(place)) {
            return false;
        }
        try {
            return Files.unlink(place.path());
        } catch (PosixException e) {
            throw SystemFailure.of("cannot delete " + place, e);
        }
    }

    /** Returns the descriptor, non-blocking. */
    int fd() {
        return release.fd;
    }

    /** Closes this end, and removes the name if a receiver created it. Idempotent. */
    void close() {
        try {
            cleanable.clean();
        } catch (PosixException e) {
            throw SystemFailure.of(
                    "the receiver of " + release.place + " is closed, but the FIFO cannot be removed", e);
        }
    }

    /** Returns whether no process has the reading end open, if this is a writing end. */
    boolean isReaderGone() {
        return (Poll.awaitOne(fd(), Poll.OUT, 0) & Poll.ERR) != 0;
    }

    /** Returns whether the place still names this FIFO. */
    boolean isStillThere() {
        return release.isStillThere();
    }

    /** Returns whether this and another end belong to the same FIFO. */
    boolean isSameAs(Fifo other) {
        return release.identity.sameFile(other.release.identity);
    }

    /** Locks the FIFO as a whole. Closes it and returns false if it was removed meanwhile. */
    private boolean lockOrClose(boolean created) {
        boolean locked;
        try {
            locked = OfdLocks.tryLockFile(release.fd);
            if (locked) {
                lockReceiverId();
            }
        } catch (PosixException e) {
            release.owner = created;
            close();
            throw SystemFailure.of("cannot lock " + release.place, e);
        }
        release.owner = locked && created;
        boolean there = isStillThere();
        if (!locked || !there) {
            close();
        }
        if (!there) {
            return false; // it belonged to a receiver that closed
        }
        if (!locked) {
            long pid = FileLocks.holder(release.identity);
            throw new ChannelBusyException(
                    "cannot receive from " + release.place + ": the receiver is "
                            + (pid == 0 ? "another process" : "pid " + pid) + "; it has one receiver at a time",
                    pid);
        }
        return true;
    }

    /** Locks the byte of a new id, by which senders tell this receiver from the next one. */
    private void lockReceiverId() {
        long id = ThreadLocalRandom.current().nextLong(FIRST_RECEIVER_ID, Long.MAX_VALUE);
        while (!OfdLocks.tryReadLock(release.fd, id, 1)) {
            id = ThreadLocalRandom.current().nextLong(FIRST_RECEIVER_ID, Long.MAX_VALUE);
        }
    }

    /** Returns the id of the receiver, seen by a sender; -1 if it has none, which may be opening or of another library. */
    static long receiverId(int fd) {
        return OfdLocks.lockedPosition(fd, FIRST_RECEIVER_ID, TO_THE_END);
    }

    private static boolean create(PipePlace place) {
        try {
            if (!Files.makeFifo(place.path(), PRIVATE)) {
                return false;
            }
            if ((place.status().mode() & PERMISSIONS) != PRIVATE) {
                // The umask takes permissions of the owner too.
                java.nio.file.Files.setPosixFilePermissions(
                        PathText.toPath(place.path()), PosixFilePermissions.fromString("rw-------"));
            }
            return true;
        } catch (PosixException e) {
            throw SystemFailure.of("cannot create FIFO " + place, e);
        } catch (IOException e) {
            removeQuietly(place);
            throw new ChannelException("cannot create FIFO " + place + ": " + e, e);
        }
    }

    private static void removeQuietly(PipePlace place) {
        try {
            Files.unlink(place.path());
        } catch (PosixException e) {
            // the failure of opening is reported
        }
    }

    private static @Nullable Fifo tryOpen(PipePlace place, int access) {
        // Checked before it is opened, because opening a device can have side effects.
        if (!isFifo(place)) {
            return null;
        }
        int fd = place.tryOpen(access | Files.O_NONBLOCK);
        if (fd < 0) {
            if (Errno.ENOENT.is(-fd) || Errno.ENXIO.is(-fd)) {
                return null;
            }
            throw SystemFailure.of("cannot open " + place, new PosixException("open", place.path(), -fd));
        }
        boolean done = false;
        try {
            FileStatus status = Files.status(fd);
            check(place, status);
            Fifo fifo = new Fifo(place, fd, status);
            done = true;
            return fifo;
        } catch (PosixException e) {
            throw SystemFailure.of("cannot open " + place, e);
        } finally {
            if (!done) {
                Files.close(fd);
            }
        }
    }

    /** Returns whether the place names a FIFO; false if it names nothing. */
    private static boolean isFifo(PipePlace place) {
        FileStatus status;
        try {
            status = place.status();
        } catch (PosixException e) {
            if (isMissing(e)) {
                return false;
            }
            throw SystemFailure.of("cannot open " + place, e);
        }
        check(place, status);
        return true;
    }

    private static boolean isMissing(PosixException e) {
        return e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR);
    }

    private static void check(PipePlace place, FileStatus status) {
        if (!status.isFifo()) {
            throw new ChannelException("cannot open " + place + ": it is a " + status.type()
                    + ", not a FIFO; it was left unchanged, choose another name");
        }
        int user = Files.effectiveUserId();
        if (status.owner() != user) {
            throw new ChannelException("cannot open " + place + ": it belongs to user " + status.owner()
                    + " (expected: user " + user + ", which runs this process)");
        }
    }

    private static ChannelNotFoundException notFound(PipePlace place) {
        return new ChannelNotFoundException(
                "there is no FIFO " + place + "; its receiver creates it, with OPEN_OR_CREATE or CREATE_NEW");
    }

    /** Closes the descriptor, after the name was removed if this end owns it. */
    private static final class Release implements Runnable {
        final PipePlace place;
        final int fd;
        /** The open file, whatever the place names later. */
        final FileStatus identity;
        /** Whether this end is the receiver that created the FIFO. */
        volatile boolean owner;

        Release(PipePlace place, int fd, FileStatus identity) {
            this.place = place;
            this.fd = fd;
            this.identity = identity;
        }

        boolean isStillThere() {
            try {
                return place.status().sameFile(identity);
            } catch (PosixException e) {
                return !isMissing(e);
            }
        }

        @Override
        public void run() {
            try {
                if (owner && isStillThere()) {
                    Files.unlink(place.path());
                }
            } finally {
                Files.close(fd);
            }
        }
    }
}
