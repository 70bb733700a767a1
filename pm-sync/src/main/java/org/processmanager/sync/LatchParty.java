package org.processmanager.sync;

import java.util.concurrent.atomic.AtomicBoolean;
import org.processmanager.sync.internal.latch.LatchParties;

/**
 * A party of an {@link OwnedLatch}, which counts down once. Any thread of its process may do so. Thread-safe.
 *
 * <pre>{@code
 * try (LatchParty party = latch.register()) {
 *     work();
 *     party.countDown();
 * }
 * }</pre>
 */
public final class LatchParty implements AutoCloseable {
    private final LatchParties latch;
    private final int cell;
    private final AtomicBoolean left = new AtomicBoolean();

    LatchParty(LatchParties latch, int cell) {
        this.latch = latch;
        this.cell = cell;
    }

    /**
     * Counts down and, if this is the last party, wakes all waiting threads. Idempotent; does nothing after {@link #close()}.
     *
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if the latch was removed, or the region was deleted or replaced
     */
    public void countDown() {
        if (left.compareAndSet(false, true)) {
            latch.countDown(cell);
        }
    }

    /**
     * Leaves the latch: if this party has not counted down, its place is free for another one. Idempotent.
     *
     * @throws IllegalStateException if it has not counted down, and the region was closed meanwhile: the latch treats the party
     *     as dead then
     * @throws RegionException if it has not counted down, and the latch was removed, or the region was deleted or replaced
     */
    @Override
    public void close() {
        if (left.compareAndSet(false, true)) {
            latch.deregister(cell);
        }
    }
}
