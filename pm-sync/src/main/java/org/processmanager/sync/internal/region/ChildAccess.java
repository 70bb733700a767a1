package org.processmanager.sync.internal.region;

import java.nio.file.Path;
import java.util.Optional;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.file.InheritableFd;
import org.processmanager.sync.internal.region.file.NativeRegionFile;
import org.processmanager.sync.internal.region.file.RegionErrors;
import org.processmanager.sync.internal.region.file.RegionFile;

/** How child processes open a region: by an inherited descriptor if it has no name, otherwise by its path. */
public final class ChildAccess {
    private final Region region;
    private final InheritableFd inheritable;

    ChildAccess(Region region, InheritableFd inheritable) {
        this.region = region;
        this.inheritable = inheritable;
    }

    /** Returns whether children inherit a descriptor, since the region has no name. */
    boolean byDescriptor() {
        return inheritable.isPresent();
    }

    /**
     * Opens a descriptor of a region without a name, close-on-exec, for a child.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted or poisoned
     * @throws ResourcesExhaustedException if no descriptor is free
     */
    public int openDescriptor() {
        try {
            return duplicate();
        } catch (PosixException e) {
            throw new ResourcesExhaustedException("cannot pass " + region + " to a child: " + e.getMessage(), e);
        }
    }

    private int duplicate() {
        return inheritable.duplicate(region::checkUsable);
    }

    /** Returns the current state of a region without a name. */
    RegionSnapshot snapshot() {
        int descriptor;
        try {
            descriptor = duplicate();
        } catch (PosixException e) {
            throw RegionErrors.cannotOpen(region.path(), e);
        }
        try (RegionFile open = NativeRegionFile.ofDescriptor(region.path(), descriptor)) {
            return RegionInspector.inspect(region.path(), open);
        } finally {
            Files.close(descriptor);
        }
    }

    /**
     * Returns the path by which a child opens this region; empty if it has no name.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted, replaced or poisoned
     */
    public Optional<Path> file() {
        region.checkOpen();
        region.verifyFile();
        region.checkOpen();
        return byDescriptor() ? Optional.empty() : Optional.of(region.path());
    }

    void close() {
        inheritable.close();
    }
}
