package org.processmanager.sync;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.buffer.CellBuffer;
import org.processmanager.sync.internal.buffer.TakenCell;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A first-in, first-out buffer of byte strings between any number of producers and consumers in any number of processes.
 * Items are copied in and out; each has 0 to {@link #cellBytes()} bytes. Thread-safe.
 *
 * <pre>{@code
 * SharedBoundedBuffer jobs = shop.boundedBuffer("jobs", 1024, 64);
 * jobs.put(job);                                     // a producer
 * for (UnackedItem item; (item = jobs.takeUnacked()) != null; ) {
 *     try (item) {                                   // a consumer; take() if it needs a copy only
 *         process(item.bytes());
 *         item.ack();
 *     }
 * }
 * jobs.end();                                        // when there are no further jobs
 * jobs.join();                                       // until all are done
 * }</pre>
 *
 * <p><b>Order.</b> If one put returns before another begins, its item is taken first. No party delays another: an item is
 * found although an earlier {@code put} has not finished, for example because its thread is suspended; the item of that put
 * comes later. An item that was taken and not acknowledged takes up its cell only. If producers have passed such a cell
 * meanwhile, its room is used again after the items that were in the buffer when it was given back.
 *
 * <p><b>End.</b> After {@link #end()} no item can be put: producers, also waiting ones, get a {@link BufferEndedException}.
 * Consumers take what is left, and wait until all of it is done, since a consumer may die or give its item back, and then
 * another one must take it. When the last item is acknowledged, {@code take} returns null to all of them. So a thread that has
 * not acknowledged an item must not wait for the next one without a limit: once the buffer was ended, it waits for itself.
 *
 * <p><b>When a process dies</b>, or closes its region, at any step: an item that it was putting is in the buffer or not, and
 * no other item is lost. An item that it was copying, or had taken and not acknowledged, is
 * {@linkplain OnConsumerDeath#REDELIVER redelivered}: another consumer takes it, before all other items, so each item is taken
 * at least once; or it is {@linkplain OnConsumerDeath#DROP dropped}, so each item is taken at most once. Waiting threads detect
 * the death within about 100 ms plus the time that the kernel needs to tear down that process; so do consumers and producers
 * that never have to wait. {@code poll} and {@code offer} detect it when they are called again.
 */
public final class SharedBoundedBuffer {
    /** What happens to items that a consumer had taken and not acknowledged when it died. */
    public enum OnConsumerDeath {
        /** Another consumer takes them: each item is taken at least once. */
        REDELIVER,
        /** They are discarded: each item is taken at most once. */
        DROP
    }

    private final CellBuffer buffer;

    SharedBoundedBuffer(CellBuffer buffer) {
        this.buffer = buffer;
    }

    /**
     * Puts an item, blocking until there is room.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @throws IllegalArgumentException if it is longer
     * @throws InterruptedException if interrupted before or while waiting; the item is then not put
     * @throws BufferEndedException if the buffer was ended, before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the buffer was removed, or the region was deleted or replaced, before or while waiting
     */
    public void put(byte[] item) throws InterruptedException {
        buffer.put(ByteBuffer.wrap(Objects.requireNonNull(item, "item")), Deadline.NEVER);
    }

    /**
     * As {@link #put(byte[])} for the bytes between position and limit of a buffer. Then the position equals the limit; it is
     * unchanged if an exception is thrown.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @throws InterruptedException if interrupted before or while waiting; the item is then not put
     */
    public void put(ByteBuffer item) throws InterruptedException {
        buffer.put(item, Deadline.NEVER);
        item.position(item.limit());
    }

    /**
     * Puts an item if there is room. Non-blocking.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @return whether it was put
     * @throws IllegalArgumentException if it is longer
     * @throws BufferEndedException if the buffer was ended
     * @throws IllegalStateException if the region is closed
     */
    public boolean offer(byte[] item) {
        return buffer.offer(ByteBuffer.wrap(Objects.requireNonNull(item, "item")));
    }

    /**
     * As {@link #offer(byte[])} for the bytes between position and limit of a buffer. Then the position equals the limit;
     * otherwise it is unchanged.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @return whether it was put
     */
    public boolean offer(ByteBuffer item) {
        return consumed(item, buffer.offer(item));
    }

    /**
     * As {@link #put(byte[])}, waiting for room for at most a given time.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether it was put; false on timeout
     * @throws InterruptedException if interrupted before or while waiting; the item is then not put
     */
    public boolean offer(byte[] item, Duration wait) throws InterruptedException {
        return buffer.put(ByteBuffer.wrap(Objects.requireNonNull(item, "item")), Deadline.after(wait));
    }

    /**
     * As {@link #put(ByteBuffer)}, waiting for room for at most a given time. The position is unchanged on timeout.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether it was put; false on timeout
     * @throws InterruptedException if interrupted before or while waiting; the item is then not put
     */
    public boolean offer(ByteBuffer item, Duration wait) throws InterruptedException {
        return consumed(item, buffer.put(item, Deadline.after(wait)));
    }

    /**
     * Takes the oldest item, blocking until there is one.
     *
     * @return a copy of the item, or null if the buffer was ended and all items are done
     * @throws InterruptedException if interrupted before or while waiting; no item is then taken
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the buffer was removed, or the region deleted or replaced, or its content is damaged
     */
    public byte @Nullable [] take() throws InterruptedException {
        return buffer.takeCopy(Deadline.NEVER);
    }

    /**
     * Takes the oldest item if there is one. Non-blocking.
     *
     * @return a copy of the item, or null if there was none
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public byte @Nullable [] poll() {
        return buffer.pollCopy();
    }

    /**
     * As {@link #take()}, waiting for at most a given time. To distinguish the cases of null: {@link #isExhausted()}.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return a copy of the item, or null on timeout, and as soon as the buffer was ended and all items are done
     * @throws InterruptedException if interrupted before or while waiting; no item is then taken
     */
    public byte @Nullable [] poll(Duration wait) throws InterruptedException {
        return buffer.takeCopy(Deadline.after(wait));
    }

    /**
     * Takes the oldest item, blocking until there is one, and leaves it in its cell until it is acknowledged. If this process
     * dies before that, {@link #onConsumerDeath()} applies.
     *
     * @return the item, to be acknowledged and closed, or null if the buffer was ended and all items are done
     * @throws InterruptedException if interrupted before or while waiting; no item is then taken
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the buffer was removed, or the region deleted or replaced, or its content is damaged
     */
    public @Nullable UnackedItem takeUnacked() throws InterruptedException {
        return unacked(buffer.take(Deadline.NEVER));
    }

    /**
     * As {@link #takeUnacked()} if there is an item. Non-blocking.
     *
     * @return the item, to be acknowledged and closed, or null if there was none
     */
    public @Nullable UnackedItem pollUnacked() {
        return unacked(buffer.poll());
    }

    /**
     * As {@link #takeUnacked()}, waiting for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the item, to be acknowledged and closed, or null on timeout, and as soon as the buffer was ended and all items
     *     are done
     * @throws InterruptedException if interrupted before or while waiting; no item is then taken
     */
    public @Nullable UnackedItem pollUnacked(Duration wait) throws InterruptedException {
        return unacked(buffer.take(Deadline.after(wait)));
    }

    /**
     * Returns the item that would be taken next, and leaves it in the buffer. Another consumer may take it at any time.
     * Non-blocking.
     *
     * @return a copy of the item, or null if there is none
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public byte @Nullable [] peek() {
        return buffer.peek();
    }

    /**
     * Moves the items to a collection, until there are none left. Non-blocking. If adding an item fails, that item is given
     * back as after the death of a consumer.
     *
     * @param target where to add copies of the items, in order
     * @return how many items were moved
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public int drainTo(Collection<? super byte[]> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    /**
     * Moves at most a given number of items to a collection, as {@link #drainTo(Collection)} does.
     *
     * @param target where to add copies of the items, in order
     * @param max how many at most; zero or less moves none
     * @return how many items were moved
     */
    public int drainTo(Collection<? super byte[]> target, int max) {
        return buffer.drainTo(Objects.requireNonNull(target, "target"), max);
    }

    /**
     * Removes the items that are in the buffer, but not those that consumers have taken and not acknowledged. Not atomic: items
     * that are put meanwhile may be removed or not. Non-blocking.
     *
     * @throws IllegalStateException if the region is closed
     */
    public void clear() {
        buffer.clear();
    }

    /**
     * Ends the buffer for all processes: no item can be put until it is {@linkplain #reopen() reopened}. Waiting producers get
     * a {@link BufferEndedException}. Consumers take what is left. Idempotent. If this process dies here, the buffer is ended
     * or not; waiting threads notice it within about 100 ms.
     *
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this buffer was removed, or the region was deleted or replaced
     */
    public void end() {
        buffer.end();
    }

    /**
     * Returns whether the buffer was ended: no item can be put.
     *
     * @return true from {@link #end()} to {@link #reopen()}
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this buffer was removed, or the region was deleted or replaced
     */
    public boolean isEnded() {
        return buffer.isEnded();
    }

    /**
     * Returns whether the buffer was ended and all items are done, as for {@link #join()}: no consumer will get an item.
     *
     * @return true if {@link #take()} would return null
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this buffer was removed, or the region was deleted or replaced
     */
    public boolean isExhausted() {
        return buffer.isExhausted();
    }

    /**
     * Lets items be put again after the buffer was ended and all items are done. A consumer that has waited since then gets
     * null, or an item of the new run.
     *
     * @return whether it was ended; otherwise nothing is changed
     * @throws IllegalStateException if there are items that were not acknowledged, or the region is closed
     * @throws RegionException if this buffer was removed, or the region was deleted or replaced
     */
    public boolean reopen() {
        return buffer.reopen();
    }

    /**
     * Blocks until all items are done, as Python's {@code JoinableQueue.join()}: until there is a moment at which none is being
     * put, is in the buffer, or was taken and not acknowledged. An item of which a consumer takes a copy is done when it is
     * taken, and one that is dropped or cleared is done as well. One that is redelivered is done when its next consumer has
     * acknowledged it. The buffer need not be ended; a moment that lasts only microseconds may be missed.
     *
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this buffer was removed, or the region was deleted or replaced, before or while waiting
     */
    public void join() throws InterruptedException {
        buffer.join(Deadline.NEVER);
    }

    /** As {@link #join()}, but an interrupt does not end the wait; the interrupt status is preserved. */
    public void joinUninterruptibly() {
        Uninterruptibles.run(this::join);
    }

    /**
     * As {@link #join()}, waiting for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether all items are done; false on timeout
     * @throws InterruptedException if interrupted before or while waiting
     */
    public boolean join(Duration wait) throws InterruptedException {
        return buffer.join(Deadline.after(wait));
    }

    /**
     * Returns what happens to the items of a dead consumer.
     *
     * @return as chosen when the buffer was created
     */
    public OnConsumerDeath onConsumerDeath() {
        return buffer.drops() ? OnConsumerDeath.DROP : OnConsumerDeath.REDELIVER;
    }

    /**
     * Returns how many items it can hold.
     *
     * @return the number of cells
     */
    public int capacity() {
        return buffer.cells();
    }

    /**
     * Returns the largest length of an item.
     *
     * @return bytes
     */
    public int cellBytes() {
        return buffer.cellBytes();
    }

    /**
     * Returns the number of items, except those that are being put or were taken and not acknowledged. It is never greater than
     * the number of items at one moment during the call, and exact if no other thread uses the buffer meanwhile.
     *
     * @return the current number, which may change at any time
     * @throws IllegalStateException if the region is closed
     */
    public int size() {
        return buffer.size();
    }

    /**
     * Returns the current state: the items, the processes that put or have one, the number of waiting threads, and the number
     * of deaths repaired. Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this buffer was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return buffer.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return buffer.name();
    }

    private static @Nullable UnackedItem unacked(@Nullable TakenCell taken) {
        return taken == null ? null : new UnackedItem(taken);
    }

    private static boolean consumed(ByteBuffer item, boolean put) {
        if (put) {
            item.position(item.limit());
        }
        return put;
    }

    @Override
    public String toString() {
        return buffer.toString();
    }
}
