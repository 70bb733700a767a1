package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code Barrier} and {@code BarrierHandler}: each party arrives in two rounds, or in one if there are more parties than cells. Some
 * may wait too long. At a reset all that wait arrive again. A party that is not registered must not die before it arrives.
 *
 * <pre>
 *   state: as {@link PartyModel}, and: resets, trips, trips at the last reset, broken, resets left, timeouts left, the rounds
 *          that have tripped, whether a party was dead when the last one arrived, the fault, the cells (0, else round and party),
 *          then for each party: the round and the cell at which it looks, what it found there, 1 if it has arrived and 2 if it
 *          waits for the next round, its rounds
 * </pre>
 */
final class BarrierModel extends PartyModel {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** The last party looks at the round before it trips it, but trips whatever round there is then. */
        TRIPS_BLINDLY,
        /** A party takes a cell without another look at the round. */
        NO_ROUND_CHECK,
        /** The last party does not look for dead ones. */
        IGNORES_DEATHS,
        /** Repair breaks the round in which it is for an arrival in an earlier one. */
        BREAKS_OTHER_ROUND,
        /** A waiter whose round has tripped fails if the next one is broken. */
        FORGETS_TRIP,
        /** The last party wakes the others before it trips the round. */
        SIGNALS_FIRST,
        /** A waiter sleeps after arming the word without looking again. */
        NO_SECOND_LOOK,
        /** Repair wakes the sleepers before it breaks the barrier. */
        WAKES_BEFORE_MARK,
        /** Dead parties are not repaired. */
        NO_REPAIR,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int RESETS = SHARED;
    private static final int TRIPS = SHARED + 1;
    private static final int TRIPS_AT_RESET = SHARED + 2;
    private static final int BROKEN = SHARED + 3;
    private static final int RESETS_LEFT = SHARED + 4;
    private static final int TIMEOUTS_LEFT = SHARED + 5;
    private static final int TRIPPED = SHARED + 6;
    private static final int DOOMED = SHARED + 7;
    private static final int FAULT = SHARED + 8;
    private static final int CELLS = SHARED + 9;
    private static final int NUMBERS = 9;

    private static final int ROUND = OWN;
    private static final int CELL = OWN + 1;
    private static final int FOUND = OWN + 2;
    private static final int ARRIVED = OWN + 3;
    private static final int ROUNDS = OWN + 4;
    private static final int NUMBERS_OF_PARTY = 5;

    private static final int AWAITS_NEXT = 2;
    /** Rounds are numbered by resets and trips. */
    private static final int RESET = 4;

    private static final int READ_CELL = STEPS;
    private static final int CHECK_ROUND = STEPS + 1;
    private static final int TAKE_CELL = STEPS + 2;
    private static final int LAST = STEPS + 3;
    private static final int CHECK_TRIP = STEPS + 4;
    private static final int TRIP = STEPS + 5;
    private static final int SIGNAL = STEPS + 6;
    private static final int SIGNAL_BROKEN = STEPS + 7;
    private static final int BREAK = STEPS + 8;
    private static final int END = STEPS + 9;

    private static final String[] FAULTS = {
        "a round tripped and not all had arrived",
        "a round ended in two ways",
        "a round tripped with a party that was dead before",
        "a round was broken by a death in another one"
    };

    private final int cells;
    private final int rounds;
    private final boolean registered;
    private final int resets;
    private final int timeouts;
    private final Set<Mutation> mutations;

