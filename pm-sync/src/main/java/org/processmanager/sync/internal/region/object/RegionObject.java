package org.processmanager.sync.internal.region.object;

import java.util.Arrays;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;
import org.processmanager.sync.internal.region.layout.RegionLayout;

/**
 * A named object and its position.
 *
 * @param name unique in the region
 * @param type its type
 * @param shape its dimensions, as many as the type has
 * @param offset of its first byte in the region, a multiple of {@link RegionLayout#OBJECT_ALIGNMENT}
 * @param bytes its length
 */
public record RegionObject(String name, ObjectType type, int[] shape, int offset, int bytes) {
    /** Copies the shape. */
    public RegionObject {
        shape = Arrays.copyOf(shape, DirectoryLayout.DIMENSIONS);
    }

    /** Returns one number of its shape; 0 where the type has none. */
    public int dimension(int index) {
        return shape[index];
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RegionObject object
                && name.equals(object.name)
                && type.code() == object.type.code()
                && Arrays.equals(shape, object.shape)
                && offset == object.offset
                && bytes == object.bytes;
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + offset;
    }

    @Override
    public String toString() {
        return type.describe(shape) + " '" + name + "' at " + offset;
    }
}
