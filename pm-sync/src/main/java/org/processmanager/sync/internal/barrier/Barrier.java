package org.processmanager.sync.internal.barrier;

import java.nio.ByteBuffer;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.VictimLayout;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.BroadcastWaiting;
import org.processmanager.sync.internal.wait.Goal;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * A barrier that is used in rounds. A party arrives by taking the first free cell of the round; the one that takes the last
 * cell runs the action, starts the next round by a compare-and-set of the word, and wakes the others.
 *
 * <p>How many have arrived is derived from the cells, so that nothing can disagree with them after a death. A cell of an
 * earlier round is free: cells are not cleared. A party with an outdated word cannot take a cell of a later round: the round
 * ends by a trip only when all its cells are taken, and after a reset a cell of the earlier round counts for nothing.
 *
 * <p>A waiter looks at the round only, never at whether it was woken. Crash points: {@code barrier.arrived},
 * {@code barrier.last} (before the action), {@code barrier.tripped} (before the wake-up), {@code barrier.flagged} (armed, not
 * asleep), {@code barrier.woken}.
 */
public final class Barrier extends SharedObject {
    static final int DIED = 1;
    private static final int INTERRUPTED = 2;
    private static final int TIMED_OUT = 3;
    private static final int ACTION_FAILED = 4;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private static final int ROUND_IS_OVER = -1;
    private static final int ROUND_IS_FULL = -2;

    private final int parties;
    private final WakeWord wakeWord;
    private final BroadcastWaiting waiting;

    /** Uses a barrier. */
    public Barrier(Region region, RegionObject object) {
        super(region, object);
        parties = object.dimension(0);
        wakeWord = new WakeWord(memory, parking, BarrierLayout.wakeWord(offset));
        waiting = new BroadcastWaiting(this, wakeWord, "barrier.flagged", "barrier.woken");
    }

    /** Returns why a barrier is broken, in words. */
    static String reason(int broken, ByteBuffer memory, int victim) {
        return switch (broken) {
            case DIED -> "party " + VictimLayout.describe(memory, victim) + " died";
            case INTERRUPTED -> "a waiting party was interrupted";
            case TIMED_OUT -> "a party waited too long";
            default -> "the action failed";
        };
    }

    public int parties() {
        return parties;
    }

    /** Returns how many parties have arrived in this round; 0 if the barrier is broken. */
    public int arrived() {
        long word = word();
        int arrived = 0;
        for (int cell = 0; cell < parties; cell++) {
            arrived +=
                    BarrierLayout.isArrival(BarrierLayout.cellVolatile(memory, offset, cell), BarrierLayout.round(word))
                            ? 1
                            : 0;
        }
        handle.checkUsable();
        return BarrierLayout.broken(word) != 0 ? 0 : arrived;
    }

    /** Returns whether a party died, gave up or failed in this round. */
    public boolean isBroken() {
        return BarrierLayout.broken(word()) != 0;
    }

    private long word() {
        long word = BarrierLayout.wordVolatile(memory, offset);
        handle.checkUsable(); // after reading the word, since closing makes all words 0
        return word;
    }

    /** Starts another round, and breaks the present one for the parties that have arrived. */
    public void reset() {
        long word;
        long next;
        do {
            word = word();
            next = BarrierLayout.reset(word);
            forget(BarrierLayout.round(next));
        } while (!BarrierLayout.casWord(memory, offset, word, next));
        wakeWord.signalAll();
        handle.checkUsable();
    }

    /** Frees the cells of an earlier round that had the number of the next one: the number of resets wraps around. */
    private void forget(int round) {
        for (int cell = 0; cell < parties; cell++) {
            long found = BarrierLayout.cellVolatile(memory, offset, cell);
            if (BarrierLayout.isArrival(found, round)) {
                BarrierLayout.casCell(memory, offset, cell, found, 0);
            }
        }
    }

