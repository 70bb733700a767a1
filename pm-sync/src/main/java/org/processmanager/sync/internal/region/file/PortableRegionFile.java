package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.lock.ChannelLockBytes;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.SharedChannel;

/**
 * A region's file through the JDK only. A creator that is killed leaves a file ({@link UnfinishedFiles}); on the native path
 * it leaves nothing. Crash points as there.
 */
final class PortableRegionFile implements RegionFile {
    private static final int ZEROS = 1 << 16;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final SharedChannel channel;
    private final long size;
    /** Its name until it is published, if it was created, and the lock bytes that say that it is being created. */
    private final @Nullable Path temporary;

    private final @Nullable LockBytes creating;

    private PortableRegionFile(Path path, SharedChannel channel, @Nullable Path temporary, @Nullable LockBytes creating)
            throws IOException {
        this.path = path;
        this.channel = channel;
        this.temporary = temporary;
        this.creating = creating;
        this.size = channel.transfer(FileChannel::size);
    }

    static @Nullable PortableRegionFile open(Path path) {
        return open(path, false);
    }

    /** Opens a file for reading only, also that of another user. */
    static @Nullable PortableRegionFile openForReading(Path path) {
        return open(path, true);
    }

    private static @Nullable PortableRegionFile open(Path path, boolean forReading) {
        NetworkFileSystems.refuse(path);
        try {
            check(path, forReading);
            SharedChannel channel = forReading ? SharedChannel.openForReading(path) : SharedChannel.open(path);
            try {
                return new PortableRegionFile(path, channel, null, null);
            } catch (IOException | RuntimeException e) {
                channel.release();
                throw e;
            }
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw RegionErrors.cannotOpen(path, e);
        }
    }

    static PortableRegionFile create(Path path, RegionHeader header) {
        NetworkFileSystems.refuse(path);
        try {
            while (true) {
                PortableRegionFile file = tryCreate(path, UnfinishedFiles.next(path), header);
                if (file != null) {
                    return file;
                }
            }
        } catch (IOException e) {
            throw RegionErrors.cannotCreate(path, header.size(), e);
        }
    }

    /** Returns a complete file, or null if its temporary name was swept before its creation byte was locked. */
    private static @Nullable PortableRegionFile tryCreate(Path path, Path temporary, RegionHeader header)
            throws IOException {
        SharedChannel channel = SharedChannel.create(temporary, privateFile());
        ChannelLockBytes creating = new ChannelLockBytes(channel.share());
        boolean done = false;
        try {
            if (!creating.tryLock(LockBytes.CREATE) || !channel.isAt(temporary)) {
                return null;
            }
            if (UserId.current() >= 0) {
                Files.setPosixFilePermissions(temporary, PRIVATE); // whatever the umask is
            }
            channel.transfer(file -> reserve(file, header.size()));
            CrashPoint.reach("region.reserved");
            channel.transfer(file -> file.write(ByteBuffer.wrap(header.encode()), 0));
            CrashPoint.reach("region.written");
            PortableRegionFile file = new PortableRegionFile(path, channel, temporary, creating);
            done = true;
            return file;
        } finally {
            if (!done) {
                release(channel, temporary, creating);
            }
        }
    }

    @Override
    public boolean publish() {
        try {
            Files.createLink(path, Objects.requireNonNull(temporary));
            CrashPoint.reach("region.linked");
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw RegionErrors.cannotCreate(path, size, e);
        }
    }

    private static void release(SharedChannel channel, @Nullable Path temporary, @Nullable LockBytes creating) {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (creating != null) {
                creating.close();
            }
            channel.release();
        }
    }

    /** Writes zeros over the whole size: writing to a mapped block that cannot be allocated later would be a fault. */
    private static long reserve(FileChannel channel, long size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
        long at = 0;
        while (at < size) {
            zeros.clear().limit((int) Math.min(ZEROS, size - at));
            at += channel.write(zeros, at);
        }
        return at;
    }

    private static FileAttribute<?>[] privateFile() {
        return UserId.current() < 0
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)};
    }

    private static void check(Path path, boolean forReading) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw RegionErrors.notAFile(
                    path,
                    attributes.isDirectory()
                            ? "directory"
                            : attributes.isSymbolicLink() ? "symbolic link" : "special file");
        }
        int user = UserId.current();
        int owner = UserId.of(path);
        if (!forReading && owner != user && owner != 0) {
            throw RegionErrors.foreignOwner(path, owner, user);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public byte[] read(long position, int bytes) {
        ByteBuffer head = ByteBuffer.allocate(bytes);
        try {
            channel.transfer(file -> {
                int n;
                do {
                    n = file.read(head, position + head.position());
                } while (n > 0 && head.hasRemaining());
                return n;
            });
        } catch (IOException e) {
            throw RegionErrors.cannotOpen(path, e);
        }
        return Arrays.copyOf(head.array(), head.position());
    }

    @Override
    public LockBytes openLocks() {
        return new ChannelLockBytes(channel.share());
    }

    @Override
    public Mapping map(LockBytes locks, InheritableFd inheritable) {
        try {
            long reachable = Math.min(size, Integer.MAX_VALUE);
            return Mapping.ofBuffer(
                    channel.transfer(file -> file.map(FileChannel.MapMode.READ_WRITE, 0, reachable)),
                    locks,
                    inheritable);
        } catch (IOException e) {
            throw RegionErrors.cannotOpen(path, e);
        }
    }

    @Override
    public boolean isAt(Path other) {
        return channel.isAt(other);
    }

    @Override
    public FileIdentity identity() {
        return new Identity(channel.key());
    }

    private record Identity(Object key) implements FileIdentity {
        @Override
        public boolean matches(Path path) {
            try {
                return key.equals(SharedChannel.keyOf(path));
            } catch (NoSuchFileException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }
    }

    @Override
    public void close() {
        try {
            release(channel, temporary, creating);
        } catch (UncheckedIOException e) {
            throw RegionErrors.cannotOpen(path, e);
        }
    }
}
