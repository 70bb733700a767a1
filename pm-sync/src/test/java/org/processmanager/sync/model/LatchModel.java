package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code LatchCount} and {@code LatchParties}: each party counts down once and waits for the others. In a latch with owners it
 * has a cell, which it must have taken before it can die; in one without, it must have counted down.
 *
 * <pre>
 *   state: as {@link PartyModel}, and: the count, the cells,
 *          then for each party: its cell, whether it has counted down, 1 if it has passed and 2 if it has failed
 * </pre>
 */
final class LatchModel extends PartyModel {
    /** What is known of the parties, and what happens when one dies. */
    enum Kind {
        COUNT_ONLY,
        DEATH_FAILS,
        DEATH_COUNTS
    }

    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A party checks for waiters before it counts down. */
        SIGNALS_FIRST,
        /** A party that is not the last one ends the waits. */
        OPENS_EARLY,
        /** A waiter sleeps after arming the word without looking again. */
        NO_SECOND_LOOK,
        /** The cell of a party that has counted down still names it, and repair marks that cell. */
        KEEPS_OWNER,
        /** Repair makes the cell of a dead party free. */
        FREES_CELL,
        /** Repair wakes the sleepers before it marks the cell. */
        WAKES_BEFORE_MARK,
        /** Dead parties are not repaired. */
        NO_REPAIR,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int COUNT = SHARED;
    private static final int CELLS = SHARED + 1;
    private static final int FREE = 0;
    private static final int REGISTERED = 1;
    private static final int COUNTED = 2;
    private static final int DEAD_CELL = 3;

    private static final int HAS_COUNTED = OWN;
    private static final int RESULT = OWN + 1;
    private static final int PASSED = 1;
    private static final int FAILED = 2;

    private static final int COUNT_DOWN = STEPS;
    private static final int SIGNAL = STEPS + 1;

    private final Kind kind;
    private final Set<Mutation> mutations;

    LatchModel(Kind kind, int parties, int deaths, Mutation... mutations) {
        super(
                parties,
                deaths,
                1 + parties,
                2,
                !List.of(mutations).contains(Mutation.NO_SLICES),
                !List.of(mutations).contains(Mutation.NO_SECOND_LOOK));
        this.kind = kind;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    @Override
    public byte[] initial() {
        byte[] state = super.initial();
        state[COUNT] = (byte) parties;
        return state;
    }

    @Override
    boolean canDie(byte[] s, int party) {
        return kind == Kind.COUNT_ONLY ? s[at(party) + HAS_COUNTED] == 1 : s[at(party) + PC] != BEGIN;
    }

    @Override
    void step(byte[] s, int party, Explorer.Successors next) {
        int me = at(party);
        switch (s[me + PC]) {
            case BEGIN -> {
                s[CELLS + party] = REGISTERED;
                s[me + PC] = (byte) (has(Mutation.SIGNALS_FIRST) ? SIGNAL : COUNT_DOWN);
            }
            case COUNT_DOWN -> {
                s[COUNT]--;
                s[CELLS + party] = COUNTED;
                s[me + HAS_COUNTED] = 1;
                s[me + PC] = (byte) (has(Mutation.SIGNALS_FIRST) ? LOOK : SIGNAL);
            }
            case SIGNAL -> {
                if (missing(s) == 0 || has(Mutation.SIGNALS_FIRST)) {
                    signalAll(s, false);
                }
                s[me + PC] = (byte) (has(Mutation.SIGNALS_FIRST) ? COUNT_DOWN : LOOK);
            }
            case LOOK -> look(s, party);
            default -> throw new AssertionError(s[me + PC]);
        }
        next.step(s);
    }

    private int missing(byte[] s) {
        int missing = 0;
        for (int cell = 0; cell < parties; cell++) {
            missing += s[CELLS + cell] == COUNTED ? 0 : 1;
        }
        return kind == Kind.COUNT_ONLY ? s[COUNT] : missing;
    }

    private void look(byte[] s, int party) {
        boolean failed = false;
        for (int cell = 0; cell < parties; cell++) {
            failed |= s[CELLS + cell] == DEAD_CELL;
        }
        int missing = missing(s);
        boolean open = missing == 0 || missing == 1 && has(Mutation.OPENS_EARLY);
        int me = at(party);
        if (failed || open) {
            s[me + RESULT] = (byte) (failed ? FAILED : PASSED);
            done(s, party);
        } else {
            waitMore(s, party);
        }
    }

    @Override
    boolean mark(byte[] s, int party) {
        boolean names = s[CELLS + party] == REGISTERED || has(Mutation.KEEPS_OWNER);
        if (names && kind != Kind.COUNT_ONLY) {
            int marked = kind == Kind.DEATH_FAILS ? DEAD_CELL : COUNTED;
            s[CELLS + party] = (byte) (has(Mutation.FREES_CELL) ? FREE : marked);
        }
        return kind != Kind.COUNT_ONLY && !has(Mutation.NO_REPAIR);
    }

    @Override
    boolean wakesBeforeMark() {
        return has(Mutation.WAKES_BEFORE_MARK);
    }

    @Override
    public String fault(byte[] state) {
        boolean allCounted = true;
        boolean failable = false;
        for (int i = 0; i < parties; i++) {
            boolean lost = state[at(i) + PC] >= DEAD && state[at(i) + HAS_COUNTED] == 0;
            allCounted &= state[at(i) + HAS_COUNTED] == 1 || lost && kind == Kind.DEATH_COUNTS;
            failable |= lost && kind == Kind.DEATH_FAILS;
        }
        for (int i = 0; i < parties; i++) {
            int result = state[at(i) + RESULT];
            if (result == PASSED && !allCounted) {
                return "the latch opened too early";
            }
            if (result == FAILED && !failable) {
                return "the latch failed and all parties have counted down";
            }
        }
        return null;
    }
}
