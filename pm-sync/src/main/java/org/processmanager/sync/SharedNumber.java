package org.processmanager.sync;

import java.io.NotSerializableException;
import java.io.Serial;
import org.processmanager.sync.internal.value.ValueWord;

/** A number that processes share: a {@link SharedLong} or a {@link SharedInt}. Thread-safe. */
public abstract sealed class SharedNumber extends Number permits SharedLong, SharedInt {
    @Serial
    private static final long serialVersionUID = 1;

    final transient ValueWord number;

    SharedNumber(ValueWord number) {
        this.number = number;
    }

    /** Returns the current value, its low 32 bits. */
    @Override
    public int intValue() {
        return (int) longValue();
    }

    /** Returns the current value, rounded to a {@code float}. */
    @Override
    public float floatValue() {
        return longValue();
    }

    /** Returns the current value, rounded to a {@code double}. */
    @Override
    public double doubleValue() {
        return longValue();
    }

    /**
     * Returns the current state: the value, and the number of waiting threads. Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this number was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return number.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return number.name();
    }

    /** Returns type, name and region, also after the region was closed. */
    @Override
    public String toString() {
        return number.toString();
    }

    /**
     * Rejects serialization.
     *
     * @return nothing
     * @throws NotSerializableException always
     */
    @Serial
    Object writeReplace() throws NotSerializableException {
        throw new NotSerializableException(getClass().getName());
    }
}
