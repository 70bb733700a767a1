package org.processmanager.sync;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.TextbookBuffer;
import org.processmanager.sync.internal.region.Deadline;

/**
 * A first-in, first-out buffer of byte strings between any number of producers and consumers in any number of processes.
 * Items are copied in and out; each has 0 to {@link #cellBytes()} bytes and is taken exactly once.
 *
 * <p><b>When a process dies</b> while it waits, or between two calls, nothing is lost. When it dies within a call, between
 * its claim of a cell and its last step: a producer loses its item if it was not put yet, and one cell of the
 * {@linkplain #capacity() capacity} is gone until the buffer is made anew; or the item is in the buffer and stays back as
 * the last one, since nobody announced it. A consumer leaves an item that stays back the same way, or loses it and one cell
 * with it. The buffer itself stays usable and its other items unharmed. This version has that hole; a later one will not.
 *
 * <p>The forms without waiting do wait for a moment while another thread copies its item; if that one is stopped just then,
 * they wait for it.
 */
public final class SharedBoundedBuffer {
    private final TextbookBuffer buffer;

    SharedBoundedBuffer(TextbookBuffer buffer) {
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
        buffer.put(ByteBuffer.wrap(item));
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
        buffer.put(item);
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
        return buffer.offer(ByteBuffer.wrap(item));
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
        return buffer.offer(ByteBuffer.wrap(item), Deadline.after(wait));
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
        return consumed(item, buffer.offer(item, Deadline.after(wait)));
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
        return buffer.take();
    }

    /**
     * Takes the oldest item if there is one, without waiting for one.
     *
     * @return a copy of the item, or null if there was none
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if its content is damaged
     */
    public byte @Nullable [] poll() {
        return buffer.poll();
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
        return buffer.poll(Deadline.after(wait));
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
     * How many items are in it at this moment.
     *
     * @return a number that may be another already
     * @throws IllegalStateException if the region is closed
     */
    public int size() {
        return buffer.size();
    }

    /**
     * The name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return buffer.name();
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
