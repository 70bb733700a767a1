package org.processmanager.sync;

import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.value.ValueWord;

/**
 * A 64-bit number that processes share, initially 0, with the methods of {@link java.util.concurrent.atomic.AtomicLong} and
 * their memory effects, which hold between processes as between threads. Operations whose names state no memory order are
 * atomic and sequentially consistent. Thread-safe; only {@code awaitChange} blocks.
 *
 * <pre>{@code
 * SharedLong served = shop.atomicLong("served");
 * for (long seen = served.get(); seen < 100; seen = served.awaitChange(seen)) {
 *     show(seen);
 * }
 * }</pre>
 *
 * <p>{@code awaitChange} compares values: a change that is undone before the waiting thread sees it has no effect. A waiting
 * thread is woken at once by a change that is sequentially consistent. After one by another method ({@link #setPlain},
 * {@link #setOpaque}, {@link #setRelease}, {@link #lazySet}, the weak ones and those with {@code Acquire} or {@code Release} in
 * their name), and after one by a process that dies at that moment, it may take 100 ms.
 *
 * <p><b>When a process dies</b>, each of its operations has either taken effect or not.
 *
 * <p>All operations throw {@link IllegalStateException} if the region is closed, and {@link RegionException} if the number was
 * removed from the region. An operation that runs at the time of the removal throws too, and may have taken effect.
 *
 * <p>Not serializable, although its superclass is.
 */
public final class SharedLong extends SharedNumber {
    @Serial
    private static final long serialVersionUID = 1;

    SharedLong(ValueWord number) {
        super(number);
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
        number.changed();
    }

    /**
     * Sets the value, written as a non-volatile variable is: with no memory ordering.
     *
     * @param value the new value
     */
    public void setPlain(long value) {
        Words.putLongPlain(number.openMemory(), number.offset(), value);
        number.changed();
    }

    /**
     * Sets the value, with the memory effects of {@link java.lang.invoke.VarHandle#setOpaque}.
     *
     * @param value the new value
     */
    public void setOpaque(long value) {
        Words.putLongOpaque(number.openMemory(), number.offset(), value);
        number.changed();
    }

    /**
     * Sets the value, with the memory effects of {@link java.lang.invoke.VarHandle#setRelease}; cheaper than {@link #set}.
     *
     * @param value the new value
     */
    public void setRelease(long value) {
        Words.putLongRelease(number.openMemory(), number.offset(), value);
        number.changed();
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
        return number.changed(Words.swapLong(number.openMemory(), number.offset(), value));
    }

    /**
     * Sets the value if the current one is as expected.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean compareAndSet(long expected, long value) {
        return number.changedIf(Words.casLong(number.openMemory(), number.offset(), expected, value));
    }

    /**
     * Sets the value if the current one is as expected, and returns the previous one.
     *
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the value was set
     */
    public long compareAndExchange(long expected, long value) {
        return number.exchanged(expected, Words.exchangeLong(number.openMemory(), number.offset(), expected, value));
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
        return number.exchanged(
                expected, Words.exchangeLongAcquire(number.openMemory(), number.offset(), expected, value));
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
        return number.exchanged(
                expected, Words.exchangeLongRelease(number.openMemory(), number.offset(), expected, value));
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
        return number.changedIf(Words.weakCasLongPlain(number.openMemory(), number.offset(), expected, value));
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
        return number.changedIf(Words.weakCasLongVolatile(number.openMemory(), number.offset(), expected, value));
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
        return number.changedIf(Words.weakCasLongAcquire(number.openMemory(), number.offset(), expected, value));
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
        return number.changedIf(Words.weakCasLongRelease(number.openMemory(), number.offset(), expected, value));
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
        return number.changed(Words.addLong(number.openMemory(), number.offset(), delta));
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
     * @param function computes the new value of the current one and {@code x}; without side effects, since it may be called
     *     again
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
     * @param function computes the new value of the current one and {@code x}; without side effects, since it may be called
     *     again
     * @return the new value
     */
    public long accumulateAndGet(long x, LongBinaryOperator function) {
        Objects.requireNonNull(function, "function");
        return updateAndGet(old -> function.applyAsLong(old, x));
    }

    /** Returns the value, as {@link #get} does. */
    @Override
    public long longValue() {
        return get();
    }

    /**
     * Blocks until the value differs from a given one.
     *
     * @param old the value that the caller has seen
     * @return the new value
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this number was removed, or the region was deleted or replaced, before or while waiting
     */
    public long awaitChange(long old) throws InterruptedException {
        return number.awaitChange(old, Deadline.NEVER);
    }

    /**
     * As {@link #awaitChange(long)}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @param old the value that the caller has seen
     * @return the new value
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this number was removed, or the region was deleted or replaced, before or while waiting
     */
    public long awaitChangeUninterruptibly(long old) {
        return number.awaitChangeUninterruptibly(old);
    }

    /**
     * Blocks until the value differs from a given one, for at most a given time.
     *
     * @param old the value that the caller has seen
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the new value; {@code old} on timeout
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this number was removed, or the region was deleted or replaced, before or while waiting
     */
    public long awaitChange(long old, Duration wait) throws InterruptedException {
        return number.awaitChange(old, Deadline.after(wait));
    }
}
