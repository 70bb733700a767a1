package org.processmanager.sync;

import java.time.Duration;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.value.ValueWord;

/**
 * A {@code boolean} that processes share, initially false, with the methods of
 * {@link java.util.concurrent.atomic.AtomicBoolean} and their memory effects, which hold between processes as between threads.
 * Operations whose names state no memory order are atomic and sequentially consistent. Thread-safe; only {@code awaitChange}
 * blocks. A flag for which threads wait until it is set is a {@link SharedEvent}.
 *
 * <p>{@code awaitChange} compares values: a change that is undone before the waiting thread sees it has no effect. A waiting
 * thread is woken at once by a change that is sequentially consistent. After one by another method ({@link #setPlain},
 * {@link #setOpaque}, {@link #setRelease}, {@link #lazySet}, the weak ones and those with {@code Acquire} or {@code Release} in
 * their name), and after one by a process that dies at that moment, it may take 100 ms.
 *
 * <p><b>When a process dies</b>, each of its operations has either taken effect or not.
 *
 * <p>All operations throw {@link IllegalStateException} if the region is closed, and {@link RegionException} if the flag was
 * removed from the region. An operation that runs at the time of the removal throws too, and may have taken effect.
 */
public final class SharedBoolean {
    private final ValueWord flag;

    SharedBoolean(ValueWord flag) {
        this.flag = flag;
    }

    private static int number(boolean value) {
        return value ? 1 : 0;
    }

    /**
     * Returns the value.
     *
     * @return the current value
     */
    public boolean get() {
        return flag.checked(Words.intVolatile(flag.memory(), flag.offset())) != 0;
    }

    /**
     * Returns the value, read as a non-volatile variable is: with no memory ordering.
     *
     * @return the value
     */
    public boolean getPlain() {
        return flag.checked(Words.intPlain(flag.memory(), flag.offset())) != 0;
    }

    /**
     * Returns the value, with the memory effects of {@link java.lang.invoke.VarHandle#getOpaque}.
     *
     * @return the value
     */
    public boolean getOpaque() {
        return flag.checked(Words.intOpaque(flag.memory(), flag.offset())) != 0;
    }

    /**
     * Returns the value, with the memory effects of {@link java.lang.invoke.VarHandle#getAcquire}.
     *
     * @return the value
     */
    public boolean getAcquire() {
        return flag.checked(Words.intAcquire(flag.memory(), flag.offset())) != 0;
    }

    /**
     * Sets the value.
     *
     * @param value the new value
     */
    public void set(boolean value) {
        Words.putIntVolatile(flag.openMemory(), flag.offset(), number(value));
        flag.changed();
    }

    /**
     * Sets the value, written as a non-volatile variable is: with no memory ordering.
     *
     * @param value the new value
     */
    public void setPlain(boolean value) {
        Words.putIntPlain(flag.openMemory(), flag.offset(), number(value));
        flag.changed();
    }

    /**
     * Sets the value, with the memory effects of {@link java.lang.invoke.VarHandle#setOpaque}.
     *
     * @param value the new value
     */
    public void setOpaque(boolean value) {
        Words.putIntOpaque(flag.openMemory(), flag.offset(), number(value));
        flag.changed();
    }

    /**
     * Sets the value, with the memory effects of {@link java.lang.invoke.VarHandle#setRelease}; cheaper than {@link #set}.
     *
     * @param value the new value
     */
    public void setRelease(boolean value) {
        Words.putIntRelease(flag.openMemory(), flag.offset(), number(value));
        flag.changed();
    }

    /**
     * Sets the value as {@link #setRelease} does.
     *
     * @param value the new value
     */
    public void lazySet(boolean value) {
        setRelease(value);
    }

    /**
     * Sets the value and returns the previous one.
     *
     * @param value the new value
     * @return the previous value
     */
    public boolean getAndSet(boolean value) {
        return flag.changed(Words.swapInt(flag.openMemory(), flag.offset(), number(value))) != 0;
    }

