package org.processmanager.sync;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.Ticket;
import org.processmanager.sync.internal.buffer.TakenCell;

/**
 * An item that was taken from a {@link SharedBoundedBuffer} and stays in its cell until it is closed, once, by any thread of
 * the process. Keep it reachable as long as it is worked on: one that is left unclosed to the garbage collector is
 * redelivered or dropped, as if its consumer had died, when about two collections have found that; in a buffer with more than
 * 64 cells not before others are closed that were taken about when it was, and in one with more than 1 048 576 not before
 * the region is closed.
 */
public final class UnackedItem implements AutoCloseable {
    private final TakenCell taken;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** While it is reachable through this the item is not given up; null when this was closed. */
    private @Nullable Ticket ticket;

    /** For who has just taken it. */
    UnackedItem(TakenCell taken) {
        this.taken = taken;
        ticket = taken.ticket();
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
        try {
            byte[] copy = taken.copy();
            checkOpen(); // the cell may have been another's while it was copied
            return copy;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Whether a consumer had it before and died, or left it unclosed: what is done with it may be done already, or half done.
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
            Ticket mine = ticket;
            ticket = null;
            try {
                taken.done();
            } finally {
                Reference.reachabilityFence(mine);
            }
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this item is done with");
        }
    }
}
