package org.processmanager.sync;

import java.util.concurrent.atomic.AtomicBoolean;
import org.processmanager.sync.internal.barrier.Barrier;

/**
 * The registration of a party with a {@link SharedBarrier}: until it is closed, the death of its process breaks the barrier.
 * Thread-safe; any thread of the process may close it.
 */
public final class BarrierParty implements AutoCloseable {
    private final Barrier barrier;
    private final int cell;
    private final AtomicBoolean closed = new AtomicBoolean();

    BarrierParty(Barrier barrier, int cell) {
        this.barrier = barrier;
        this.cell = cell;
    }

    /**
     * Ends the registration. Idempotent.
     *
     * @throws IllegalStateException if the region was closed meanwhile: the barrier treats the party as dead then
     * @throws RegionException if the barrier was removed, or the region was deleted or replaced
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            barrier.deregister(cell);
        }
    }
}
