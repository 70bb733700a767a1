package org.processmanager.sync.internal.region;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

/**
 * A handle on a shared file: its memory, its objects by name, its participants. One handle is one participant; several
 * handles of one JVM are several.
 *
 * <p>How it lives. A file is complete when its name appears. Opening reads and checks the header, maps the file, opens its
 * locks, and takes a participant slot. Closing lets all waits return, puts private memory in the place of the mapping, and
 * only then gives up the locks: before that others must not believe this participant dead, since a thread of it could still
 * be writing. The range itself stays until the buffer is unreachable, so that no access, however late, is a fault. Crash
 * point: {@code region.retired}.
 */
public final class Region implements AutoCloseable {
    private static final int OPEN_ATTEMPTS = 64;

    private final Path path;
    private final RegionHeader header;
    private final RegionFile file;
    private final ByteBuffer memory;
    private final Mapping mapping;
    private final LockBytes locks;
    private final Participants participants;
    private final Parking parking;
    private final Directory directory;
    private final CreationLock creation;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean closed;

    private Region(Path path, RegionHeader header, RegionFile file) {
        this.path = path;
        this.header = header;
        this.file = file;
        locks = file.openLocks();
        creation = new CreationLock(path, locks);
        Mapping mapped = null;
        try {
            mapped = file.map(locks);
            mapping = mapped;
            memory = mapping.memory();
            participants = Participants.join(path, memory, locks, header.slots());
            parking = new Parking(mapping);
            directory = new Directory(path, memory, header);
            if (!parking.isNative()) {
                RegionDescriptor.raiseFlag(memory, RegionDescriptor.POLLERS);
            }
            // Who deletes raises the flag before it removes the name, so a slot taken after that sees it here.
            RegionHeader.throwIfClosedForAll(path, RegionDescriptor.flagsVolatile(memory));
        } catch (RuntimeException e) {
            if (mapped != null) {
                mapped.detach(path.toString());
            }
            locks.close();
            throw e;
        }
    }

    /**
     * Opens or creates a region.
     *
     * @param path of its file
     * @param mode whether it must exist, must not, or may
     * @param bytes size of the file if it is created, rounded up to pages; an existing one must not be smaller, 0 takes any
     * @throws IllegalArgumentException if a region cannot have that size
     * @throws RegionException if it cannot be opened or created; the file is untouched then
     */
    public static Region open(Path path, OpenMode mode, long bytes) {
        long size = checkSize(mode, bytes);
        Path absolute = path.toAbsolutePath();
        try {
            for (int attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
                Region region = tryOpen(absolute, mode, size);
                if (region != null) {
                    return region;
                }
            }
        } catch (PosixException e) {
            throw RegionErrors.cannotOpen(absolute, Reason.SYSTEM, e);
        }
        throw new RegionException(
                Reason.BUSY,
                "cannot open region " + absolute + ": it was created and deleted " + OPEN_ATTEMPTS
                        + " times meanwhile");
    }

    private static @Nullable Region tryOpen(Path path, OpenMode mode, long size) {
        RegionFile existing = mode == OpenMode.CREATE_NEW ? null : RegionFile.open(path);
        if (existing != null) {
            try (existing) {
                RegionHeader header =
                        RegionHeader.decode(path, existing.head(RegionDescriptor.HEADER_BYTES), existing.size());
                if (header.size() < size) {
                    throw new RegionException(
                            Reason.TOO_SMALL,
                            "cannot open region " + path + ": it has " + header.size() + " bytes, asked for were "
                                    + size + "; open it with its size or delete it");
                }
                return new Region(path, header, existing);
            } catch (RegionException e) {
                if (e.reason() == Reason.RETIRED && mode == OpenMode.OPEN_OR_CREATE) {
                    finishDeletion(path, existing);
                    return null;
                }
                throw e;
            }
        }
        if (mode == OpenMode.OPEN_EXISTING) {
            throw RegionErrors.notFound(path);
        }
        RegionHeader header = RegionHeader.create(size);
        RegionFile created = RegionFile.create(path, header);
        if (created == null) {
            if (mode == OpenMode.CREATE_NEW && !isRetired(path)) {
                throw RegionErrors.alreadyExists(path);
            }
            return null;
        }
        try (created) {
            return new Region(path, header, created);
        }
    }

