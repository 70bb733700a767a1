package org.processmanager.sync;

import java.time.Duration;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.latch.LatchCount;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A count that processes lower to 0, and threads that wait for that, with the meaning of
 * {@link java.util.concurrent.CountDownLatch}. It is used once: the count never rises. Thread-safe.
 *
 * <pre>{@code
 * SharedLatch loaded = shop.latch("loaded", 2);
 * loaded.countDown();     // in two processes
 * loaded.await();         // in any others
 * }</pre>
 *
 * <p><b>When a process dies</b> that would have counted down, the count stays above 0, and others wait until their time is
 * over. Where parties may die, use an {@link OwnedLatch}, which names the party that died. If a process dies while it counts
 * down to 0, waiting threads continue within about 100 ms. The death of a waiting process has no effect.
 */
public final class SharedLatch {
    private final LatchCount latch;

    SharedLatch(LatchCount latch) {
        this.latch = latch;
    }

    /**
     * Lowers the count by 1 and, if it is then 0, wakes all waiting threads. Does nothing if it is 0 already. Non-blocking.
     *
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this latch was removed, or the region was deleted or replaced
     */
    public void countDown() {
        latch.countDown();
    }

    /**
     * Returns the current count.
     *
     * @return 0 if the latch is open; otherwise how often it must still be counted down
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this latch was removed, or the region was deleted or replaced
     */
    public int getCount() {
        return latch.count();
    }

    /**
     * Blocks until the count is 0.
     *
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this latch was removed, or the region was deleted or replaced, before or while waiting
     */
    public void await() throws InterruptedException {
        latch.await(Deadline.NEVER);
    }

    /**
     * As {@link #await()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this latch was removed, or the region was deleted or replaced, before or while waiting
     */
    public void awaitUninterruptibly() {
        Uninterruptibles.run(this::await);
    }

    /**
     * Blocks until the count is 0, for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether the count is 0; false on timeout
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this latch was removed, or the region was deleted or replaced, before or while waiting
     */
    public boolean await(Duration wait) throws InterruptedException {
        return latch.await(Deadline.after(wait));
    }

    /**
     * Returns the current state: the count and the number of waiting threads. Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this latch was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return latch.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return latch.name();
    }

    @Override
    public String toString() {
        return latch.toString();
    }
}
