package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code PermitCells} with threads that acquire several permits at once, all or none, and release them; the third party may
 * give up.
 *
 * <pre>
 *   state: as {@link PartyModel}, and: whether one has waited for several permits, the cells (0 free, else party + 1),
 *          then for each party: the cell at which it looks, or whether it wakes 1 or all, whether it has slept, whether it has all permits that it wants
 * </pre>
 */
final class CollectorModel extends PartyModel {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A collector that finds too few permits keeps what it has while it waits. */
        KEEPS_SOME,
        /** A permit that is released wakes one waiter, though it may be of no use to that one. */
        WAKES_ONE,
        /** The first collector wakes no other waiter, though one that released just now may not know of it. */
        RAISES_SILENTLY,
        /** A waiter that has slept leaves without setting WAITERS. */
        FORGETS_WAITERS,
        /** A waiter sleeps after arming the word without looking again. */
        NO_SECOND_LOOK,
        /** The cells of dead parties are not freed. */
        NO_REPAIR,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int SEVERAL = SHARED;
    private static final int CELLS = SHARED + 1;

    private static final int CELL = OWN;
    private static final int SLEPT = OWN + 1;
    private static final int HAS = OWN + 2;

    private static final int TAKE = STEPS;
    private static final int GIVE_BACK = STEPS + 1;
    private static final int SIGNAL_BACK = STEPS + 2;
    private static final int REARM = STEPS + 3;
    private static final int PASS_ON = STEPS + 4;
    private static final int INSIDE = STEPS + 5;
    private static final int SIGNAL = STEPS + 6;
    private static final int GIVE_UP = STEPS + 7;
    private static final int RAISE = STEPS + 8;

    private static final int WAKE_ONE = 1;
    private static final int WAKE_ALL = 2;

    private final int permits;
    private final int[] wanted;
    private final Set<Mutation> mutations;

