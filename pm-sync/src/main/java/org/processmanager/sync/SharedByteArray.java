package org.processmanager.sync;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.processmanager.sync.internal.value.ArrayMemory;

/**
 * Bytes that processes share, initially 0, with the methods of {@link ByteBuffer} that take an index. There is no
 * {@code ByteBuffer} of them, since it could not refuse access after the region was closed or the array removed.
 *
 * <p>Nothing here is atomic or ordered, as with a {@code ByteBuffer}: let threads and processes exclude each other, for example
 * by a {@link SharedMutex}. For a value that is set as a whole, see {@link SharedBytes}. Numbers may have any index. No
 * operation blocks.
 *
 * <p><b>When a process dies</b>, what it has written remains, and what it was about to write may be missing in part.
 *
 * <p>All operations throw {@link IllegalStateException} if the region is closed, and {@link RegionException} if the array was
 * removed from the region. An operation that runs at the time of the removal throws too, and may have taken effect.
 */
public final class SharedByteArray {
    private final ArrayMemory array;

    SharedByteArray(ArrayMemory array) {
        this.array = array;
    }

    /**
     * Returns a byte.
     *
     * @param index of the byte
     * @return its value
     * @throws IndexOutOfBoundsException if the index is not in the array
     */
    public byte get(int index) {
        byte value = array.memory().get(array.at(index));
        array.check();
        return value;
    }

    /**
     * Sets a byte.
     *
     * @param index of the byte
     * @param value the new value
     * @throws IndexOutOfBoundsException if the index is not in the array
     */
    public void put(int index, byte value) {
        array.openMemory().put(array.at(index), value);
        array.check();
    }

    /**
     * Copies bytes to all of an array of this process.
     *
     * @param index of the first byte
     * @param target where to copy them
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void get(int index, byte[] target) {
        get(index, target, 0, Objects.requireNonNull(target, "target").length);
    }

    /**
     * Copies bytes to a part of an array of this process.
     *
     * @param index of the first byte
     * @param target where to copy them
     * @param start index in the target
     * @param length how many bytes
     * @throws IndexOutOfBoundsException if one of the bytes is not in one of the arrays
     */
    public void get(int index, byte[] target, int start, int length) {
        Objects.requireNonNull(target, "target");
        array.memory().get(array.at(index, length), target, start, length);
        array.check();
    }

    /**
     * Copies bytes to a buffer, from its position to its limit; then the position equals the limit.
     *
     * @param index of the first byte
     * @param target where to copy them
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void get(int index, ByteBuffer target) {
        int length = Objects.requireNonNull(target, "target").remaining();
        target.put(target.position(), array.memory(), array.at(index, length), length);
        array.check();
        target.position(target.limit());
    }

    /**
     * Sets bytes to those of an array of this process.
     *
     * @param index of the first byte
     * @param source the new values
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void put(int index, byte[] source) {
        put(index, source, 0, Objects.requireNonNull(source, "source").length);
    }

    /**
     * Sets bytes to those of a part of an array of this process.
     *
     * @param index of the first byte
     * @param source with the new values
     * @param start index in the source
     * @param length how many bytes
     * @throws IndexOutOfBoundsException if one of the bytes is not in one of the arrays
     */
    public void put(int index, byte[] source, int start, int length) {
        Objects.requireNonNull(source, "source");
        array.openMemory().put(array.at(index, length), source, start, length);
        array.check();
    }

    /**
     * Sets bytes to those between position and limit of a buffer; then the position equals the limit.
     *
     * @param index of the first byte
     * @param source the new values
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void put(int index, ByteBuffer source) {
        int length = Objects.requireNonNull(source, "source").remaining();
        array.openMemory().put(array.at(index, length), source, source.position(), length);
        array.check();
        source.position(source.limit());
    }

    /**
     * Returns a {@code short}, in native byte order.
     *
     * @param index of its first byte
     * @return its value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public short getShort(int index) {
        short value = array.memory().getShort(array.at(index, Short.BYTES));
        array.check();
        return value;
    }

    /**
     * Sets a {@code short}, in native byte order.
     *
     * @param index of its first byte
     * @param value the new value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void putShort(int index, short value) {
        array.openMemory().putShort(array.at(index, Short.BYTES), value);
        array.check();
    }

    /**
     * Returns a {@code char}, in native byte order.
     *
     * @param index of its first byte
     * @return its value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public char getChar(int index) {
        char value = array.memory().getChar(array.at(index, Character.BYTES));
        array.check();
        return value;
    }

    /**
     * Sets a {@code char}, in native byte order.
     *
     * @param index of its first byte
     * @param value the new value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void putChar(int index, char value) {
        array.openMemory().putChar(array.at(index, Character.BYTES), value);
        array.check();
    }

    /**
     * Returns an {@code int}, in native byte order.
     *
     * @param index of its first byte
     * @return its value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public int getInt(int index) {
        int value = array.memory().getInt(array.at(index, Integer.BYTES));
        array.check();
        return value;
    }

    /**
     * Sets an {@code int}, in native byte order.
     *
     * @param index of its first byte
     * @param value the new value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void putInt(int index, int value) {
        array.openMemory().putInt(array.at(index, Integer.BYTES), value);
        array.check();
    }

    /**
     * Returns a {@code long}, in native byte order.
     *
     * @param index of its first byte
     * @return its value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public long getLong(int index) {
        long value = array.memory().getLong(array.at(index, Long.BYTES));
        array.check();
        return value;
    }

    /**
     * Sets a {@code long}, in native byte order.
     *
     * @param index of its first byte
     * @param value the new value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void putLong(int index, long value) {
        array.openMemory().putLong(array.at(index, Long.BYTES), value);
        array.check();
    }

    /**
     * Returns a {@code float}, in native byte order.
     *
     * @param index of its first byte
     * @return its value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public float getFloat(int index) {
        float value = array.memory().getFloat(array.at(index, Float.BYTES));
        array.check();
        return value;
    }

    /**
     * Sets a {@code float}, in native byte order.
     *
     * @param index of its first byte
     * @param value the new value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void putFloat(int index, float value) {
        array.openMemory().putFloat(array.at(index, Float.BYTES), value);
        array.check();
    }

    /**
     * Returns a {@code double}, in native byte order.
     *
     * @param index of its first byte
     * @return its value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public double getDouble(int index) {
        double value = array.memory().getDouble(array.at(index, Double.BYTES));
        array.check();
        return value;
    }

    /**
     * Sets a {@code double}, in native byte order.
     *
     * @param index of its first byte
     * @param value the new value
     * @throws IndexOutOfBoundsException if one of the bytes is not in the array
     */
    public void putDouble(int index, double value) {
        array.openMemory().putDouble(array.at(index, Double.BYTES), value);
        array.check();
    }

    /**
     * Returns the number of bytes.
     *
     * @return the length that it was opened with
     */
    public int length() {
        return array.length();
    }

    /**
     * Returns the current state. Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this array was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return array.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return array.name();
    }

    /** Returns type, name and region, also after the region was closed. */
    @Override
    public String toString() {
        return array.toString();
    }
}
