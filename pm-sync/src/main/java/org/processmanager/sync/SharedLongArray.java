package org.processmanager.sync;

import java.util.Objects;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.value.ArrayMemory;

/**
 * An array of 64-bit numbers that processes share, initially 0, with the methods of
 * {@link java.util.concurrent.atomic.AtomicLongArray} and their memory effects, which hold between processes as between
 * threads. Operations whose names state no memory order are atomic and sequentially consistent. Thread-safe; no operation
 * blocks.
 *
 * <p>All methods that take an index throw {@link IndexOutOfBoundsException} if there is no such element.
 *
 * <p><b>When a process dies</b>, each of its operations has either taken effect or not.
 *
 * <p>All operations throw {@link IllegalStateException} if the region is closed, and {@link RegionException} if the array was
 * removed from the region. An operation that runs at the time of the removal throws too, and may have taken effect.
 */
public final class SharedLongArray {
    private final ArrayMemory array;

    SharedLongArray(ArrayMemory array) {
        this.array = array;
    }

    /**
     * Returns an element.
     *
     * @param index of the element
     * @return its value
     */
    public long get(int index) {
        return array.checked(Words.longVolatile(array.memory(), array.at(index)));
    }

    /**
     * Returns an element, read as a non-volatile variable is: with no memory ordering.
     *
     * @param index of the element
     * @return its value
     */
    public long getPlain(int index) {
        return array.checked(Words.longPlain(array.memory(), array.at(index)));
    }

    /**
     * Returns an element, with the memory effects of {@link java.lang.invoke.VarHandle#getOpaque}.
     *
     * @param index of the element
     * @return its value
     */
    public long getOpaque(int index) {
        return array.checked(Words.longOpaque(array.memory(), array.at(index)));
    }

    /**
     * Returns an element, with the memory effects of {@link java.lang.invoke.VarHandle#getAcquire}.
     *
     * @param index of the element
     * @return its value
     */
    public long getAcquire(int index) {
        return array.checked(Words.longAcquire(array.memory(), array.at(index)));
    }

    /**
     * Sets an element.
     *
     * @param index of the element
     * @param value the new value
     */
    public void set(int index, long value) {
        Words.putLongVolatile(array.openMemory(), array.at(index), value);
        array.check();
    }

    /**
     * Sets an element, written as a non-volatile variable is: with no memory ordering.
     *
     * @param index of the element
     * @param value the new value
     */
    public void setPlain(int index, long value) {
        Words.putLongPlain(array.openMemory(), array.at(index), value);
        array.check();
    }

    /**
     * Sets an element, with the memory effects of {@link java.lang.invoke.VarHandle#setOpaque}.
     *
     * @param index of the element
     * @param value the new value
     */
    public void setOpaque(int index, long value) {
        Words.putLongOpaque(array.openMemory(), array.at(index), value);
        array.check();
    }

    /**
     * Sets an element, with the memory effects of {@link java.lang.invoke.VarHandle#setRelease}.
     *
     * @param index of the element
     * @param value the new value
     */
    public void setRelease(int index, long value) {
        Words.putLongRelease(array.openMemory(), array.at(index), value);
        array.check();
    }

    /**
     * Sets an element as {@link #setRelease} does.
     *
     * @param index of the element
     * @param value the new value
     */
    public void lazySet(int index, long value) {
        setRelease(index, value);
    }

    /**
     * Sets an element and returns its previous value.
     *
     * @param index of the element
     * @param value the new value
     * @return the previous value
     */
    public long getAndSet(int index, long value) {
        return array.checked(Words.swapLong(array.openMemory(), array.at(index), value));
    }

    /**
     * Sets an element if its value is as expected.
     *
     * @param index of the element
     * @param expected the expected value
     * @param value the new value
     * @return whether it was set
     */
    public boolean compareAndSet(int index, long expected, long value) {
        return array.checked(Words.casLong(array.openMemory(), array.at(index), expected, value));
    }

    /**
     * Sets an element if its value is as expected, and returns the previous one.
     *
     * @param index of the element
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the element was set
     */
    public long compareAndExchange(int index, long expected, long value) {
        return array.checked(Words.exchangeLong(array.openMemory(), array.at(index), expected, value));
    }

    /**
     * Does as {@link #compareAndExchange}, with the memory effects of
     * {@link java.lang.invoke.VarHandle#compareAndExchangeAcquire}.
     *
     * @param index of the element
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the element was set
     */
    public long compareAndExchangeAcquire(int index, long expected, long value) {
        return array.checked(Words.exchangeLongAcquire(array.openMemory(), array.at(index), expected, value));
    }

