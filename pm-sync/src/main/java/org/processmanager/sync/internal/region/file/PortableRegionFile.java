package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.lock.ChannelLockBytes;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.SharedChannel;

/**
 * A region's file through the JDK only. A creator that is killed leaves a file {@code .<name>.<uuid>.tmp}, which is never
 * opened; on the native path it leaves nothing. Crash points as there.
 */
final class PortableRegionFile implements RegionFile {
    private static final int ZEROS = 1 << 16;

    private final Path path;
    private final SharedChannel channel;
    private final long size;

    private PortableRegionFile(Path path, SharedChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.transfer(FileChannel::size);
    }

    static @Nullable PortableRegionFile open(Path path) {
        NetworkFileSystems.refuse(path);
        try {
            check(path);
            SharedChannel channel = SharedChannel.open(path);
            try {
                return new PortableRegionFile(path, channel);
            } catch (IOException | RuntimeException e) {
                channel.release();
                throw e;
            }
        } catch (NoSuchFileException e) {
            return null;
        } catch (AccessDeniedException e) {
            throw RegionErrors.cannotOpen(path, Reason.NOT_PERMITTED, e);
        } catch (IOException e) {
            throw RegionErrors.cannotOpen(path, Reason.SYSTEM, e);
        }
    }

    static @Nullable PortableRegionFile create(Path path, RegionHeader header) {
        NetworkFileSystems.refuse(path);
        Path temporary = RegionFile.temporary(path);
        try {
            return publish(path, temporary, header);
        } catch (FileAlreadyExistsException e) {
            return null;
        } catch (NoSuchFileException e) {
            throw RegionErrors.cannotCreate(path, header.size(), Reason.NOT_FOUND, e);
        } catch (AccessDeniedException e) {
            throw RegionErrors.cannotCreate(path, header.size(), Reason.NOT_PERMITTED, e);
        } catch (IOException e) {
            // The JDK has no exception for a full disk, which is the only ordinary failure of writing.
            throw RegionErrors.cannotCreate(path, header.size(), Reason.NO_SPACE, e);
        }
    }

    private static PortableRegionFile publish(Path path, Path temporary, RegionHeader header) throws IOException {
        SharedChannel channel = SharedChannel.create(temporary, privateFile());
        boolean done = false;
        try {
            channel.transfer(file -> reserve(file, header.size()));
            CrashPoint.reach("region.reserved");
            channel.transfer(file -> file.write(ByteBuffer.wrap(header.encode()), 0));
            CrashPoint.reach("region.written");
            Files.createLink(path, temporary);
            CrashPoint.reach("region.linked");
            PortableRegionFile file = new PortableRegionFile(path, channel);
            done = true;
            return file;
        } finally {
            Files.deleteIfExists(temporary);
            if (!done) {
                channel.release();
            }
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
                : new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                };
    }

    private static void check(Path path) throws IOException {
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
        if (owner != user && owner != 0) {
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
            throw RegionErrors.cannotOpen(path, Reason.SYSTEM, e);
        }
        return Arrays.copyOf(head.array(), head.position());
    }

    @Override
    public LockBytes openLocks() {
        return new ChannelLockBytes(channel.share());
    }

    @Override
    public Mapping map(LockBytes locks) {
        try {
            long reachable = Math.min(size, Integer.MAX_VALUE);
            return Mapping.ofBuffer(
                    channel.transfer(file -> file.map(FileChannel.MapMode.READ_WRITE, 0, reachable)), locks);
        } catch (IOException e) {
            throw new RegionException(Reason.SYSTEM, "cannot map region " + path + ": " + e.getMessage(), e);
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
            channel.release();
        } catch (UncheckedIOException e) {
            throw RegionErrors.cannotOpen(path, Reason.SYSTEM, e);
        }
    }
}
