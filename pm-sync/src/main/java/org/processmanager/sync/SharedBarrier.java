package org.processmanager.sync;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import org.processmanager.sync.internal.barrier.Barrier;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A barrier at which threads of several processes wait for each other, with the meaning of
 * {@link java.util.concurrent.CyclicBarrier}: all continue when the last party has arrived, and the barrier can be used again
 * at once. A party is a call of {@code await} by any thread of any process; if there are more of them than parties, the first
 * ones that arrive form a round, and the others the next one. Thread-safe.
 *
 * <pre>{@code
 * SharedBarrier start = shop.barrier("start", 3);
 * try (BarrierParty party = start.register()) {
 *     prepare();
 *     start.await();
 * }
 * }</pre>
 *
 * <p>It is <em>broken</em> when a waiting party is interrupted, waits too long, or closes its region, or when the action fails.
 * All waiting parties then get a {@link BrokenBarrierException}, and later ones until {@link #reset()}. A party of a round in
 * which all had arrived before continues normally.
 *
 * <p><b>When a process dies</b> that has arrived, or whose {@linkplain #register() registered} party has not arrived, the
 * barrier is broken, and the message names the process: within about 100 ms plus the time that the kernel needs to tear down
 * that process. If it was the last party and ran the action, the action may have run in part. A process that is not registered
 * and dies before it arrives is not missed: register, or wait for a limited time. A suspended process counts as one that has
 * not arrived.
 */
public final class SharedBarrier {
    private static final Runnable NO_ACTION = new NoAction();

    private final Barrier barrier;

    SharedBarrier(Barrier barrier) {
        this.barrier = barrier;
    }

    /**
     * Arrives, and blocks until all parties have arrived.
     *
     * @return how many parties were still missing on arrival; 0 for the last one
     * @throws InterruptedException if interrupted before or while waiting; the barrier is then broken
     * @throws BrokenBarrierException if the barrier is broken, or is broken or reset while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced, before or while waiting
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        return await(NO_ACTION);
    }

    /**
     * As {@link #await()}; the last party to arrive runs the action that it was given, before the others continue.
     *
     * @param action what to run if this is the last party; its exceptions break the barrier and are thrown to the caller
     * @return how many parties were still missing on arrival; 0 for the last one
     * @throws InterruptedException if interrupted before or while waiting; the barrier is then broken
     * @throws BrokenBarrierException if the barrier is broken, or is broken or reset while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced, before or while waiting
     */
    public int await(Runnable action) throws InterruptedException, BrokenBarrierException {
        try {
            return barrier.await(Deadline.NEVER, Objects.requireNonNull(action, "action"));
        } catch (TimeoutException e) {
            throw new IllegalStateException("a wait without a limit cannot end by time", e);
        }
    }

    /**
     * As {@link #await(Runnable)}, but an interrupt neither ends the wait nor breaks the barrier; the interrupt status is
     * preserved.
     *
     * @param action what to run if this is the last party; its exceptions break the barrier and are thrown to the caller
     * @return how many parties were still missing on arrival; 0 for the last one
     * @throws BrokenBarrierException if the barrier is broken, or is broken or reset while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced, before or while waiting
     */
    public int awaitUninterruptibly(Runnable action) throws BrokenBarrierException {
        return barrier.awaitUninterruptibly(Objects.requireNonNull(action, "action"));
    }

    /**
     * As {@link #awaitUninterruptibly(Runnable)}, without an action.
     *
     * @return how many parties were still missing on arrival; 0 for the last one
     * @throws BrokenBarrierException if the barrier is broken, or is broken or reset while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced, before or while waiting
     */
    public int awaitUninterruptibly() throws BrokenBarrierException {
        return awaitUninterruptibly(NO_ACTION);
    }

    /**
     * As {@link #await(Duration, Runnable)}, without an action.
     *
     * @param wait on the monotonic clock; zero or less does not wait, and breaks the barrier unless this is the last party
     * @return how many parties were still missing on arrival; 0 for the last one
     * @throws InterruptedException if interrupted before or while waiting; the barrier is then broken
     * @throws TimeoutException if the time was over first; the barrier is then broken, unless the caller waited for the action
     *     of an earlier round
     * @throws BrokenBarrierException if the barrier is broken, or is broken or reset while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced, before or while waiting
     */
    public int await(Duration wait) throws InterruptedException, BrokenBarrierException, TimeoutException {
        return await(wait, NO_ACTION);
    }

    /**
     * Arrives, and blocks until all parties have arrived, for at most a given time. The last party to arrive runs the action
     * that it was given, before the others continue; the time does not limit that.
     *
     * @param wait on the monotonic clock; zero or less does not wait, and breaks the barrier unless this is the last party
     * @param action what to run if this is the last party; its exceptions break the barrier and are thrown to the caller
     * @return how many parties were still missing on arrival; 0 for the last one
     * @throws InterruptedException if interrupted before or while waiting; the barrier is then broken
     * @throws TimeoutException if the time was over first; the barrier is then broken, unless the caller waited for the action
     *     of an earlier round
     * @throws BrokenBarrierException if the barrier is broken, or is broken or reset while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced, before or while waiting
     */
    public int await(Duration wait, Runnable action)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        return barrier.await(Deadline.after(wait), Objects.requireNonNull(action, "action"));
    }

    /**
     * Registers a party, whose death breaks the barrier also before it has arrived. A registered party arrives by
     * {@link #await()}, as others do, from any thread, in any number of rounds. Non-blocking.
     *
     * @return the registration, to be closed
     * @throws IllegalStateException if as many parties are registered as the barrier has, or the region is closed
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced
     */
    public BarrierParty register() {
        return new BarrierParty(barrier, barrier.register());
    }

    /**
     * Makes the barrier usable again if it is broken. Parties that wait get a {@link BrokenBarrierException}. Registrations
     * remain. Non-blocking.
     *
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced
     */
    public void reset() {
        barrier.reset();
    }

    /**
     * Returns whether the barrier is broken.
     *
     * @return true until it is reset
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced
     */
    public boolean isBroken() {
        return barrier.isBroken();
    }

    /**
     * Returns how many parties must arrive.
     *
     * @return the number with which it was opened
     */
    public int getParties() {
        return barrier.parties();
    }

    /**
     * Returns how many parties have arrived and wait for the others.
     *
     * @return the current number, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced
     */
    public int getNumberWaiting() {
        return barrier.arrived();
    }

    /**
     * Returns the current state: the parties that have arrived or are registered, or why it is broken. Writes nothing and does
     * not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this barrier was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return barrier.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return barrier.name();
    }

    @Override
    public String toString() {
        return barrier.toString();
    }

    private static final class NoAction implements Runnable {
        @Override
        public void run() {
            // the last party only arrives
        }
    }
}