    /**
     * Does as {@link #compareAndExchange}, with the memory effects of
     * {@link java.lang.invoke.VarHandle#compareAndExchangeRelease}.
     *
     * @param index of the element
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the element was set
     */
    public long compareAndExchangeRelease(int index, long expected, long value) {
        return array.checked(Words.exchangeLongRelease(array.openMemory(), array.at(index), expected, value));
    }

    /**
     * Sets an element if its value is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetPlain}.
     *
     * @param index of the element
     * @param expected the expected value
     * @param value the new value
     * @return whether it was set
     */
    public boolean weakCompareAndSetPlain(int index, long expected, long value) {
        return array.checked(Words.weakCasLongPlain(array.openMemory(), array.at(index), expected, value));
    }

    /**
     * Sets an element if its value is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSet}.
     *
     * @param index of the element
     * @param expected the expected value
     * @param value the new value
     * @return whether it was set
     */
    public boolean weakCompareAndSetVolatile(int index, long expected, long value) {
        return array.checked(Words.weakCasLongVolatile(array.openMemory(), array.at(index), expected, value));
    }

    /**
     * Sets an element if its value is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetAcquire}.
     *
     * @param index of the element
     * @param expected the expected value
     * @param value the new value
     * @return whether it was set
     */
    public boolean weakCompareAndSetAcquire(int index, long expected, long value) {
        return array.checked(Words.weakCasLongAcquire(array.openMemory(), array.at(index), expected, value));
    }

    /**
     * Sets an element if its value is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetRelease}.
     *
     * @param index of the element
     * @param expected the expected value
     * @param value the new value
     * @return whether it was set
     */
    public boolean weakCompareAndSetRelease(int index, long expected, long value) {
        return array.checked(Words.weakCasLongRelease(array.openMemory(), array.at(index), expected, value));
    }

    /**
     * Adds 1 to an element and returns its previous value.
     *
     * @param index of the element
     * @return the previous value
     */
    public long getAndIncrement(int index) {
        return getAndAdd(index, 1);
    }

    /**
     * Subtracts 1 from an element and returns its previous value.
     *
     * @param index of the element
     * @return the previous value
     */
    public long getAndDecrement(int index) {
        return getAndAdd(index, -1);
    }

    /**
     * Adds a number to an element and returns its previous value.
     *
     * @param index of the element
     * @param delta the number to add
     * @return the previous value
     */
    public long getAndAdd(int index, long delta) {
        return array.checked(Words.addLong(array.openMemory(), array.at(index), delta));
    }

    /**
     * Adds 1 to an element and returns its new value.
     *
     * @param index of the element
     * @return the new value
     */
    public long incrementAndGet(int index) {
        return addAndGet(index, 1);
    }

    /**
     * Subtracts 1 from an element and returns its new value.
     *
     * @param index of the element
     * @return the new value
     */
    public long decrementAndGet(int index) {
        return addAndGet(index, -1);
    }

    /**
     * Adds a number to an element and returns its new value.
     *
     * @param index of the element
     * @param delta the number to add
     * @return the new value
     */
    public long addAndGet(int index, long delta) {
        return getAndAdd(index, delta) + delta;
    }

    /**
     * Updates an element by a function and returns its previous value.
     *
     * @param index of the element
     * @param update computes the new value; without side effects, since it may be called again
     * @return the previous value
     */
    public long getAndUpdate(int index, LongUnaryOperator update) {
        Objects.requireNonNull(update, "update");
        while (true) {
            long old = get(index);
            if (compareAndSet(index, old, update.applyAsLong(old))) {
                return old;
            }
        }
    }

    /**
     * Updates an element by a function and returns its new value.
     *
     * @param index of the element
     * @param update computes the new value; without side effects, since it may be called again
     * @return the new value
     */
    public long updateAndGet(int index, LongUnaryOperator update) {
        Objects.requireNonNull(update, "update");
        while (true) {
            long old = get(index);
            long value = update.applyAsLong(old);
            if (compareAndSet(index, old, value)) {
                return value;
            }
        }
    }

    /**
     * Combines an element with a number and returns its previous value.
     *
     * @param index of the element
     * @param x the number
     * @param function computes the new value of the current one and {@code x}; without side effects
     * @return the previous value
     */
    public long getAndAccumulate(int index, long x, LongBinaryOperator function) {
        Objects.requireNonNull(function, "function");
        return getAndUpdate(index, old -> function.applyAsLong(old, x));
    }

    /**
     * Combines an element with a number and returns its new value.
     *
     * @param index of the element
     * @param x the number
     * @param function computes the new value of the current one and {@code x}; without side effects
     * @return the new value
     */
    public long accumulateAndGet(int index, long x, LongBinaryOperator function) {
        Objects.requireNonNull(function, "function");
        return updateAndGet(index, old -> function.applyAsLong(old, x));
    }

    /**
     * Returns the number of elements.
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
