package org.processmanager.sync.internal.region.file;

import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.lock.LockBytes;

/**
 * The open file of a region: natively by descriptors, portably by a channel. Refusals are {@link RegionException}s, and
 * nothing is changed by them.
 */
public interface RegionFile extends AutoCloseable {
    /**
     * Opens a file, if it is an ordinary one of this user's or root's.
     *
     * @return null if the path names nothing
     */
    static @Nullable RegionFile open(Path path) {
        return NativeLayer.available() ? NativeRegionFile.open(path) : PortableRegionFile.open(path);
    }

    /**
     * Opens a file as {@link #open} does, only to look at it, which needs no permission to write; the portable path cannot
     * ask for locks without it.
     *
     * @return null if the path names nothing
     */
    static @Nullable RegionFile openToLook(Path path) {
        return NativeLayer.available() ? NativeRegionFile.openToLook(path) : PortableRegionFile.open(path);
    }

    /**
     * Makes a file that has its whole size and its header from the first moment at which others can see it.
     *
     * @return null if the name is taken
     */
    static @Nullable RegionFile create(Path path, RegionHeader header) {
        return NativeLayer.available()
                ? NativeRegionFile.create(path, header)
                : PortableRegionFile.create(path, header);
    }

    long size();

    /** Some bytes, by reading and not by mapping; fewer if the file ends before. */
    byte[] read(long position, int bytes);

    /** Opens the locks of the file; the caller closes them. */
    LockBytes openLocks();

    /** Locks that can be asked for and not taken; the caller closes them. */
    default LockBytes openLocksToLook() {
        return openLocks();
    }

    /** Maps the file; the locks are closed when the mapping ends, if nobody did before. */
    Mapping map(LockBytes locks);

    /** Whether the path still names this file. */
    boolean isAt(Path path);

    /** No descriptor: heirs open it by its name. */
    int NOTHING_KEPT = -1;

    /** A descriptor of a file that has no name, to be handed over and to be closed, or {@link #NOTHING_KEPT}. */
    default int keepForHeirs() {
        return NOTHING_KEPT;
    }

    /** {@link #isAt} for the time after this was closed; true also when that cannot be found out. */
    Predicate<Path> identity();

    @Override
    void close();
}
