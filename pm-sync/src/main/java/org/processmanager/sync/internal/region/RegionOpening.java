package org.processmanager.sync.internal.region;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.file.NativeRegionFile;
import org.processmanager.sync.internal.region.file.RegionErrors;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.file.UnfinishedFiles;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.lock.CreationLock;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.MutationGuard;

/**
 * Opens or creates a region, while other processes create, open and delete regions of the same name.
 *
 * <p>Each attempt ends with a handle, with an exception, or with a retry because the name was created or deleted meanwhile;
 * the number of attempts is bounded. Deleting raises a flag in the region and then removes the name, under the creation lock
 * of that file; a process that finds the flag and the name removes the name, since the deleting process may be dead.
 */
final class RegionOpening {
    private static final int ATTEMPTS = 64;

    private RegionOpening() {}

    static Region open(Path path, OpenMode mode, long bytes) {
        Objects.requireNonNull(mode, "mode");
        long size = checkSize(mode, bytes);
        if (path.getFileName() == null) {
            throw RegionErrors.notAFile(path, "directory");
        }
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Region region = tryOpen(path, mode, size);
                if (region != null) {
                    return region;
                }
            }
        } catch (PosixException | UncheckedIOException e) {
            throw RegionErrors.cannotOpen(path, e);
        }
        throw new RegionException(
                Reason.BUSY,
                "cannot open region " + path + ": it was created and deleted " + ATTEMPTS
                        + " times while it was opened; try again");
    }

    /** Creates a region without a name; native path only. */
    static Region anonymous(long bytes) {
        long size = checkSize(OpenMode.CREATE_NEW, bytes);
        Path path = Path.of("/memfd:pm-region");
        return joinAnonymous(path, NativeRegionFile.createAnonymous(path, RegionHeader.create(size)));
    }

    static Region ofDescriptor(int descriptor) {
        Path path = Path.of("/proc/self/fd/" + descriptor);
        return joinAnonymous(path, NativeRegionFile.ofDescriptor(path, descriptor));
    }

    private static Region joinAnonymous(Path path, RegionFile file) {
        try (file) {
            RegionHeader header = RegionHeader.decode(path, file.read(0, RegionLayout.HEADER_BYTES), file.size());
            return watched(new Region(path, header, file));
        } catch (PosixException e) {
            throw RegionErrors.cannotOpen(path, e);
        }
    }

    private static @Nullable Region tryOpen(Path path, OpenMode mode, long size) {
        RegionFile existing = mode == OpenMode.CREATE_NEW ? null : RegionFile.open(path);
        if (existing != null) {
            try (existing) {
                return join(path, existing, mode, size);
            }
        }
        if (mode == OpenMode.OPEN_EXISTING) {
            throw RegionErrors.notFound(path);
        }
        UnfinishedFiles.sweep(path);
        Region region = create(path, RegionHeader.create(size));
        if (region == null && mode == OpenMode.CREATE_NEW && !isFreeAgain(path)) {
            throw RegionErrors.alreadyExists(path);
        }
        return region;
    }

    /**
     * Creates a region and joins it before its file has a name, so that nothing is left of it if that fails. Returns null if
     * the name is taken.
     */
    private static @Nullable Region create(Path path, RegionHeader header) {
        try (RegionFile file = RegionFile.create(path, header)) {
            Region region = new Region(path, header, file);
            boolean published = false;
            try {
                published = file.publish();
            } finally {
                if (!published) {
                    region.close();
                }
            }
            return published ? watched(region) : null;
        } catch (PosixException e) {
            throw RegionErrors.cannotCreate(path, header.size(), e);
        }
    }

    private static Region watched(Region region) {
        RegionWatcher.add(region);
        return region;
    }

    /** Returns a handle of an open file, or null if the region was deleted, after which its name is free. */
    private static @Nullable Region join(Path path, RegionFile file, OpenMode mode, long size) {
        try {
            RegionHeader header = RegionHeader.decode(path, file.read(0, RegionLayout.HEADER_BYTES), file.size());
            if (header.size() < size) {
                throw new RegionException(
                        Reason.TOO_SMALL,
                        "cannot open region " + path + ": it has " + header.size() + " bytes (expected: at least "
                                + size + "); open it with its size or delete it");
            }
            return watched(new Region(path, header, file));
        } catch (RegionException e) {
            if (e.reason() == Reason.DELETED && mode != OpenMode.OPEN_EXISTING) {
                finishDeletion(path, file);
                return null;
            }
            throw e;
        }
    }

    /** Returns whether a name is free after all, after finishing the deletion of the region that had it. */
    private static boolean isFreeAgain(Path path) {
        try (RegionFile existing = RegionFile.open(path)) {
            if (existing == null) {
                return true;
            }
            try {
                RegionHeader.decode(path, existing.read(0, RegionLayout.HEADER_BYTES), existing.size());
                return false;
            } catch (RegionException e) {
                if (e.reason() != Reason.DELETED) {
                    return false;
                }
                finishDeletion(path, existing);
                return true;
            }
        } catch (RegionException e) {
            return false; // it is no region
        }
    }

    /** Removes the name of a deleted region; the deleting process may have been killed before it did. */
    private static void finishDeletion(Path path, RegionFile deleted) {
        try (LockBytes locks = deleted.openLocks()) {
            CreationLock creation = new CreationLock(path, locks, new MutationGuard());
            creation.lock();
            try {
                removeName(path, deleted);
            } finally {
                creation.unlock();
            }
        }
    }

    /** Removes the name of a file; the caller holds its creation lock, so the name cannot become another file's before. */
    static void removeName(Path path, RegionFile file) {
        try {
            if (file.isAt(path)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw RegionErrors.cannotDelete(path, e);
        }
    }

    private static long checkSize(OpenMode mode, long bytes) {
        if (mode == OpenMode.OPEN_EXISTING && bytes == 0) {
            return 0;
        }
        long smallest = RegionLayout.sizeFor(RegionLayout.OBJECT_ALIGNMENT);
        if (bytes < smallest || bytes > RegionLayout.LARGEST_BYTES) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: " + smallest + " to "
                    + RegionLayout.LARGEST_BYTES + "; a region has at most 2 GiB)");
        }
        return RegionLayout.align(bytes, RegionLayout.HEADER_BYTES);
    }
}