    BarrierModel(
            int parties, int cells, boolean registered, int deaths, int resets, int timeouts, Mutation... mutations) {
        super(
                parties,
                deaths,
                NUMBERS + cells,
                NUMBERS_OF_PARTY,
                !List.of(mutations).contains(Mutation.NO_SLICES),
                !List.of(mutations).contains(Mutation.NO_SECOND_LOOK));
        this.cells = cells;
        this.registered = registered;
        this.resets = resets;
        this.timeouts = timeouts;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
        rounds = parties > cells ? 1 : 2;
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    @Override
    public byte[] initial() {
        byte[] state = super.initial();
        state[RESETS_LEFT] = (byte) resets;
        state[TIMEOUTS_LEFT] = (byte) timeouts;
        return state;
    }

    private static byte round(byte[] s) {
        return (byte) (s[RESETS] * RESET + s[TRIPS]);
    }

    private static byte arrival(int round, int party) {
        return (byte) (round * 8 + party + 1);
    }

    private static boolean isArrival(int cell, int round) {
        return cell != 0 && cell / 8 == round;
    }

    /** Whether a round that has ended has tripped, as the word tells. */
    private static boolean hasTripped(byte[] s, int round) {
        int resets = s[RESETS] - round / RESET;
        int trips = round % RESET;
        return resets == 0 ? trips != s[TRIPS] : resets == 1 && trips != s[TRIPS_AT_RESET];
    }

    @Override
    boolean canDie(byte[] s, int party) {
        return registered || s[at(party) + ARRIVED] == 1 && s[at(party) + ROUNDS] == rounds - 1;
    }

    @Override
    void others(byte[] state, Explorer.Successors next) {
        if (state[RESETS_LEFT] > 0) {
            byte[] s = state.clone();
            s[RESETS_LEFT]--;
            s[RESETS]++;
            s[TRIPS_AT_RESET] = s[TRIPS];
            s[BROKEN] = 0;
            s[DOOMED] = 0;
            signalAll(s, false);
            next.step(s);
        }
    }

    @Override
    void step(byte[] s, int party, Explorer.Successors next) {
        int me = at(party);
        if (s[me + PC] == LOOK && s[TIMEOUTS_LEFT] > 0 && s[me + ARRIVED] == 1) {
            byte[] late = s.clone();
            late[TIMEOUTS_LEFT]--;
            late[me + PC] = BREAK;
            next.step(late);
        }
        switch (s[me + PC]) {
            case BEGIN -> {
                if (s[BROKEN] != 0) {
                    endBroken(s, party, false);
                } else {
                    s[me + ROUND] = round(s);
                    s[me + PC] = READ_CELL;
                }
            }
            case READ_CELL -> {
                s[me + FOUND] = s[CELLS + s[me + CELL]];
                s[me + PC] = CHECK_ROUND;
            }
            case CHECK_ROUND -> checkRound(s, party);
            case TAKE_CELL -> takeCell(s, party);
            case LAST -> look(s, party);
            case CHECK_TRIP -> {
                if (isOver(s, me)) {
                    end(s, party);
                } else if (has(Mutation.SIGNALS_FIRST)) {
                    signalAll(s, false);
                    s[me + PC] = TRIP;
                } else if (has(Mutation.TRIPS_BLINDLY)) {
                    s[me + PC] = TRIP;
                } else {
                    trip(s, party);
                }
            }
            case TRIP -> trip(s, party);
            case SIGNAL -> {
                signalAll(s, false);
                pass(s, party);
            }
            case SIGNAL_BROKEN -> {
                signalAll(s, false);
                endBroken(s, party, true);
            }
            case LOOK -> {
                if (isOver(s, me)) {
                    s[me + ARMED] = 0;
                    s[me + PC] = END;
                } else {
                    waitMore(s, party);
                }
            }
            case BREAK -> {
                s[me + ARMED] = 0;
                if (isOver(s, me)) {
                    s[me + PC] = END;
                } else {
                    s[BROKEN] = 1;
                    s[me + PC] = SIGNAL_BROKEN;
                }
            }
            case END -> end(s, party);
            default -> throw new AssertionError(s[me + PC]);
        }
        next.step(s);
    }

    private static boolean isOver(byte[] s, int me) {
        return round(s) != s[me + ROUND] || s[BROKEN] != 0;
    }

    private void checkRound(byte[] s, int party) {
        int me = at(party);
        if (s[BROKEN] != 0) {
            endBroken(s, party, false);
        } else if (round(s) != s[me + ROUND] && !has(Mutation.NO_ROUND_CHECK)) {
            again(s, party);
        } else if (!isArrival(s[me + FOUND], s[me + ROUND])) {
            s[me + PC] = TAKE_CELL;
        } else if (s[me + CELL] + 1 < cells) {
            s[me + CELL]++;
            s[me + PC] = READ_CELL;
        } else {
            s[me + ARRIVED] = AWAITS_NEXT;
            s[me + PC] = LOOK;
        }
    }

    private void takeCell(byte[] s, int party) {
        int me = at(party);
        if (s[CELLS + s[me + CELL]] != s[me + FOUND]) {
            s[me + PC] = READ_CELL;
            return;
        }
        s[CELLS + s[me + CELL]] = arrival(s[me + ROUND], party);
        s[me + ARRIVED] = 1;
        s[me + FOUND] = 0;
        if (s[me + CELL] == cells - 1) {
            for (int cell = 0; cell < cells; cell++) {
                s[DOOMED] |= (byte) (isOfDead(s, cell) && round(s) == s[me + ROUND] ? 1 : 0);
            }
            s[me + PC] = LAST;
        } else {
            s[me + PC] = LOOK;
        }
    }

    private boolean isOfDead(byte[] s, int cell) {
        return s[CELLS + cell] != 0 && s[at(s[CELLS + cell] % 8 - 1) + PC] >= DEAD;
    }

    /** The last party breaks the round if one that has arrived is dead. */
    private void look(byte[] s, int party) {
        int me = at(party);
        boolean dead = false;
        for (int cell = 0; cell < cells; cell++) {
            dead |= isOfDead(s, cell);
        }
        if (!dead || has(Mutation.IGNORES_DEATHS)) {
            s[me + PC] = CHECK_TRIP;
        } else if (isOver(s, me)) {
            end(s, party);
        } else {
            s[BROKEN] = 1;
            s[me + PC] = SIGNAL_BROKEN;
        }
    }

    private void trip(byte[] s, int party) {
        for (int cell = 0; cell < cells; cell++) {
            if (!isArrival(s[CELLS + cell], round(s)) || s[BROKEN] != 0) {
                s[FAULT] = 1;
            }
        }
        if (s[DOOMED] != 0) {
            s[FAULT] = 3;
        }
        s[TRIPPED] |= (byte) (1 << round(s));
        s[TRIPS]++;
        if (has(Mutation.SIGNALS_FIRST)) {
            pass(s, party);
        } else {
            s[at(party) + PC] = SIGNAL;
        }
    }

    private void end(byte[] s, int party) {
        int me = at(party);
        boolean again = s[me + ARRIVED] == AWAITS_NEXT;
        if (!again && hasTripped(s, s[me + ROUND]) && !(has(Mutation.FORGETS_TRIP) && s[BROKEN] != 0)) {
            pass(s, party);
        } else if (s[BROKEN] != 0 && (again || round(s) == s[me + ROUND] || has(Mutation.FORGETS_TRIP))) {
            endBroken(s, party, !again);
        } else {
            again(s, party); // it was reset
        }
    }

    private void pass(byte[] s, int party) {
        int me = at(party);
        if ((s[TRIPPED] & 1 << s[me + ROUND]) == 0) {
            s[FAULT] = 2;
        }
        s[me + ROUNDS]++;
        if (s[me + ROUNDS] < rounds) {
            again(s, party);
        } else {
            forget(s, me);
            done(s, party);
        }
    }

    private void again(byte[] s, int party) {
        forget(s, at(party));
        s[at(party) + PC] = BEGIN;
    }

    private static void forget(byte[] s, int me) {
        s[me + ROUND] = 0;
        s[me + CELL] = 0;
        s[me + FOUND] = 0;
        s[me + ARRIVED] = 0;
    }

    private void endBroken(byte[] s, int party, boolean hadArrived) {
        int me = at(party);
        if (hadArrived && (s[TRIPPED] & 1 << s[me + ROUND]) != 0) {
            s[FAULT] = 2;
        }
        forget(s, me);
        done(s, party);
    }

    @Override
    boolean mark(byte[] s, int party) {
        boolean arrived = false;
        for (int cell = 0; cell < cells; cell++) {
            int found = s[CELLS + cell];
            boolean names = found != 0 && found % 8 == party + 1;
            arrived |= names && (isArrival(found, round(s)) || has(Mutation.BREAKS_OTHER_ROUND));
            if (names && !isArrival(found, round(s)) && has(Mutation.BREAKS_OTHER_ROUND) && !registered) {
                s[FAULT] = 4;
            }
        }
        if (arrived || registered) {
            s[BROKEN] = 1;
        }
        return !has(Mutation.NO_REPAIR);
    }

    @Override
    boolean wakesBeforeMark() {
        return has(Mutation.WAKES_BEFORE_MARK);
    }

    @Override
    public String fault(byte[] state) {
        return state[FAULT] == 0 ? null : FAULTS[state[FAULT] - 1];
    }
}
