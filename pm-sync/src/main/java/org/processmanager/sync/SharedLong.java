package org.processmanager.sync;

import java.io.NotSerializableException;
import java.io.Serial;
import java.util.Objects;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.processmanager.sync.internal.LongWord;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * A 64-bit number that processes share, initially 0, with the methods of {@link java.util.concurrent.atomic.AtomicLong} and
 * their memory effects, which hold between processes as between threads. Operations whose names state no memory order are
 * atomic and sequentially consistent. Thread-safe; no operation blocks.
 *
 * <p><b>When a process dies</b>, each of its operations has either taken effect or not.
 *
 * <p>All operations throw {@link IllegalStateException} if the region is closed, and {@link RegionException} if the number was
 * removed from the region. An operation that runs at the time of the removal throws too, and may have taken effect.
 *
 * <p>Not serializable, although its superclass is.
 */
public final class SharedLong extends Number {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient LongWord number;

    SharedLong(Region region, RegionObject object) {
        number = new LongWord(region, object);
    }

    /**
     * Returns the value.
     *
     * @return the current value
     */
    public long get() {
        return number.checked(Words.longVolatile(number.memory(), number.offset()));
    }

    /**
     * Returns the value, read as a non-volatile variable is: with no memory ordering.
     *
     * @return the value
     */
    public long getPlain() {
        return number.checked(Words.longPlain(number.memory(), number.offset()));
    }

    /**
     * Returns the value, with the memory effects of {@link java.lang.invoke.VarHandle#getOpaque}.
     *
     * @return the value
     */
    public long getOpaque() {
        return number.checked(Words.longOpaque(number.memory(), number.offset()));
    }

    /**
     * Returns the value, with the memory effects of {@link java.lang.invoke.VarHandle#getAcquire}.
     *
     * @return the value
     */
    public long getAcquire() {
        return number.checked(Words.longAcquire(number.memory(), number.offset()));
    }

    /**
     * Sets the value.
     *
     * @param value the new value
     */
    public void set(long value) {
        Words.putLongVolatile(number.openMemory(), number.offset(), value);
        number.check();
    }

    /**
     * Sets the value, written as a non-volatile variable is: with no memory ordering.
     *
     * @param value the new value
     */
    public void setPlain(long value) {
        Words.putLongPlain(number.openMemory(), number.offset(), value);
        number.check();
    }

    /**
     * Sets the value, with the memory effects of {@link java.lang.invoke.VarHandle#setOpaque}.
     *
     * @param value the new value
     */
    public void setOpaque(long value) {
        Words.putLongOpaque(number.openMemory(), number.offset(), value);
        number.check();
    }

    /**
     * Sets the value, with the memory effects of {@link java.lang.invoke.VarHandle#setRelease}; cheaper than {@link #set}.
     *
     * @param value the new value
     */
    public void setRelease(long value) {
        Words.putLongRelease(number.openMemory(), number.offset(), value);
        number.check();
    }

    /**
     * Sets the value as {@link #setRelease} does.
     *
     * @param value the new value
     */
    public void lazySet(long value) {
        setRelease(value);
    }

    /**
     * Sets the value and returns the previous one.
     *
     * @param value the new value
     * @return the previous value
     */
    public long getAndSet(long value) {
        return number.checked(Words.swapLong(number.openMemory(), number.offset(), value));
    }

