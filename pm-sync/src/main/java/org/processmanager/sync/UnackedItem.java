package org.processmanager.sync;

import java.util.concurrent.atomic.AtomicBoolean;
import org.processmanager.sync.internal.buffer.TakenCell;

/**
 * An item that was taken from a {@link SharedBoundedBuffer} and stays in its cell until it is closed, once, by any thread of
 * the process.
 */
public final class UnackedItem implements AutoCloseable {
    private final TakenCell taken;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** For who has just taken it. */
    UnackedItem(TakenCell taken) {
        this.taken = taken;
    }

    /**
     * The item.
     *
     * @return a new copy each time
     * @throws IllegalStateException if this was closed, or the region is
     * @throws RegionException if the content of the buffer is damaged
     */
    public byte[] bytes() {
        checkOpen();
        byte[] copy = taken.copy();
        checkOpen(); // the cell may have been another's while it was copied
        return copy;
    }

    /**
     * Whether a consumer had it before and died: what is done with it may be done already, or half done.
     *
     * @return true if it is not the first time
     */
    public boolean redelivered() {
        return taken.redelivered();
    }

    /**
     * Says that the item is done with: it will not be redelivered, and its cell is free. Closing again does nothing.
     *
     * @throws IllegalStateException if the region was closed meanwhile: the item was given up then
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            taken.done();
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this item is done with");
        }
    }
}
