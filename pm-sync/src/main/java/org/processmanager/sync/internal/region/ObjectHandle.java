package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;

/**
 * How a handle uses one object: as long as the handle is open and the object is there. That it was removed, by whatever
 * process, stands in its directory entry, which is not used again while this handle is open: one look at it is enough.
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

    /** Whether the object was removed; of a closed handle it may say so as well. */
    public boolean isRemoved() {
        return !DirectoryLayout.isPresent(memory, entry);
    }

    /** Whether nothing may be acquired any more; {@link #checkUsable} throws then. For who has just taken something. */
    public boolean isUnusable() {
        return isRemoved() || region.isUnusable();
    }

    /**
     * Refuses a closed handle and a removed object; cheap enough for every operation.
     *
     * @throws IllegalStateException if the handle is closed
     * @throws RegionException if the object was removed
     */
    public void checkOpen() {
        boolean removed = isRemoved();
        region.checkOpen(); // after the look, since closing makes all words 0
        if (removed) {
            throw removed(name, region.path());
        }
    }

    /**
     * As {@link #checkOpen} and {@link Region#checkUsable()}: for waits, once a slice.
     *
     * @throws IllegalStateException if the handle is closed
     * @throws RegionException if the object was removed, or the region was deleted, displaced or poisoned
     */
    public void checkUsable() {
        checkOpen();
        region.checkUsable();
    }

    /**
     * What the object is at this moment, as {@link Region#inspect()} has it; read from memory, without a system call but for
     * asking whether owners live.
     *
     * @throws IllegalStateException if the handle is closed
     * @throws RegionException if the object was removed, or the region was deleted, displaced or poisoned
     */
    public RegionInfo.NamedObject inspect() {
        checkUsable();
        RegionInfo.NamedObject found = region.objects().inspect(entry);
        checkUsable();
        return found;
    }

    static RegionException removed(String name, Path path) {
        return new RegionException(
                Reason.REMOVED,
                "object '" + name + "' of region " + path + " was removed; open it anew if it is still needed");
    }
}
