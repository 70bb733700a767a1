package org.processmanager.sync.internal.region.file;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.lock.LockBytes;

/**
 * The open file of a region: natively by descriptors, portably by a channel. A {@link RegionException} leaves the file
 * unchanged.
 */
public interface RegionFile extends AutoCloseable {
    /** Returns whether regions use the native layer; it may be available and lack the locks that they need. */
    static boolean isNative() {
        return OfdLocks.areAvailable();
    }

    /**
     * Opens a regular file of this user or root.
     *
     * @return null if there is none
     */
    static @Nullable RegionFile open(Path path) {
        return isNative() ? NativeRegionFile.open(path) : PortableRegionFile.open(path);
    }

    /**
     * Opens a regular file of any user for reading only.
     *
     * @return null if there is none
     */
    static @Nullable RegionFile openForReading(Path path) {
        return isNative() ? NativeRegionFile.openForReading(path) : PortableRegionFile.openForReading(path);
    }

    /** Creates a file with its whole size and its header, to be {@link #publish published}; closed before, it leaves nothing. */
    static RegionFile create(Path path, RegionHeader header) {
        return isNative() ? NativeRegionFile.create(path, header) : PortableRegionFile.create(path, header);
    }

    /** Gives a file that was created its name; returns false if the name is taken. */
    boolean publish();

    /** Returns its size in bytes. */
    long size();

    /** Reads bytes without mapping them; fewer if the file ends before. */
    byte[] read(long position, int bytes);

    /** Opens the lock bytes of the file; the caller closes them. */
    LockBytes openLocks();

    /** Opens lock bytes that can be queried and not taken; the caller closes them. */
    default LockBytes openLocksForReading() {
        return openLocks();
    }

    /** Maps the file; the lock bytes and the descriptor are closed with the mapping at the latest. */
    Mapping map(LockBytes locks, InheritableFd inheritable);

    /** Returns whether the path still names this file. */
    boolean isAt(Path path);

    /** No descriptor: children open the file by its path. */
    int NO_FD = -1;

    /** Returns a descriptor of a file without a name, which the caller closes, or {@link #NO_FD}. */
    default int keepForChildren() {
        return NO_FD;
    }

    /** Returns what recognizes this file after it was closed. */
    FileIdentity identity();

    @Override
    void close();
}
