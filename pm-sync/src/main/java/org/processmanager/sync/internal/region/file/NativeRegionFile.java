package org.processmanager.sync.internal.region.file;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Memory;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.OfdLockBytes;

/**
 * A region's file by descriptors. Crash points: {@code region.reserved}, {@code region.written}, {@code region.linked}.
 */
public final class NativeRegionFile implements RegionFile {
    private static final int PRIVATE_FILE = 0600;
    private static final int ROOT = 0;

    private final Path path;
    private final int fd;
    private final FileStatus status;
    /** Has no name, so it cannot be replaced. */
    private final boolean anonymous;

    private NativeRegionFile(Path path, int fd, FileStatus status, boolean anonymous) {
        this.path = path;
        this.fd = fd;
        this.status = status;
        this.anonymous = anonymous;
    }

    /** Creates a file in memory without a name, which can neither shrink nor grow. */
    public static NativeRegionFile createAnonymous(Path path, RegionHeader header) {
        try {
            int fd = Memory.createMemoryFile("pm-region");
            boolean done = false;
            try {
                fill(path, fd, header);
                Memory.sealSize(fd);
                done = true;
                return new NativeRegionFile(path, fd, Files.status(fd), true);
            } finally {
                if (!done) {
                    Files.close(fd);
                }
            }
        } catch (PosixException e) {
            throw RegionErrors.cannotCreate(path, header.size(), reason(e), e);
        }
    }

    /** Reopens the file of an inherited descriptor. */
    public static NativeRegionFile ofDescriptor(Path path, int descriptor) {
        try {
            int fd = Files.open("/proc/self/fd/" + descriptor, Files.O_RDWR | Files.O_NONBLOCK, 0);
            try {
                FileStatus status = Files.status(fd);
                check(path, status);
                return new NativeRegionFile(path, fd, status, true);
            } catch (RuntimeException e) {
                Files.close(fd);
                throw e;
            }
        } catch (PosixException e) {
            throw RegionErrors.cannotOpen(path, e.is(Errno.EACCES) ? Reason.NOT_PERMITTED : Reason.SYSTEM, e);
        }
    }

    static @Nullable NativeRegionFile open(Path path) {
        return open(path, Files.O_RDWR);
    }

    /** Opens a file for reading only. */
    static @Nullable NativeRegionFile openForReading(Path path) {
        return open(path, Files.O_RDONLY);
    }