    /**
     * Sets the value if the current one is as expected.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean compareAndSet(boolean expected, boolean value) {
        return flag.changedIf(Words.casInt(flag.openMemory(), flag.offset(), number(expected), number(value)));
    }

    /**
     * Sets the value if the current one is as expected, and returns the previous one.
     *
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the value was set
     */
    public boolean compareAndExchange(boolean expected, boolean value) {
        int old = number(expected);
        return flag.exchanged(old, Words.exchangeInt(flag.openMemory(), flag.offset(), old, number(value))) != 0;
    }

    /**
     * Does as {@link #compareAndExchange}, with the memory effects of
     * {@link java.lang.invoke.VarHandle#compareAndExchangeAcquire}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the value was set
     */
    public boolean compareAndExchangeAcquire(boolean expected, boolean value) {
        int old = number(expected);
        return flag.exchanged(old, Words.exchangeIntAcquire(flag.openMemory(), flag.offset(), old, number(value))) != 0;
    }

    /**
     * Does as {@link #compareAndExchange}, with the memory effects of
     * {@link java.lang.invoke.VarHandle#compareAndExchangeRelease}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return the previous value, which is the expected one if the value was set
     */
    public boolean compareAndExchangeRelease(boolean expected, boolean value) {
        int old = number(expected);
        return flag.exchanged(old, Words.exchangeIntRelease(flag.openMemory(), flag.offset(), old, number(value))) != 0;
    }

    /**
     * Sets the value if the current one is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetPlain}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean weakCompareAndSetPlain(boolean expected, boolean value) {
        return flag.changedIf(Words.weakCasIntPlain(flag.openMemory(), flag.offset(), number(expected), number(value)));
    }

    /**
     * Sets the value if the current one is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSet}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean weakCompareAndSetVolatile(boolean expected, boolean value) {
        return flag.changedIf(
                Words.weakCasIntVolatile(flag.openMemory(), flag.offset(), number(expected), number(value)));
    }

    /**
     * Sets the value if the current one is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetAcquire}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean weakCompareAndSetAcquire(boolean expected, boolean value) {
        return flag.changedIf(
                Words.weakCasIntAcquire(flag.openMemory(), flag.offset(), number(expected), number(value)));
    }

    /**
     * Sets the value if the current one is as expected; may fail although it is. Memory effects as of
     * {@link java.lang.invoke.VarHandle#weakCompareAndSetRelease}.
     *
     * @param expected the expected value
     * @param value the new value
     * @return whether the value was set
     */
    public boolean weakCompareAndSetRelease(boolean expected, boolean value) {
        return flag.changedIf(
                Words.weakCasIntRelease(flag.openMemory(), flag.offset(), number(expected), number(value)));
    }

    /**
     * Blocks until the value differs from a given one.
     *
     * @param old the value that the caller has seen
     * @return the new value
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this flag was removed, or the region was deleted or replaced, before or while waiting
     */
    public boolean awaitChange(boolean old) throws InterruptedException {
        return flag.awaitChange(number(old), Deadline.NEVER) != 0;
    }

    /**
     * As {@link #awaitChange(boolean)}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @param old the value that the caller has seen
     * @return the new value
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this flag was removed, or the region was deleted or replaced, before or while waiting
     */
    public boolean awaitChangeUninterruptibly(boolean old) {
        return flag.awaitChangeUninterruptibly(number(old)) != 0;
    }

    /**
     * Blocks until the value differs from a given one, for at most a given time.
     *
     * @param old the value that the caller has seen
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the new value; {@code old} on timeout
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this flag was removed, or the region was deleted or replaced, before or while waiting
     */
    public boolean awaitChange(boolean old, Duration wait) throws InterruptedException {
        return flag.awaitChange(number(old), Deadline.after(wait)) != 0;
    }

    /**
     * Returns the current state: the value, and the number of waiting threads. Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this flag was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return flag.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return flag.name();
    }

    /** Returns type, name and region, also after the region was closed; for the value see {@link #get}. */
    @Override
    public String toString() {
        return flag.toString();
    }
}
