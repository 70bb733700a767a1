package org.processmanager.sync.internal.region.object;

import java.util.List;

/**
 * A kind of object in a region.
 *
 * <p>Codes in use: 1 mutex, 2 semaphore, 3 bounded buffer, 4 long, 5 leased semaphore; 16 to 31 belong to pm-ipc.
 * Codes are never used again for another kind, and the layout number grows with each change of a kind's layout.
 *
 * @param code the number in the file
 * @param name in messages and dumps
 * @param layout version of the object's own layout, checked on opening
 * @param dimensions names of the numbers that make its shape, at most {@link #DIMENSIONS}
 */
public record ObjectType(int code, String name, int layout, List<String> dimensions) {
    /** How many numbers an entry has room for. */
    public static final int DIMENSIONS = 3;

    /** Checks the number of dimensions. */
    public ObjectType {
        dimensions = List.copyOf(dimensions);
        if (code <= 0 || dimensions.size() > DIMENSIONS) {
            throw new IllegalArgumentException("kind " + code + " with " + dimensions.size() + " dimensions (expected:"
                    + " a code above 0, at most " + DIMENSIONS + " dimensions)");
        }
    }

    /** A kind whose shape has these numbers. */
    public static ObjectType of(int code, String name, int layout, String... dimensions) {
        return new ObjectType(code, name, layout, List.of(dimensions));
    }

    /** A shape in words: {@code bounded buffer (cells 16, cellBytes 64)}. */
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