    /**
     * Sets the value if the current one is as expected.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean compareAndSet(long expected, long value) {
        return number.checked(Words.casLong(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Sets the value if the current one is as expected, and returns the previous one.
     *
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the value was set
     */
    public long compareAndExchange(long expected, long value) {
        return number.checked(Words.exchangeLong(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Does as {@link #compareAndExchange}, with the memory effects of
     * {@link java.lang.invoke.VarHandle#compareAndExchangeAcquire}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the value was set
     */
    public long compareAndExchangeAcquire(long expected, long value) {
        return number.checked(Words.exchangeLongAcquire(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Does as {@link #compareAndExchange}, with the memory effects of
     * {@link java.lang.invoke.VarHandle#compareAndExchangeRelease}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the value was set
     */
    public long compareAndExchangeRelease(long expected, long value) {
        return number.checked(Words.exchangeLongRelease(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Sets the value if the current one is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetPlain}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean weakCompareAndSetPlain(long expected, long value) {
        return number.checked(Words.weakCasLongPlain(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Sets the value if the current one is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSet}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean weakCompareAndSetVolatile(long expected, long value) {
        return number.checked(Words.weakCasLongVolatile(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Sets the value if the current one is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetAcquire}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean weakCompareAndSetAcquire(long expected, long value) {
        return number.checked(Words.weakCasLongAcquire(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Sets the value if the current one is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetRelease}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean weakCompareAndSetRelease(long expected, long value) {
        return number.checked(Words.weakCasLongRelease(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Adds 1 and returns the previous value.
     *
     * @return the previous value
     */
    public long getAndIncrement() {
        return getAndAdd(1);
    }

    /**
     * Subtracts 1 and returns the previous value.
     *
     * @return the previous value
     */
    public long getAndDecrement() {
        return getAndAdd(-1);
    }

    /**
     * Adds a number and returns the previous value.
     *
     * @param delta the number to add
     * @return the previous value
     */
    public long getAndAdd(long delta) {
        return number.checked(Words.addLong(number.openMemory(), number.offset(), delta));
    }

    /**
     * Adds 1 and returns the new value.
     *
     * @return the new value
     */
    public long incrementAndGet() {
        return addAndGet(1);
    }

    /**
     * Subtracts 1 and returns the new value.
     *
     * @return the new value
     */
    public long decrementAndGet() {
        return addAndGet(-1);
    }

    /**
     * Adds a number and returns the new value.
     *
     * @param delta the number to add
     * @return the new value
     */
    public long addAndGet(long delta) {
        return getAndAdd(delta) + delta;
    }

    /**
     * Updates the value by a function and returns the previous one.
     *
     * @param update computes the new value; without side effects, since it may be called again
     * @return the previous value
     */
    public long getAndUpdate(LongUnaryOperator update) {
        Objects.requireNonNull(update, "update");
        while (true) {
            long old = get();
            if (compareAndSet(old, update.applyAsLong(old))) {
                return old;
            }
        }
    }

    /**
     * Updates the value by a function and returns the new one.
     *
     * @param update computes the new value; without side effects, since it may be called again
     * @return the new value
     */
    public long updateAndGet(LongUnaryOperator update) {
        Objects.requireNonNull(update, "update");
        while (true) {
            long old = get();
            long value = update.applyAsLong(old);
            if (compareAndSet(old, value)) {
                return value;
            }
        }
    }

    /**
     * Combines the value with a number and returns the previous value.
     *
     * @param x the number
     * @param function computes the new value of the current one and {@code x}; without side effects, since it may be called again
     * @return the previous value
     */
    public long getAndAccumulate(long x, LongBinaryOperator function) {
        Objects.requireNonNull(function, "function");
        return getAndUpdate(old -> function.applyAsLong(old, x));
    }

    /**
     * Combines the value with a number and returns the new value.
     *
     * @param x the number
     * @param function computes the new value of the current one and {@code x}; without side effects, since it may be called again
     * @return the new value
     */
    public long accumulateAndGet(long x, LongBinaryOperator function) {
        Objects.requireNonNull(function, "function");
        return updateAndGet(old -> function.applyAsLong(old, x));
    }

    /** Returns the value of {@link #get}, its low 32 bits. */
    @Override
    public int intValue() {
        return (int) get();
    }

    /** Returns the value, as {@link #get} does. */
    @Override
    public long longValue() {
        return get();
    }

    /** Returns the value of {@link #get}, rounded to a {@code float}. */
    @Override
    public float floatValue() {
        return get();
    }

    /** Returns the value of {@link #get}, rounded to a {@code double}. */
    @Override
    public double doubleValue() {
        return get();
    }

    /**
     * Returns the current state. Writes nothing and does not block; thread-safe.
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

    /** Returns type, name and region, also after the region was closed; for the value see {@link #get}. */
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
    private Object writeReplace() throws NotSerializableException {
        throw new NotSerializableException(SharedLong.class.getName());
    }
}
