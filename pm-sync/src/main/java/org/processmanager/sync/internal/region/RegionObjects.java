package org.processmanager.sync.internal.region;

import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.lock.CreationLock;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * What a {@link Region} holds, by name, as one handle sees it: no finding comes from the private memory of a handle that was
 * closed meanwhile. Safe from any thread.
 */
public final class RegionObjects {
    private final Region region;
    private final ObjectDirectory directory;
    private final CreationLock creation;
    private final int slots;

    RegionObjects(Region region, ObjectDirectory directory, CreationLock creation, int slots) {
        this.region = region;
        this.directory = directory;
        this.creation = creation;
        this.slots = slots;
    }

    /** Whether it has any object: one that has none was made by somebody who died before, or is about to make one. */
    public boolean any() {
        region.checkOpen();
        return !directory.entries().isEmpty();
    }

    /**
     * Finds an object.
     *
     * @throws RegionException if the name belongs to another kind
     */
    public Optional<RegionObject> find(String name, ObjectType kind) {
        return whileOpen(() -> directory.find(name, kind));
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
            String name, ObjectType kind, int[] shape, long bytes, ObjectDirectory.Initializer initializer) {
        return whileOpen(() -> {
            region.checkName();
            region.checkPlace();
            RegionObject found = directory.findExactly(name, kind, shape, bytes);
            if (found != null) {
                return found;
            }
            return creation.run(() -> {
                RegionObject meanwhile = directory.findExactly(name, kind, shape, bytes);
                return meanwhile != null
                        ? meanwhile
                        : directory.create(name, kind, shape, bytes, initializer, region.participants()::isGone);
            });
        });
    }

    /**
     * Removes an object: its name is free at once, for any kind. Who waits for it, through any handle, is told within a
     * slice, and who uses it later at once ({@link ObjectHandle}). Its room is used again when the last handle is closed that was
     * open at that time.
     *
     * @return whether there was one
     */
    public boolean remove(String name) {
        boolean removed = whileOpen(() -> creation.run(() -> directory.remove(name)));
        if (removed) {
            region.parking().wakeSleepers();
        }
        return removed;
    }

    /** Whether an object that was found through this handle is there still. */
    public boolean contains(RegionObject object) {
        return whileOpen(() -> directory.entryAt(object.offset())) >= 0;
    }

    /** How this handle uses the object that lies there. */
    public ObjectHandle use(String name, int offset) {
        int entry = whileOpen(() -> directory.entryAt(offset));
        if (entry < 0) {
            region.checkOpen();
            throw ObjectHandle.removed(name, region.path());
        }
        return new ObjectHandle(region, name, entry);
    }

    /** Looks at the object of that entry of the directory, which is there. */
    RegionInfo.NamedObject inspect(int entry) {
        return whileOpen(() -> {
            RegionObject object = directory.objectAt(entry);
            ObjectInspector look = new ObjectInspector(region.memory(), slots, region.participants()::isGone);
            return look.at(
                    object,
                    bytes -> region.memory().slice(object.offset(), bytes).order(ByteOrder.nativeOrder()));
        });
    }

    /** If the handle is closed meanwhile, the directory is private memory, where all is 0: what it says is no finding. */
    private <T> T whileOpen(Supplier<T> look) {
        region.checkOpen();
        region.checkPlace();
        try {
            return look.get();
        } catch (RegionException | IllegalStateException e) {
            region.checkOpen();
            throw e;
        }
    }
}
