package org.processmanager.sync.internal.region.file;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileStatus;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Links;
import org.processmanager.core.internal.posix.Memory;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.OfdLockBytes;

/**
 * A region's file by descriptors. Crash points: {@code region.reserved}, {@code region.written}, {@code region.linked}.
 */
public final class NativeRegionFile implements RegionFile {
    private static final int PRIVATE_FILE = 0600;
    private static final int ALL_PERMISSIONS = 0777;
    private static final int ROOT = 0;

    private final Path path;
    private final int fd;
    private final FileStatus status;
    /** Has no name, so it cannot be replaced. */
    private final boolean anonymous;
    /** Its name until it is published, if it needs one, and the lock bytes that say that it is being created. */
    private final @Nullable Path temporary;

    private final @Nullable LockBytes creating;

    private NativeRegionFile(Path path, int fd, FileStatus status, boolean anonymous) {
        this(path, fd, status, anonymous, null, null);
    }

    private NativeRegionFile(
            Path path,
            int fd,
            FileStatus status,
            boolean anonymous,
            @Nullable Path temporary,
            @Nullable LockBytes creating) {
        this.path = path;
        this.fd = fd;
        this.status = status;
        this.anonymous = anonymous;
        this.temporary = temporary;
        this.creating = creating;
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
            throw RegionErrors.cannotCreate(path, header.size(), e);
        }
    }

    /** Reopens the file of an inherited descriptor. */
    public static NativeRegionFile ofDescriptor(Path path, int descriptor) {
        try {
            int fd = Files.open("/proc/self/fd/" + descriptor, Files.O_RDWR | Files.O_NONBLOCK, 0);
            try {
                FileStatus status = Files.status(fd);
                check(path, status, false);
                return new NativeRegionFile(path, fd, status, true);
            } catch (RuntimeException e) {
                Files.close(fd);
                throw e;
            }
        } catch (PosixException e) {
            throw RegionErrors.cannotOpen(path, e);
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
            boolean forReading = access == Files.O_RDONLY;
            check(path, Files.status(PathText.of(path)), forReading);
            int fd = Files.open(PathText.of(path), access | Files.O_NOFOLLOW | Files.O_NONBLOCK, 0);
            try {
                FileStatus status = Files.status(fd);
                check(path, status, forReading);
                return new NativeRegionFile(path, fd, status, false);
            } catch (RuntimeException e) {
                Files.close(fd);
                throw e;
            }
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return null;
            }
            throw RegionErrors.cannotOpen(path, e);
        }
    }

    static NativeRegionFile create(Path path, RegionHeader header) {
        NetworkFileSystems.refuse(path);
        try {
            int fd = Links.mayLink() ? openUnnamed(path.resolveSibling(".")) : -1;
            NativeRegionFile file = fd >= 0 ? filled(path, fd, null, header) : null;
            return file != null ? file : createUnderTemporaryName(path, header);
        } catch (PosixException e) {
            throw RegionErrors.cannotCreate(path, header.size(), e);
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

    /** For file systems without unnamed files; see {@link UnfinishedFiles} for what a killed creator leaves. */
    public static NativeRegionFile createUnderTemporaryName(Path path, RegionHeader header) {
        while (true) {
            Path temporary = UnfinishedFiles.next(path);
            int fd = Files.open(PathText.of(temporary), Files.O_RDWR | Files.O_CREAT | Files.O_EXCL, PRIVATE_FILE);
            NativeRegionFile file = filled(path, fd, temporary, header);
            if (file != null) {
                return file;
            }
        }
    }

    /** Returns a complete file, or null if its temporary name was swept before its creation byte was locked. */
    private static @Nullable NativeRegionFile filled(Path path, int fd, @Nullable Path temporary, RegionHeader header) {
        LockBytes creating = null;
        boolean done = false;
        try {
            if (temporary != null) {
                creating = new OfdLockBytes(fd);
                if (!creating.tryLock(LockBytes.CREATE) || !names(temporary, Files.status(fd))) {
                    return null;
                }
            }
            fill(path, fd, header);
            makePrivate(fd);
            NativeRegionFile file = new NativeRegionFile(path, fd, Files.status(fd), false, temporary, creating);
            done = true;
            return file;
        } finally {
            if (!done) {
                release(fd, temporary, creating);
            }
        }
    }

    /** Undoes what the umask did. */
    private static void makePrivate(int fd) {
        if ((Files.status(fd).mode() & ALL_PERMISSIONS) != PRIVATE_FILE) {
            Files.changeMode(fd, PRIVATE_FILE);
        }
    }

    @Override
    public boolean publish() {
        try {
            boolean published = temporary == null
                    ? Links.link(fd, PathText.of(path))
                    : Links.link(PathText.of(temporary), PathText.of(path));
            CrashPoint.reach("region.linked");
            return published;
        } catch (PosixException e) {
            throw RegionErrors.cannotCreate(path, status.size(), e);
        }
    }

    private static void release(int fd, @Nullable Path temporary, @Nullable LockBytes creating) {
        try {
            if (temporary != null) {
                Files.unlink(PathText.of(temporary));
            }
            if (creating != null) {
                creating.close();
            }
        } finally {
            Files.close(fd);
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

    /** Refuses what is no file, and for writing the file of another user, which could crash this process. */
    private static void check(Path path, FileStatus status, boolean forReading) {
        if (!status.isRegular()) {
            throw RegionErrors.notAFile(path, status.type());
        }
        int user = Files.effectiveUserId();
        if (!forReading && status.owner() != user && status.owner() != ROOT) {
            throw RegionErrors.foreignOwner(path, status.owner(), user);
        }
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
            byte[] piece = length == 0 ? head : new byte[bytes - length];
            int n = Files.readAt(fd, piece, piece.length, position + length);
            if (n < 0) {
                throw RegionErrors.cannotOpen(path, new PosixException("read", path.toString(), -n));
            }
            if (n == 0) {
                break;
            }
            if (length > 0) {
                System.arraycopy(piece, 0, head, length, n);
            }
            length += n;
        }
        return length == bytes ? head : Arrays.copyOf(head, length);
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
    public Mapping map(LockBytes locks, InheritableFd inheritable) {
        return Mapping.ofDescriptor(fd, status.size(), path.toString(), locks, inheritable);
    }

    @Override
    public int keepForChildren() {
        return anonymous ? Files.duplicate(fd, 0) : NO_FD;
    }

    @Override
    public boolean isAt(Path other) {
        return names(other, status);
    }

    private static boolean names(Path path, FileStatus status) {
        try {
            return Files.status(PathText.of(path)).sameFile(status);
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
        release(fd, temporary, creating);
    }
}
