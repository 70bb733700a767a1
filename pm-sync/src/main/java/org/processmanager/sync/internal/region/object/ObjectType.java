package org.processmanager.sync.internal.region.object;

import java.util.List;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;

/**
 * A type of shared object.
 *
 * <p>Codes in use: 1 mutex, 2 semaphore, 3 bounded buffer, 4 long, 5 leased semaphore, 6 event, 7 latch, 8 owned latch,
 * 9 barrier, 10 read-write lock, 11 condition, 12 int, 13 boolean, 14 bytes, 15 long array, 32 byte array; 16 to 31 belong to
 * pm-ipc. A code is never reused for another type, and the layout number grows with each change of a type's layout.
 *
 * @param code the number in the file
 * @param name in messages and snapshots
 * @param layout version of the object's own layout, checked when an object is opened
 * @param dimensions names of the numbers of its shape, at most {@link DirectoryLayout#DIMENSIONS}
 */
public record ObjectType(int code, String name, int layout, List<String> dimensions) {
    /** Checks the code and the number of dimensions. */
    public ObjectType {
        dimensions = List.copyOf(dimensions);
        if (code <= 0 || dimensions.size() > DirectoryLayout.DIMENSIONS) {
            throw new IllegalArgumentException("type " + code + " with " + dimensions.size() + " dimensions (expected:"
                    + " a code above 0, at most " + DirectoryLayout.DIMENSIONS + " dimensions)");
        }
    }

    /** Returns a type whose shape has these numbers. */
    public static ObjectType of(int code, String name, int layout, String... dimensions) {
        return new ObjectType(code, name, layout, List.of(dimensions));
    }

    /** Returns a shape in words: {@code bounded buffer (cells 16, cellBytes 64)}. */
    String describe(int[] shape) {
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < dimensions.size(); i++) {
            text.append(i == 0 ? " (" : ", ")
                    .append(dimensions.get(i))
                    .append(' ')
                    .append(shape[i]);
        }
        return text.append(dimensions.isEmpty() ? "" : ")").toString();
    }
}
