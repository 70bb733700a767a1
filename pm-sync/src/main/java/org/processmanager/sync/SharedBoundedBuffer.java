package org.processmanager.sync;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.buffer.CellBuffer;
import org.processmanager.sync.internal.buffer.TakenCell;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A first-in, first-out buffer of byte strings between any number of producers and consumers in any number of processes.
 * Items are copied in and out; each has 0 to {@link #cellBytes()} bytes.
 *
 * <pre>{@code
 * SharedBoundedBuffer orders = shop.boundedBuffer("orders", 1024, 64);
 * orders.put(order);                                  // a producer
 * try (UnackedItem item = orders.takeUnacked()) {       // a consumer; take() if a copy is all it needs
 *     process(item.bytes());
 * }
 * }</pre>
 *
 * <p><b>When a process dies</b>, or closes its region, at whatever step: a producer's item is in the buffer or it is not,
 * and nothing else is lost. The item that a consumer was about to copy, or held by {@link #takeUnacked()}, is
 * {@linkplain OnConsumerDeath#REDELIVER redelivered}: another consumer gets it, ahead of the others, so that each item is taken at
 * least once; or it is {@linkplain OnConsumerDeath#DROP dropped}, so that each is taken at most once. Others learn of the death
 * within about a tenth of a second plus the time that the kernel needs to take the dead process apart; who only polls, when
 * it polls again. A process that is merely stopped within a call, or while it holds an item, is waited for by those that
 * come to its cell.
 *
 * <p>The order is that in which producers claim their cells. The forms without waiting therefore give up, too, while the
 * oldest item is just being put, or while the cell that would be next is still held by a consumer.
 */
public final class SharedBoundedBuffer {
    /** What happens to items that a consumer had when it died. */
    public enum OnConsumerDeath {
        /** Another consumer gets them: each item is taken at least once. */
        REDELIVER,
        /** They are gone: each item is taken at most once. */
        DROP
    }

    private final CellBuffer buffer;

    SharedBoundedBuffer(CellBuffer buffer) {
        this.buffer = buffer;
    }

    /**
     * Puts an item, waiting until there is room.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @throws IllegalArgumentException if it is longer
     * @throws InterruptedException if interrupted before or while waiting; the item is then not put
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting
     */
    public void put(byte[] item) throws InterruptedException {
        buffer.put(ByteBuffer.wrap(Objects.requireNonNull(item, "item")), Deadline.NEVER);
    }

    /**
     * Puts what lies between position and limit of a buffer, waiting until there is room. The position is then at the limit;
     * it stays where it was if anything is thrown.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @throws IllegalArgumentException if it is longer
     * @throws InterruptedException if interrupted before or while waiting; the item is then not put
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting
     */
    public void put(ByteBuffer item) throws InterruptedException {
        buffer.put(item, Deadline.NEVER);
        item.position(item.limit());
    }

    /**
     * Puts an item if there is room, without waiting for it.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @return whether it was put
     * @throws IllegalArgumentException if it is longer
     * @throws IllegalStateException if the region is closed
     */
    public boolean offer(byte[] item) {
        return buffer.offer(ByteBuffer.wrap(Objects.requireNonNull(item, "item")));
    }

    /**
     * Puts what lies between position and limit of a buffer if there is room, without waiting for it. The position is then at
     * the limit, else where it was.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @return whether it was put
     * @throws IllegalArgumentException if it is longer
     * @throws IllegalStateException if the region is closed
     */
    public boolean offer(ByteBuffer item) {
        return consumed(item, buffer.offer(item));
    }

    /**
     * Puts an item, waiting at most so long for room.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether it was put
     * @throws IllegalArgumentException if it is longer
     * @throws InterruptedException if interrupted before or while waiting; the item is then not put
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting
     */
    public boolean offer(byte[] item, Duration wait) throws InterruptedException {
        return buffer.put(ByteBuffer.wrap(Objects.requireNonNull(item, "item")), Deadline.after(wait));
    }

    /**
     * Puts what lies between position and limit of a buffer, waiting at most so long for room. The position is then at the
     * limit, else where it was.
     *
     * @param item at most {@link #cellBytes()} bytes
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether it was put
     * @throws IllegalArgumentException if it is longer
     * @throws InterruptedException if interrupted before or while waiting; the item is then not put
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting
     */
    public boolean offer(ByteBuffer item, Duration wait) throws InterruptedException {
        return consumed(item, buffer.put(item, Deadline.after(wait)));
    }

    /**
     * Takes the oldest item, waiting until there is one.
     *
     * @return a copy of the item
     * @throws InterruptedException if interrupted before or while waiting; no item is then taken
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting, or its content is damaged
     */
    public byte[] take() throws InterruptedException {
        return Objects.requireNonNull(buffer.takeCopy(Deadline.NEVER));
    }

    /**
     * Takes the oldest item if there is one, without waiting for one.
     *
     * @return a copy of the item, or null if there was none
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public byte @Nullable [] poll() {
        return buffer.pollCopy();
    }

    /**
     * Takes the oldest item, waiting at most so long for one.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return a copy of the item, or null if there was none
     * @throws InterruptedException if interrupted before or while waiting; no item is then taken
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting, or its content is damaged
     */
    public byte @Nullable [] poll(Duration wait) throws InterruptedException {
        return buffer.takeCopy(Deadline.after(wait));
    }

    /**
     * Takes the oldest item, waiting until there is one, and leaves it in its cell until it is closed: if this process dies
     * before, it is as {@link #onConsumerDeath()} says.
     *
     * @return the item, to be closed when it is done with
     * @throws InterruptedException if interrupted before or while waiting; no item is then taken
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting, or its content is damaged
     */
    public UnackedItem takeUnacked() throws InterruptedException {
        return new UnackedItem(Objects.requireNonNull(buffer.take(Deadline.NEVER)));
    }

    /**
     * As {@link #takeUnacked()} if there is an item, without waiting for one.
     *
     * @return the item, to be closed when it is done with, or null if there was none
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public @Nullable UnackedItem pollUnacked() {
        return hold(buffer.poll());
    }

    /**
     * As {@link #takeUnacked()}, waiting at most so long for an item.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the item, to be closed when it is done with, or null if there was none
     * @throws InterruptedException if interrupted before or while waiting; no item is then taken
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if the region was deleted while waiting, or its content is damaged
     */
    public @Nullable UnackedItem pollUnacked(Duration wait) throws InterruptedException {
        return hold(buffer.take(Deadline.after(wait)));
    }

    /**
     * What happens to the items that a dead consumer had.
     *
     * @return as it was said when the buffer was made
     */
    public OnConsumerDeath onConsumerDeath() {
        return buffer.drops() ? OnConsumerDeath.DROP : OnConsumerDeath.REDELIVER;
    }

    /**
     * How many items it can hold.
     *
     * @return the number of cells
     */
    public int capacity() {
        return buffer.cells();
    }

    /**
     * How long an item can be.
     *
     * @return bytes
     */
    public int cellBytes() {
        return buffer.cellBytes();
    }

    /**
     * How many items are in it at this moment, those not counted that are put or held just now.
     *
     * @return a number that may be another already
     * @throws IllegalStateException if the region is closed
     */
    public int size() {
        return buffer.size();
    }

    /**
     * Looks at this buffer as {@link SharedMemory#inspect()} does at all objects: takes no part, writes nothing, waits for
     * nobody; by any thread.
     *
     * @return its items, who puts or has one, how many wait, how many deaths were made good for at this moment; it may have changed since
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this buffer was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionInfo.NamedObject inspect() {
        return buffer.inspect();
    }

    /**
     * The name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return buffer.name();
    }

    private static @Nullable UnackedItem hold(@Nullable TakenCell taken) {
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