    /** Whether the name was that of a deleted region whose deletion was not finished; it is now. */
    private static boolean isRetired(Path path) {
        try (RegionFile existing = RegionFile.open(path)) {
            if (existing == null) {
                return true;
            }
            try {
                RegionHeader.decode(path, existing.head(RegionDescriptor.HEADER_BYTES), existing.size());
                return false;
            } catch (RegionException e) {
                if (e.reason() != Reason.RETIRED) {
                    return false;
                }
                finishDeletion(path, existing);
                return true;
            }
        } catch (RegionException e) {
            return false; // something else lies there
        }
    }

    /** Does what a process owed that was killed after it retired the region and before it removed the name. */
    private static void finishDeletion(Path path, RegionFile retired) {
        try (LockBytes locks = retired.openLocks()) {
            new CreationLock(path, locks).run(() -> removeName(path, retired));
        }
    }

    /** Under the creation lock of that file, whose name can then become another file's only after this. */
    private static boolean removeName(Path path, RegionFile file) {
        try {
            return file.isAt(path) && Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new RegionException(Reason.SYSTEM, "cannot delete region " + path + ": " + e.getMessage(), e);
        }
    }

    private static long checkSize(OpenMode mode, long bytes) {
        if (mode == OpenMode.OPEN_EXISTING && bytes == 0) {
            return 0;
        }
        long smallest = RegionDescriptor.sizeFor(RegionDescriptor.OBJECT_ALIGNMENT);
        if (bytes < smallest || bytes > RegionDescriptor.LARGEST_BYTES) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: " + smallest + " to "
                    + RegionDescriptor.LARGEST_BYTES + "; a region has at most 2 GiB)");
        }
        return RegionDescriptor.align(bytes, RegionDescriptor.HEADER_BYTES);
    }

    /** The region from its first byte, in native order. For absolute access alone: position and limit belong to all. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Where its file was when it was opened, absolute. */
    public Path path() {
        return path;
    }

    /** The number that tells it from a region that had its name before. */
    public UUID id() {
        return header.id();
    }

    /** Who uses it. */
    public Participants participants() {
        return participants;
    }

    /** Sleeping on its words. */
    public Parking parking() {
        return parking;
    }

    /** Whether this handle was closed. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Refuses a closed handle; cheap enough for every operation.
     *
     * @throws IllegalStateException if this handle is closed
     */
    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("region " + path + " is closed");
        }
    }

    /**
     * Refuses a closed handle and a region that was deleted or poisoned: for waits, once a slice.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted or poisoned
     */
    public void checkUsable() {
        checkOpen();
        RegionHeader.throwIfClosedForAll(path, RegionDescriptor.flagsVolatile(memory));
    }

    /** Whether it has any object: one that has none was made by somebody who died before, or is about to make one. */
    public boolean hasObjects() {
        checkOpen();
        return !directory.entries().isEmpty();
    }

    /**
     * Finds an object.
     *
     * @throws RegionException if the name belongs to another kind
     */
    public Optional<RegionObject> find(String name, ObjectKind kind) {
        checkOpen();
        return directory.find(name, kind);
    }

    /**
     * Finds an object or makes it, complete from the first moment at which others can see it.
     *
     * @param shape numbers that must be the same for all who open it, as many as the kind has dimensions
     * @param bytes its length
     * @param initializer writes its first content, which is zero otherwise
     * @throws RegionException if the name belongs to another kind or shape, or there is no room
     */
    public RegionObject findOrCreate(
            String name, ObjectKind kind, int[] shape, long bytes, Directory.Initializer initializer) {
        checkOpen();
        RegionObject found = directory.findExactly(name, kind, shape, bytes);
        if (found != null) {
            return found;
        }
        return creation.run(() -> {
            RegionObject meanwhile = directory.findExactly(name, kind, shape, bytes);
            return meanwhile != null ? meanwhile : directory.create(name, kind, shape, bytes, initializer);
        });
    }

    /**
     * Closes the region for all: who waits in it is told within a slice, who opens it is refused, and its name is free. The
     * memory stays until all handles are closed.
     */
    public void delete() {
        checkOpen();
        creation.run(() -> {
            RegionDescriptor.raiseFlag(memory, RegionDescriptor.RETIRED);
            CrashPoint.reach("region.retired");
            return removeName(path, file);
        });
    }

    /** Closes this handle: who waits through it gets {@link IllegalStateException}. Closing again does nothing. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        closed = true;
        parking.close();
        participants.leave();
        mapping.detach(path.toString());
        locks.close();
    }

    @Override
    public String toString() {
        return "region " + path + (closed ? " (closed)" : "");
    }
}