    private static @Nullable NativeRegionFile open(Path path, int access) {
        try {
            NetworkFileSystems.refuse(path);
            // Before opening, since opening a device may have effects; and after it, since the file may be replaced.
            check(path, Files.status(PathText.of(path)));
            int fd = Files.open(PathText.of(path), access | Files.O_NOFOLLOW | Files.O_NONBLOCK, 0);
            try {
                FileStatus status = Files.status(fd);
                check(path, status);
                return new NativeRegionFile(path, fd, status, false);
            } catch (RuntimeException e) {
                Files.close(fd);
                throw e;
            }
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return null;
            }
            throw RegionErrors.cannotOpen(path, e.is(Errno.EACCES) ? Reason.NOT_PERMITTED : Reason.SYSTEM, e);
        }
    }

    static @Nullable NativeRegionFile create(Path path, RegionHeader header) {
        NetworkFileSystems.refuse(path);
        try {
            int fd = openUnnamed(path.resolveSibling("."));
            return fd >= 0 ? publish(path, fd, null, header) : createUnderTemporaryName(path, header);
        } catch (PosixException e) {
            throw RegionErrors.cannotCreate(path, header.size(), reason(e), e);
        }
    }

    /** Opens a file without a name, which ends with this process; -1 if the file system does not support it. */
    private static int openUnnamed(Path directory) {
        int fd = Files.tryOpen(PathText.of(directory), Files.O_TMPFILE | Files.O_RDWR, PRIVATE_FILE);
        if (fd >= 0 || Errno.EOPNOTSUPP.is(-fd) || Errno.EISDIR.is(-fd) || Errno.EINVAL.is(-fd)) {
            return fd < 0 ? -1 : fd;
        }
        throw new PosixException("open O_TMPFILE", directory.toString(), -fd);
    }

    /** For file systems without unnamed files. A creator that is killed leaves the temporary name. */
    public static @Nullable NativeRegionFile createUnderTemporaryName(Path path, RegionHeader header) {
        String temporary = PathText.of(RegionFile.temporary(path));
        int fd = Files.open(temporary, Files.O_RDWR | Files.O_CREAT | Files.O_EXCL, PRIVATE_FILE);
        try {
            return publish(path, fd, temporary, header);
        } finally {
            Files.unlink(temporary);
        }
    }

    private static @Nullable NativeRegionFile publish(
            Path path, int fd, @Nullable String temporary, RegionHeader header) {
        boolean done = false;
        try {
            fill(path, fd, header);
            done = temporary == null
                    ? Files.linkDescriptor(fd, PathText.of(path))
                    : Files.link(temporary, PathText.of(path));
            CrashPoint.reach("region.linked");
            return done ? new NativeRegionFile(path, fd, Files.status(fd), false) : null;
        } finally {
            if (!done) {
                Files.close(fd);
            }
        }
    }

    private static void fill(Path path, int fd, RegionHeader header) {
        Files.allocate(fd, header.size(), path.toString());
        CrashPoint.reach("region.reserved");
        byte[] page = header.encode();
        int written = Files.write(fd, page, page.length);
        if (written != page.length) {
            throw new PosixException("write", path.toString(), written < 0 ? -written : Errno.EIO.number());
        }
        CrashPoint.reach("region.written");
    }

    private static void check(Path path, FileStatus status) {
        if (!status.isRegular()) {
            throw RegionErrors.notAFile(path, status.type());
        }
        int user = Files.effectiveUserId();
        if (status.owner() != user && status.owner() != ROOT) {
            throw RegionErrors.foreignOwner(path, status.owner(), user);
        }
    }

    private static Reason reason(PosixException e) {
        if (e.is(Errno.ENOSPC) || e.is(Errno.EFBIG) || e.is(Errno.EDQUOT) || e.is(Errno.ENOMEM)) {
            return Reason.NO_SPACE;
        }
        if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
            return Reason.NOT_FOUND;
        }
        return e.is(Errno.EACCES) || e.is(Errno.EROFS) || e.is(Errno.EPERM) ? Reason.NOT_PERMITTED : Reason.SYSTEM;
    }

    @Override
    public long size() {
        return status.size();
    }

    @Override
    public byte[] read(long position, int bytes) {
        byte[] head = new byte[bytes];
        int length = 0;
        while (length < bytes) {
            byte[] piece = new byte[bytes - length];
            int n = Files.readAt(fd, piece, piece.length, position + length);
            if (n < 0) {
                throw RegionErrors.cannotOpen(path, Reason.SYSTEM, new PosixException("read", path.toString(), -n));
            }
            if (n == 0) {
                break;
            }
            System.arraycopy(piece, 0, head, length, n);
            length += n;
        }
        return Arrays.copyOf(head, length);
    }

    @Override
    public LockBytes openLocksForReading() {
        return OfdLockBytes.forReading(fd);
    }

    @Override
    public LockBytes openLocks() {
        return new OfdLockBytes(fd);
    }

    @Override
    public Mapping map(LockBytes locks) {
        return Mapping.ofDescriptor(fd, status.size(), path.toString(), locks);
    }

    @Override
    public int keepForChildren() {
        return anonymous ? Files.duplicate(fd, 0) : NO_FD;
    }

    @Override
    public boolean isAt(Path other) {
        try {
            return Files.status(PathText.of(other)).sameFile(status);
        } catch (PosixException e) {
            return false;
        }
    }

    @Override
    public FileIdentity identity() {
        return new Identity(anonymous ? null : status);
    }

    /** By device and inode; a file without a name is never replaced. */
    private record Identity(@Nullable FileStatus status) implements FileIdentity {
        @Override
        public boolean matches(Path path) {
            if (status == null) {
                return true;
            }
            try {
                return Files.status(PathText.of(path)).sameFile(status);
            } catch (PosixException e) {
                return !e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR);
            }
        }
    }

    @Override
    public void close() {
        Files.close(fd);
    }
}
