package org.processmanager.sync;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * A 64-bit number that processes share, initially 0, with the methods of {@link java.util.concurrent.atomic.AtomicLong}, except
 * those for weaker memory orders. Each operation is atomic and sequentially consistent. Thread-safe.
 *
 * <p><b>When a process dies</b>, each of its operations has either taken effect or not.
 *
 * <p>All operations throw {@link IllegalStateException} if the region is closed, and {@link RegionException} if the number was
 * removed from the region.
 */
public final class SharedLong {
    private final Cell number;

    SharedLong(Region region, RegionObject object) {
        number = new Cell(region, object);
    }

    /**
     * Returns the value.
     *
     * @return the current value
     */
    public long get() {
        long value = Words.longVolatile(number.memory(), number.offset());
        number.check();
        return value;
    }

    /**
     * Sets the value.
     *
     * @param value the new value
     */
    public void set(long value) {
        number.check();
        Words.putLongVolatile(number.memory(), number.offset(), value);
        number.check();
    }

    /**
     * Sets the value with release semantics only, which is cheaper than {@link #set}.
     *
     * @param value the new value
     */
    public void lazySet(long value) {
        number.check();
        Words.putLongRelease(number.memory(), number.offset(), value);
        number.check();
    }

    /**
     * Sets the value and returns the previous one.
     *
     * @param value the new value
     * @return the previous value
     */
    public long getAndSet(long value) {
        return getAndUpdate(old -> value);
    }

    /**
     * Sets the value if the current one is as expected.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean compareAndSet(long expected, long value) {
        number.check();
        boolean set = Words.casLong(number.memory(), number.offset(), expected, value);
        number.check();
        return set;
    }

    /**
     * Sets the value if the current one is as expected, and returns the previous one.
     *
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the value was set
     */
    public long compareAndExchange(long expected, long value) {
        while (true) {
            long current = get();
            if (current != expected || compareAndSet(expected, value)) {
                return current;
            }
        }
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
        number.check();
        long old = Words.addLong(number.memory(), number.offset(), delta);
        number.check();
        return old;
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

    @Override
    public String toString() {
        return number.toString();
    }

    private static final class Cell extends SharedObject {
        Cell(Region region, RegionObject object) {
            super(region, object);
        }

        ByteBuffer memory() {
            return memory;
        }

        int offset() {
            return offset;
        }

        void check() {
            handle.checkOpen();
        }
    }
}
