package org.processmanager.sync;

import java.util.concurrent.atomic.AtomicBoolean;
import org.processmanager.sync.internal.buffer.TakenCell;

/**
 * An item that was taken from a {@link SharedBoundedBuffer} and stays in its cell until it is acknowledged. Closing it
 * unacknowledged, for example because processing threw an exception, gives it back. Thread-safe: any thread of the process may
 * acknowledge or close it.
 */
public final class UnackedItem implements AutoCloseable {
    private final TakenCell taken;
    private final AtomicBoolean done = new AtomicBoolean();

    /** For the consumer that has just taken it. */
    UnackedItem(TakenCell taken) {
        this.taken = taken;
    }

    /**
     * Returns the item.
     *
     * @return a new copy each time
     * @throws IllegalStateException if this was acknowledged or closed, or the region is closed
     * @throws RegionException if the content of the buffer is damaged
     */
    public byte[] bytes() {
        checkOpen();
        byte[] copy = taken.copy();
        checkOpen(); // the cell may have been reused while it was copied
        return copy;
    }

    /**
     * Returns whether another consumer took it before and died or gave it back: it may have been processed in full or in part.
     *
     * @return true if it was delivered before
     */
    public boolean redelivered() {
        return taken.redelivered();
    }

    /**
     * Acknowledges the item: it will not be redelivered, and its cell is free. Idempotent; has no effect on an item that was
     * closed.
     *
     * @throws IllegalStateException if the region was closed meanwhile: the item was given back then
     * @throws RegionException if the buffer was removed, or the region was deleted or replaced
     */
    public void ack() {
        if (done.compareAndSet(false, true)) {
            taken.ack();
        }
    }

    /**
     * Gives the item back if it was not acknowledged: it is redelivered or dropped as after the death of its consumer, see
     * {@link SharedBoundedBuffer.OnConsumerDeath}. Idempotent.
     *
     * @throws IllegalStateException if the region was closed meanwhile and the item was not acknowledged: it was given back
     *     then
     * @throws RegionException if it was not acknowledged, and the buffer was removed, or the region was deleted or replaced
     */
    @Override
    public void close() {
        if (done.compareAndSet(false, true)) {
            taken.giveBack();
        }
    }

    private void checkOpen() {
        if (done.get()) {
            throw new IllegalStateException("this item was acknowledged or closed");
        }
    }
}
