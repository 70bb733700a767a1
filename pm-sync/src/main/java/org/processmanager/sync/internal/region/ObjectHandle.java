package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;

/**
 * One object as one region handle uses it: valid while the region handle is open and the object exists. The directory entry
 * says whether any process has removed the object; it is not reused while this region handle is open, so reading it once is
 * enough.
 */
public final class ObjectHandle {
    private final Region region;
    private final ByteBuffer memory;
    private final String name;
    private final int entry;

    ObjectHandle(Region region, String name, int entry) {
        this.region = region;
        this.memory = region.memory();
        this.name = name;
        this.entry = entry;
    }

    /** Returns the name of the object. */
    String name() {
        return name;
    }

    /** Returns whether the object was removed; may also be true if the region handle is closed. */
    public boolean isRemoved() {
        return !DirectoryLayout.isPresent(memory, entry);
    }

    /**
     * Returns whether nothing may be acquired, so that {@link #checkUsable} throws: to be asked after an acquisition, whose
     * compare-and-set orders it.
     */
    public boolean isUnusable() {
        return region.isUnusable() || !DirectoryLayout.isPresentOpaque(memory, entry);
    }

    /**
     * As {@link Region#checkOpen()}, and refuses a removed object; cheap enough for every operation.
     *
     * @throws IllegalStateException if the handle is closed
     * @throws RegionException if the object was removed, or the region is known to have been deleted, replaced or poisoned
     */
    public void checkOpen() {
        boolean removed = isRemoved();
        region.checkOpen(); // after reading the entry, since closing makes all words 0
        if (removed) {
            throw removed(name, region.path());
        }
    }

    /**
     * As {@link #checkOpen} and {@link Region#checkUsable()}: for waits, once a slice.
     *
     * @throws IllegalStateException if the handle is closed
     * @throws RegionException if the object was removed, or the region was deleted, replaced or poisoned
     */
    public void checkUsable() {
        checkOpen();
        region.checkUsable();
    }

    /**
     * Returns the current state of the object, as {@link Region#snapshot()} has it. Reads memory only; the one system call
     * asks whether an owner is alive.
     *
     * @throws IllegalStateException if the handle is closed
     * @throws RegionException if the object was removed, or the region was deleted, replaced or poisoned
     */
    public RegionSnapshot.NamedObject snapshot() {
        checkUsable();
        RegionSnapshot.NamedObject state = region.objects().snapshot(entry);
        checkUsable();
        return state;
    }

    static RegionException removed(String name, Path path) {
        return new RegionException(
                Reason.REMOVED,
                "object '" + name + "' of region " + path + " was removed; open it again if it is still needed");
    }
}
