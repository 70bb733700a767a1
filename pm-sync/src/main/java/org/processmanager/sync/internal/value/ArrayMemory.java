package org.processmanager.sync.internal.value;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * The elements of an array. Each operation checks its indexes before it, and ends with a check, since the array may be removed
 * while it runs.
 */
public final class ArrayMemory extends SharedObject {
    private final int length;
    private final int elementBytes;

    /** Uses an array, whose shape is its length. */
    public ArrayMemory(Region region, RegionObject object) {
        super(region, object);
        length = object.dimension(0);
        elementBytes = object.bytes() / length;
    }

    public int length() {
        return length;
    }

    /** Returns the region, for reading. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Returns the region, for writing: throws if it is closed or the array was removed. */
    public ByteBuffer openMemory() {
        handle.checkOpen();
        return memory;
    }

    /**
     * Returns the offset of an element.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public int at(int index) {
        return offset + Objects.checkIndex(index, length) * elementBytes;
    }

    /**
     * Returns the offset of the first of several elements.
     *
     * @throws IndexOutOfBoundsException if one of them is outside
     */
    public int at(int index, int count) {
        return offset + Objects.checkFromIndexSize(index, count, length) * elementBytes;
    }

    /** Throws if the region is closed or the array was removed. */
    public void check() {
        handle.checkOpen();
    }

    /** Returns the result of an operation, after the check. */
    public long checked(long result) {
        handle.checkOpen();
        return result;
    }

    /** Returns the result of an operation, after the check. */
    public boolean checked(boolean result) {
        handle.checkOpen();
        return result;
    }
}
