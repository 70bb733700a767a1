package org.processmanager.sync;

import java.time.Duration;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.latch.LatchParties;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A latch that knows its parties: it opens when a given number of parties have registered and counted down. It is used once.
 * Thread-safe.
 *
 * <p><b>When the process of a party dies</b>, or closes its region, before the party has counted down, waiting threads and
 * later ones get a {@link PartyDiedException} that names it, within about 100 ms plus the time that the kernel needs to tear
 * down that process; with {@link OnPartyDeath#COUNT_DOWN} the party counts as one that has counted down. The death of a process
 * that has not registered yet, or that only waits, has no effect.
 */
public final class OwnedLatch {
    /** What happens when a party dies before it has counted down. */
    public enum OnPartyDeath {
        /** Waiting for the latch throws {@link PartyDiedException}, now and later. */
        FAIL,
        /** The party counts as one that has counted down. */
        COUNT_DOWN
    }

    private final LatchParties latch;

    OwnedLatch(LatchParties latch) {
        this.latch = latch;
    }

    /**
     * Registers a party.
     *
     * @return the party, to be closed
     * @throws IllegalStateException if the latch has all its parties, or the region is closed
     * @throws RegionException if this latch was removed, or the region was deleted or replaced
     */
    public LatchParty register() {
        return new LatchParty(latch, latch.register());
    }

    /**
     * Returns how many parties have not counted down, including those that have not registered.
     *
     * @return 0 if the latch is open
     * @throws PartyDiedException if a party died before it counted down
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this latch was removed, or the region was deleted or replaced
     */
    public int getCount() {
        return latch.count();
    }

    /**
     * Blocks until all parties have counted down.
     *
     * @throws InterruptedException if interrupted before or while waiting
     * @throws PartyDiedException if a party died before it counted down
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this latch was removed, or the region was deleted or replaced, before or while waiting
     */
    public void await() throws InterruptedException {
        latch.await(Deadline.NEVER);
    }

    /**
     * As {@link #await()}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @throws PartyDiedException if a party died before it counted down
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this latch was removed, or the region was deleted or replaced, before or while waiting
     */
    public void awaitUninterruptibly() {
        Uninterruptibles.run(this::await);
    }

    /**
     * Blocks until all parties have counted down, for at most a given time.
     *
     * @param wait on the monotonic clock; zero or less does not wait
     * @return whether all have counted down; false on timeout
     * @throws InterruptedException if interrupted before or while waiting
     * @throws PartyDiedException if a party died before it counted down
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this latch was removed, or the region was deleted or replaced, before or while waiting
     */
    public boolean await(Duration wait) throws InterruptedException {
        return latch.await(Deadline.after(wait));
    }

    /**
     * Returns the current state: the parties that have registered, how many have counted down, the number of waiting threads,
     * and the party that died. Writes nothing and does not block; thread-safe.
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
