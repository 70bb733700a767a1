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
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.lock.CreationLock;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.MutationGuard;

/**
 * From a path to a handle, while others create, open and delete under the same name.
 *
 * <p>Each attempt ends with a handle, with a refusal, or with the finding that the name changed hands meanwhile, after which
 * the next attempt begins anew; their number is bounded. Who deletes raises a flag in the region and removes the name, under
 * the creation lock of that file; whoever meets the flag and a name that is still there does the second step, since the
 * other may be dead.
 */
final class RegionOpening {
    private static final int ATTEMPTS = 64;

    private RegionOpening() {}

    static Region open(Path path, OpenMode mode, long bytes) {
        Objects.requireNonNull(mode, "mode"); // else it would be taken for one of them
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
            throw RegionErrors.cannotOpen(path, Reason.SYSTEM, e);
        }
        throw new RegionException(
                Reason.BUSY,
                "cannot open region " + path + ": it was created and deleted " + ATTEMPTS + " times meanwhile");
    }

    /** A region without a name, of a descriptor: only natively. */
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
            return new Region(path, header, file);
        } catch (PosixException e) {
            throw RegionErrors.cannotOpen(path, Reason.SYSTEM, e);
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
        RegionFile created = RegionFile.create(path, RegionHeader.create(size));
        if (created == null) {
            if (mode == OpenMode.CREATE_NEW && !isFreeAgain(path)) {
                throw RegionErrors.alreadyExists(path);
            }
            return null;
        }
        try (created) {
            return join(path, created, mode, size);
        }
    }

    /** A handle on an open file, or null if the region was deleted and the name is free for another. */
    private static @Nullable Region join(Path path, RegionFile file, OpenMode mode, long size) {
        try {
            RegionHeader header = RegionHeader.decode(path, file.read(0, RegionLayout.HEADER_BYTES), file.size());
            if (header.size() < size) {
                throw new RegionException(
                        Reason.TOO_SMALL,
                        "cannot open region " + path + ": it has " + header.size() + " bytes, asked for were " + size
                                + "; open it with its size or delete it");
            }
            return new Region(path, header, file);
        } catch (RegionException e) {
            if (e.reason() == Reason.DELETED && mode != OpenMode.OPEN_EXISTING) {
                finishDeletion(path, file);
                return null;
            }
            throw e;
        }
    }

    /** Whether a taken name can be had after all: it was that of a region whose deletion nobody had finished, until now. */
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
            return false; // something else lies there
        }
    }

    /** Does what a process owed that was killed after it retired the region and before it removed the name. */
    private static void finishDeletion(Path path, RegionFile retired) {
        try (LockBytes locks = retired.openLocks()) {
            new CreationLock(path, locks, new MutationGuard()).run(() -> removeName(path, retired));
        }
    }

    /** Under the creation lock of that file, whose name can then become another file's only after this. */
    static boolean removeName(Path path, RegionFile file) {
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
        long smallest = RegionLayout.sizeFor(RegionLayout.OBJECT_ALIGNMENT);
        if (bytes < smallest || bytes > RegionLayout.LARGEST_BYTES) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: " + smallest + " to "
                    + RegionLayout.LARGEST_BYTES + "; a region has at most 2 GiB)");
        }
        return RegionLayout.align(bytes, RegionLayout.HEADER_BYTES);
    }
}