    CollectorModel(int permits, int[] wanted, int deaths, Mutation... mutations) {
        super(
                wanted.length,
                deaths,
                1 + permits,
                3,
                !List.of(mutations).contains(Mutation.NO_SLICES),
                !List.of(mutations).contains(Mutation.NO_SECOND_LOOK));
        this.permits = permits;
        this.wanted = wanted;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private int count(byte[] s, int owner) {
        int count = 0;
        for (int cell = 0; cell < permits; cell++) {
            count += s[CELLS + cell] == owner ? 1 : 0;
        }
        return count;
    }

    private void freeOne(byte[] s, int party) {
        int cell = 0;
        while (s[CELLS + cell] != party + 1) {
            cell++;
        }
        s[CELLS + cell] = 0;
    }

    @Override
    void step(byte[] s, int party, Explorer.Successors next) {
        int me = at(party);
        switch (s[me + PC]) {
            case BEGIN -> s[me + PC] = LOOK;
            case LOOK -> look(s, party, next);
            case TAKE -> take(s, party);
            case GIVE_BACK -> {
                freeOne(s, party);
                s[me + PC] = SIGNAL_BACK;
            }
            case SIGNAL_BACK, SIGNAL -> {
                if (s[me + CELL] == 0) {
                    s[me + CELL] = (byte) (s[SEVERAL] == 1 && !has(Mutation.WAKES_ONE) ? WAKE_ALL : WAKE_ONE);
                } else {
                    boolean one = s[me + CELL] == WAKE_ONE;
                    boolean more = count(s, party + 1) > 0;
                    boolean back = s[me + PC] == SIGNAL_BACK;
                    s[me + CELL] = 0;
                    s[me + PC] = (byte) (back ? more ? GIVE_BACK : LOOK : more ? INSIDE : DONE);
                    if (one) {
                        signalOne(s, next);
                        return;
                    }
                    signalAll(s, false);
                }
            }
            case RAISE -> {
                if (!has(Mutation.RAISES_SILENTLY)) {
                    signalAll(s, false);
                }
                s[me + PC] = LOOK;
            }
            case REARM -> {
                arm(s);
                boolean passesOn = s[me + HAS] == 0 || count(s, 0) > 0;
                s[me + PC] = passesOn ? PASS_ON : afterWait(s, me);
            }
            case PASS_ON -> {
                s[me + PC] = afterWait(s, me);
                signalOne(s, next);
                return;
            }
            case INSIDE -> {
                freeOne(s, party);
                s[me + HAS] = 0;
                s[me + PC] = SIGNAL;
            }
            case GIVE_UP -> leave(s, party);
            default -> throw new AssertionError(s[me + PC]);
        }
        next.step(s);
    }

    private void look(byte[] s, int party, Explorer.Successors next) {
        int me = at(party);
        if (count(s, 0) + count(s, party + 1) >= wanted[party] || has(Mutation.KEEPS_SOME) && count(s, 0) > 0) {
            s[me + PC] = TAKE;
            return;
        }
        if (wanted[party] > 1 && s[SEVERAL] == 0) {
            s[SEVERAL] = 1;
            s[me + PC] = RAISE;
            return;
        }
        s[me + SLEPT] |= s[me + ARMED] > 0 ? 1 : (byte) 0;
        if (party == 2 && s[me + ARMED] > 0) {
            byte[] late = s.clone();
            late[me + PC] = GIVE_UP;
            next.step(late);
        }
        waitMore(s, party);
    }

    /** Takes the next free cell. At the end it gives all back, unless they are enough. */
    private void take(byte[] s, int party) {
        int me = at(party);
        if (s[CELLS + s[me + CELL]] == 0) {
            s[CELLS + s[me + CELL]] = (byte) (party + 1);
        }
        s[me + CELL]++;
        int taken = count(s, party + 1);
        if (taken == wanted[party]) {
            s[me + CELL] = 0;
            s[me + HAS] = 1;
            leave(s, party);
        } else if (s[me + CELL] == permits) {
            s[me + CELL] = 0;
            if (has(Mutation.KEEPS_SOME)) {
                waitMore(s, party);
            } else {
                s[me + ARMED] = 0;
                s[me + PC] = (byte) (taken > 0 ? GIVE_BACK : LOOK);
            }
        }
    }

    private void leave(byte[] s, int party) {
        int me = at(party);
        s[me + ARMED] = 0;
        boolean rearms = s[me + SLEPT] != 0 && !has(Mutation.FORGETS_WAITERS);
        s[me + PC] = rearms ? REARM : afterWait(s, me);
    }

    private static byte afterWait(byte[] s, int me) {
        s[me + SLEPT] = 0;
        return (byte) (s[me + HAS] == 1 ? INSIDE : DONE);
    }

    @Override
    boolean mark(byte[] s, int party) {
        for (int cell = 0; cell < permits; cell++) {
            s[CELLS + cell] = s[CELLS + cell] == party + 1 ? 0 : s[CELLS + cell];
        }
        int me = at(party);
        s[me + CELL] = 0;
        s[me + SLEPT] = 0;
        s[me + HAS] = 0;
        return !has(Mutation.NO_REPAIR);
    }

    @Override
    public String fault(byte[] state) {
        boolean allDone = true;
        boolean atRest = has(Mutation.NO_SLICES);
        boolean sleepsInVain = false;
        for (int i = 0; i < parties; i++) {
            int pc = state[at(i) + PC];
            if (state[at(i) + HAS] == 1 && count(state, i + 1) != wanted[i]) {
                return "a lease has not all its permits";
            }
            allDone &= pc >= DONE && pc != DEAD;
            atRest &= pc == ASLEEP || pc == INSIDE || pc == DONE; // a holder may take its time
            sleepsInVain |= pc == ASLEEP && wanted[i] <= count(state, 0);
        }
        if (allDone && count(state, 0) != permits) {
            return "a permit was lost";
        }
        return atRest && sleepsInVain ? "a waiter sleeps and its permits are free" : null;
    }
}