    /**
     * Arrives and waits for the other parties.
     *
     * @param action what the last party runs before the others continue
     * @return how many parties were still missing on arrival
     */
    public int await(Deadline deadline, Runnable action)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        if (Thread.interrupted()) {
            breakRound(BarrierLayout.round(unbroken()), INTERRUPTED);
            throw new InterruptedException();
        }
        while (true) {
            int round = BarrierLayout.round(unbroken());
            int cell = arrive(round);
            if (cell == ROUND_IS_FULL) {
                awaitNextRound(round, deadline);
            } else if (cell == parties - 1) {
                trip(round, action);
                return 0;
            } else if (cell != ROUND_IS_OVER) {
                awaitTrip(round, deadline);
                return parties - 1 - cell;
            }
        }
    }

    /** As {@link #await} without a limit; an interrupt neither ends the wait nor breaks the barrier. */
    public int awaitUninterruptibly(Runnable action) throws BrokenBarrierException {
        while (true) {
            int round = BarrierLayout.round(unbroken());
            int cell = arrive(round);
            if (cell == parties - 1) {
                trip(round, action);
                return 0;
            }
            if (cell != ROUND_IS_OVER) {
                Uninterruptibles.run(() -> awaitEnd(round, Deadline.NEVER));
            }
            if (cell >= 0) {
                checkTripped(round);
                return parties - 1 - cell;
            }
        }
    }

    /** Returns the word of a barrier that is not broken. */
    private long unbroken() throws BrokenBarrierException {
        long word = word();
        if (BarrierLayout.broken(word) != 0) {
            throw broken(word);
        }
        return word;
    }

    private BrokenBarrierException broken(long word) {
        String reason = reason(BarrierLayout.broken(word), memory, BarrierLayout.victim(offset));
        return new BrokenBarrierException(this + " is broken: " + reason + "; reset it to use it again");
    }

    /** Takes the first free cell of a round; returns its number. */
    private int arrive(int round) throws BrokenBarrierException {
        for (int cell = 0; cell < parties; ) {
            long found = BarrierLayout.cellVolatile(memory, offset, cell);
            // After reading the cell: if the round ends by a trip from here on, another party has taken the cell.
            if (BarrierLayout.round(unbroken()) != round) {
                return ROUND_IS_OVER;
            }
            if (BarrierLayout.isArrival(found, round)) {
                cell++;
            } else if (BarrierLayout.casCell(memory, offset, cell, found, BarrierLayout.arrival(round, self))) {
                CrashPoint.reach("barrier.arrived");
                return cell;
            }
        }
        return ROUND_IS_FULL;
    }

    private void trip(int round, Runnable action) throws BrokenBarrierException {
        CrashPoint.reach("barrier.last");
        boolean done = false;
        try {
            breakIfPartyDied(round);
            action.run();
            done = true;
        } finally {
            if (!done) {
                breakRound(round, ACTION_FAILED);
            }
        }
        long word;
        do {
            word = checkRound(round);
        } while (!BarrierLayout.casWord(memory, offset, word, BarrierLayout.tripped(word)));
        CrashPoint.reach("barrier.tripped");
        wakeWord.signalAll();
        handle.checkUsable();
    }

    /** Breaks a round in which a party has arrived that is dead, and not repaired yet. */
    private void breakIfPartyDied(int round) throws BrokenBarrierException {
        for (int cell = 0; cell < parties; cell++) {
            int owner = BarrierLayout.owner(BarrierLayout.cellVolatile(memory, offset, cell));
            if (owner != 0 && isDead(owner)) { // 0 during a reset
                long word = word();
                if (BarrierLayout.round(word) == round) {
                    BarrierHandler.breakBy(memory, offset, owner, word);
                    region.repairQuietly(owner);
                }
            }
        }
        checkRound(round);
    }

    /** Returns the word; throws if a round is broken, or has ended by a reset. */
    private long checkRound(int round) throws BrokenBarrierException {
        long word = word();
        if (BarrierLayout.round(word) != round) {
            throw new BrokenBarrierException(this + " was reset before all parties had arrived");
        }
        if (BarrierLayout.broken(word) != 0) {
            throw broken(word);
        }
        return word;
    }

    private void awaitTrip(int round, Deadline deadline)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        try {
            if (!awaitEnd(round, deadline) && breakRound(round, TIMED_OUT)) {
                throw new TimeoutException("not all parties of " + this + " have arrived in time; it is broken now");
            }
        } catch (InterruptedException e) {
            if (breakRound(round, INTERRUPTED)) {
                throw e;
            }
            Thread.currentThread().interrupt(); // the round has ended all the same
        }
        checkTripped(round);
    }

    /** Waits until a round ends, in any way; returns false on timeout. */
    private boolean awaitEnd(int round, Deadline deadline) throws InterruptedException {
        End end = new End(round);
        return parties > PROCESSORS ? waiting.untilWithoutSpin(deadline, end) : waiting.until(deadline, end);
    }

    /** Throws if a round that has ended is broken, or was reset. */
    private void checkTripped(int round) throws BrokenBarrierException {
        if (!BarrierLayout.hasTripped(round, word())) {
            checkRound(round);
        }
    }

    /** Waits while the last party of a round runs its action. */
    private void awaitNextRound(int round, Deadline deadline) throws InterruptedException, TimeoutException {
        if (!awaitEnd(round, deadline)) {
            throw new TimeoutException("the last party of " + this + " has not finished its action in time");
        }
    }

    /** Breaks a round; returns false if it has ended or is broken. */
    private boolean breakRound(int round, int reason) {
        long word = word();
        while (BarrierLayout.round(word) == round && BarrierLayout.broken(word) == 0) {
            if (BarrierLayout.casWord(memory, offset, word, BarrierLayout.withBroken(word, reason))) {
                wakeWord.signalAll();
                return true;
            }
            word = word();
        }
        return false;
    }

    /**
     * Registers a party, whose death breaks the barrier also before it has arrived.
     *
     * @return its cell
     */
    public int register() {
        int cell = takeRegistration();
        if (cell < 0) {
            region.repairDead(); // which frees the cells of dead parties
            cell = takeRegistration();
        }
        handle.checkUsable();
        if (cell >= 0) {
            return cell;
        }
        throw new IllegalStateException(this + " has its " + parties
                + " registered parties already (expected: at most as many as it was opened with)");
    }

    private int takeRegistration() {
        for (int cell = parties; cell < 2 * parties; cell++) {
            if (BarrierLayout.casCell(memory, offset, cell, 0, self)) {
                return cell;
            }
        }
        return -1;
    }

    /** Ends a registration. */
    public void deregister(int cell) {
        handle.checkUsable();
        BarrierLayout.casCell(memory, offset, cell, self, 0);
    }

    /** The end of a round, in any way. */
    private final class End implements Goal {
        private final int round;

        End(int round) {
            this.round = round;
        }

        @Override
        public boolean attempt() {
            long word = word();
            return BarrierLayout.round(word) != round || BarrierLayout.broken(word) != 0;
        }

        @Override
        public void searchDead() {
            region.repairDead();
        }
    }
}
