package org.processmanager.sync.internal.region;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.lock.CreationLock;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * The named objects of a {@link Region}, as one handle uses them. Thread-safe.
 *
 * <p>When the handle is closed, its memory is replaced by zeros: whatever was read then is discarded, and closing is reported
 * instead.
 */
public final class RegionObjects {
    private final Region region;
    private final ObjectDirectory directory;
    private final CreationLock creation;
    private final RegionHeader header;

    RegionObjects(Region region, ObjectDirectory directory, CreationLock creation, RegionHeader header) {
        this.region = region;
        this.directory = directory;
        this.creation = creation;
        this.header = header;
    }

    /** Returns whether there is any object. A region has none when its creator is about to create one, or died before. */
    public boolean any() {
        region.checkOpen();
        return !directory.entries().isEmpty();
    }

    /**
     * Finds an object.
     *
     * @return the object, or null if there is none of that name
     * @throws RegionException if the name belongs to another type
     */
    public @Nullable RegionObject find(String name, ObjectType type) {
        region.checkOpen();
        try {
            return directory.find(name, type);
        } catch (RegionException e) {
            throw unlessClosed(e);
        }
    }

    /**
     * Finds an object or creates it; it is complete when other processes can first see it.
     *
     * @param shape numbers that must be the same whenever it is opened, as many as the type has dimensions
     * @param bytes its length
     * @param initializer writes its initial content; null leaves it zero
     * @throws RegionException if the name belongs to another type or shape, or there is no room
     */
    public RegionObject findOrCreate(
            String name, ObjectType type, int[] shape, long bytes, ObjectDirectory.@Nullable Initializer initializer) {
        region.checkOpen();
        try {
            region.verifyFile();
            region.checkOpen();
            RegionObject found = directory.findExactly(name, type, shape, bytes);
            return found != null ? found : create(name, type, shape, bytes, initializer);
        } catch (RegionException e) {
            throw unlessClosed(e);
        }
    }

    private RegionObject create(
            String name, ObjectType type, int[] shape, long bytes, ObjectDirectory.@Nullable Initializer initializer) {
        lock();
        try {
            RegionObject found = directory.findExactly(name, type, shape, bytes);
            return found != null
                    ? found
                    : directory.create(
                            name,
                            type,
                            shape,
                            bytes,
                            initializer,
                            region.participants().absent());
        } finally {
            creation.unlock();
        }
    }

    /**
     * Removes an object: its name is free at once, for any type. Waiting threads get an exception within a slice, in all
     * processes, later users at once ({@link ObjectHandle}). Its memory is reused when the last handle is closed that was
     * open at that time.
     *
     * @return whether there was one
     */
    public boolean remove(String name) {
        region.checkOpen();
        boolean removed;
        try {
            lock();
            try {
                removed = directory.remove(name);
            } finally {
                creation.unlock();
            }
        } catch (RegionException e) {
            throw unlessClosed(e);
        }
        if (removed) {
            region.parking().wakeSleepers();
        }
        return removed;
    }

    /** Returns whether an object that was found through this handle still exists. */
    public boolean contains(RegionObject object) {
        return entryAt(object.offset()) >= 0;
    }

    /** Returns the name of the object at an offset; null if there is none. */
    public @Nullable String nameAt(int offset) {
        int entry = entryAt(offset);
        return entry < 0 ? null : directory.objectAt(entry).name();
    }

    /** Returns the handle of the object at an offset. */
    public ObjectHandle handle(String name, int offset) {
        int entry = entryAt(offset);
        if (entry < 0) {
            region.checkOpen();
            throw ObjectHandle.removed(name, region.path());
        }
        return new ObjectHandle(region, name, entry);
    }

    private int entryAt(int offset) {
        region.checkOpen();
        try {
            return directory.entryAt(offset);
        } catch (RegionException e) {
            throw unlessClosed(e);
        }
    }

    /** Returns the state of the object of a directory entry. */
    RegionSnapshot.NamedObject snapshot(int entry) {
        region.checkOpen();
        try {
            RegionObject object = directory.objectAt(entry);
            ObjectInspector inspector = new ObjectInspector(
                    region.memory(), header, region.participants().absent());
            return inspector.inspect(object, (position, bytes) -> region.memory()
                    .slice(object.offset() + position, bytes)
                    .order(ByteOrder.nativeOrder()));
        } catch (RegionException | IllegalStateException e) {
            throw unlessClosed(e);
        }
    }

    private void lock() {
        try {
            creation.lock();
        } catch (IllegalStateException e) {
            throw unlessClosed(e);
        }
    }

    private <E extends RuntimeException> E unlessClosed(E e) {
        region.checkOpen();
        return e;
    }
}
