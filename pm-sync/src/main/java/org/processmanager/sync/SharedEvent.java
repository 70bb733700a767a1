package org.processmanager.sync;

import java.time.Duration;
import org.processmanager.sync.internal.event.EventState;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A flag that processes set, clear and wait for, as Python's {@code multiprocessing.Event}. Thread-safe.
 *
 * <pre>{@code
 * SharedEvent stop = shop.event("stop");
 * while (!stop.await(Duration.ofSeconds(1))) {
 *     work();
 * }
 * }</pre>
 *
 * <p>An event that was opened by {@link SharedMemory#event} stays set until {@link #clear()}, and setting it wakes all waiting
 * threads, even if it is cleared at once. One that was opened by {@link SharedMemory#autoResetEvent} lets one waiting thread
 * pass each time it is set, and clears itself then; setting it twice before a thread waits lets one thread pass.
 *
 * <p>With automatic reset, threads that wait through one handle pass in order of arrival.
 *
 * <p><b>When a process dies</b>, the flag stays as it is; if it dies while it sets the event, waiting threads pass within about
 * 100 ms. A process that dies when it has passed an event with automatic reset has consumed it: where permission to work must
 * not get lost, use a {@link LeasedSemaphore}.
 */
public final class SharedEvent {
    private final EventState event;

    SharedEvent(EventState event) {
        this.event = event;
    }

    /**
     * Sets the event, and wakes all waiting threads; with automatic reset, one. Non-blocking.
     *
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this event was removed, or the region was deleted or replaced
     */
    public void set() {
        event.set();
    }

    /**
     * Clears the event. Waiting threads that it was set for pass all the same, unless it has automatic reset. Non-blocking.
     *
     * @return whether it was set
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this event was removed, or the region was deleted or replaced
     */
    public boolean clear() {
        return event.clear();
    }

    /**
     * Returns whether the event is set. Changes nothing, also with automatic reset.
     *
     * @return the current state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this event was removed, or the region was deleted or replaced
     */
    public boolean isSet() {
        return event.isSet();
    }

    /**
     * Blocks until the event is set; with automatic reset, clears it. Does not block if it is set already.
     *
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this event was removed, or the region was deleted or replaced, before or while waiting
     */
    public void await() throws InterruptedException {
        event.await(Deadline.NEVER);
    }

    /**
     * As {@link #await()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this event was removed, or the region was deleted or replaced, before or while waiting
     */
    public void awaitUninterruptibly() {
        event.awaitUninterruptibly();
    }

    /**
     * Blocks until the event is set, for at most a given time; with automatic reset, clears it.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether it was set; false on timeout
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this event was removed, or the region was deleted or replaced, before or while waiting
     */
    public boolean await(Duration wait) throws InterruptedException {
        return event.await(Deadline.after(wait));
    }

    /**
     * Returns whether the event clears itself when a thread passes it.
     *
     * @return true if it was opened by {@link SharedMemory#autoResetEvent}
     */
    public boolean isAutoReset() {
        return event.isAutoReset();
    }

    /**
     * Returns the current state: whether it is set, and the number of waiting threads. Writes nothing and does not block;
     * thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this event was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return event.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return event.name();
    }

    @Override
    public String toString() {
        return event.toString();
    }
}
