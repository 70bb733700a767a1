package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code RobustMutex} and {@code Repair}: processes that take the mutex once each, and survivors that repair. The word names
 * the slot alone and no generation, as if that had come round: a slot that is given away too early is then a fault.
 *
 * <pre>
 *   state: owner, WAITERS, ORPHANED, deaths left, then for each process: where it is, has slept, expected low half,
 *          slot (1 in use, 0 free, 2 dead); then for each repairer: its step, its subject
 * </pre>
 */
final class MutexModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A waiter that has slept acquires without WAITERS. */
        FORGETS_WAITERS,
        /** The repair wakes, and marks the word after it. */
        WAKES_BEFORE_MARK,
        /** The repair wakes and never marks. */
        ONLY_WAKES,
        /** The repair frees the slot before it has looked at the word. */
        FREES_SLOT_FIRST,
        /** A process is believed dead while it still works. */
        EARLY_DEATH,
        /** Sleeps have no end of their own. */
        NO_SLICES,
        /** Waiters do not check whether the owner is alive. */
        NO_PROBES
    }

    private static final int OWNER = 0;
    private static final int WAITERS = 1;
    private static final int ORPHANED = 2;
    private static final int DEATHS = 3;
    private static final int PROCESSES = 4;
    private static final int FIELDS = 4;
    private static final int PC = 0;
    private static final int SLEPT = 1;
    private static final int EXPECTED = 2;
    private static final int SLOT = 3;

    private static final int TRY = 0;
    private static final int FLAG = 1;
    private static final int WAIT = 2;
    private static final int ASLEEP = 3;
    private static final int INSIDE = 4;
    private static final int WAKE = 5;
    private static final int DONE = 6;
    private static final int DEAD = 7;
    /** Believed dead, and still inside. */
    private static final int DYING = 8;

    private static final int IDLE = 0;
    private static final int MARK = 1;
    private static final int WAKE_ALL = 2;
    private static final int FREE_SLOT = 3;
    private static final int GONE = 4;

    private final int processes;
    private final int deaths;
    private final int repairers;
    private final Set<Mutation> mutations;

    MutexModel(int processes, int deaths, int repairers, Mutation... mutations) {
        this.processes = processes;
        this.deaths = deaths;
        this.repairers = repairers;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[PROCESSES + processes * FIELDS + repairers * 2];
        state[DEATHS] = (byte) deaths;
        for (int i = 0; i < processes; i++) {
            state[at(i) + SLOT] = 1;
        }
        return state;
    }

    private static int at(int process) {
        return PROCESSES + process * FIELDS;
    }

    private int repairer(int number) {
        return PROCESSES + processes * FIELDS + number * 2;
    }

    private static int low(byte[] s) {
        return s[OWNER] << 2 | s[WAITERS] << 1 | s[ORPHANED];
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        for (int i = 0; i < processes; i++) {
            step(state, i, next);
            int pc = state[at(i) + PC];
            if (state[DEATHS] > 0 && pc != DONE && pc != DEAD && pc != DYING) {
                byte[] s = state.clone();
                s[DEATHS]--;
                s[at(i) + PC] = (byte) (has(Mutation.EARLY_DEATH) && pc == INSIDE ? DYING : DEAD);
                s[at(i) + SLEPT] = 0;
                s[at(i) + EXPECTED] = 0;
                s[at(i) + SLOT] = 2;
                next.death(s);
            }
        }
        for (int i = 0; i < repairers; i++) {
            repair(state, repairer(i), next);
        }
    }

    private void step(byte[] state, int i, Explorer.Successors next) {
        byte[] s = state.clone();
        int me = at(i);
        switch (state[me + PC]) {
            case TRY -> {
                boolean dead = s[OWNER] != 0 && !has(Mutation.NO_PROBES) && s[at(s[OWNER] - 1) + SLOT] == 2;
                if (s[OWNER] == 0 || dead) {
                    s[WAITERS] = (byte) (has(Mutation.FORGETS_WAITERS) ? 0 : dead ? 1 : s[WAITERS] | s[me + SLEPT]);
                    s[ORPHANED] |= (byte) (dead ? 1 : 0);
                    s[OWNER] = (byte) (i + 1);
                    go(s, me, INSIDE);
                } else {
                    go(s, me, FLAG);
                }
                next.step(s);
            }
            case FLAG -> {
                if (s[OWNER] == 0) {
                    go(s, me, TRY);
                } else {
                    s[WAITERS] = 1;
                    s[me + EXPECTED] = (byte) low(s);
                    s[me + PC] = WAIT;
                }
                next.step(s);
            }
            case WAIT -> {
                s[me + SLEPT] = 1;
                go(s, me, low(s) == s[me + EXPECTED] ? ASLEEP : TRY);
                next.step(s);
            }
            case ASLEEP -> {
                if (!has(Mutation.NO_SLICES)) {
                    go(s, me, TRY);
                    next.step(s);
                }
            }
            case INSIDE -> {
                boolean waiters = s[WAITERS] != 0;
                s[OWNER] = 0;
                s[WAITERS] = 0;
                s[ORPHANED] = 0;
                s[me + SLEPT] = 0;
                go(s, me, waiters ? WAKE : DONE);
                next.step(s);
            }
            case WAKE -> {
                go(s, me, DONE);
                boolean any = false;
                for (int other = 0; other < processes; other++) {
                    if (s[at(other) + PC] == ASLEEP) {
                        byte[] woken = s.clone();
                        go(woken, at(other), TRY);
                        next.step(woken);
                        any = true;
                    }
                }
                if (!any) {
                    next.step(s);
                }
            }
            case DYING -> {
                s[me + PC] = DEAD;
                next.step(s);
            }
            case DEAD -> {
                // Its slot is free: a newcomer takes it.
                if (s[me + SLOT] == 0) {
                    s[me + SLOT] = 1;
                    go(s, me, TRY);
                    next.step(s);
                }
            }
            default -> {
                // done
            }
        }
    }

    private static void go(byte[] s, int process, int pc) {
        s[process + PC] = (byte) pc;
        s[process + EXPECTED] = 0;
    }

    private void repair(byte[] state, int me, Explorer.Successors next) {
        int pc = state[me];
        if (pc == GONE) {
            return;
        }
        if (state[DEATHS] > 0 && pc != IDLE) {
            byte[] s = state.clone();
            s[DEATHS]--;
            s[me] = GONE;
            s[me + 1] = 0;
            next.death(s);
        }
        byte[] s = state.clone();
        if (pc == IDLE) {
            for (int dead = 0; dead < processes; dead++) {
                if (state[at(dead) + SLOT] == 2 && !isBeingRepaired(state, dead)) {
                    s = state.clone();
                    s[me] = (byte)
                            (has(Mutation.FREES_SLOT_FIRST)
                                    ? FREE_SLOT
                                    : has(Mutation.WAKES_BEFORE_MARK) || has(Mutation.ONLY_WAKES) ? WAKE_ALL : MARK);
                    s[me + 1] = (byte) dead;
                    next.step(s);
                }
            }
            return;
        }
        int dead = s[me + 1];
        switch (pc) {
            case MARK -> {
                if (s[OWNER] == dead + 1) {
                    s[OWNER] = 0;
                    s[WAITERS] = 0;
                    s[ORPHANED] = 1;
                }
                s[me] = (byte) (has(Mutation.WAKES_BEFORE_MARK) ? FREE_SLOT : WAKE_ALL);
            }
            case WAKE_ALL -> {
                for (int i = 0; i < processes; i++) {
                    if (s[at(i) + PC] == ASLEEP) {
                        go(s, at(i), TRY);
                    }
                }
                s[me] = (byte)
                        (has(Mutation.WAKES_BEFORE_MARK) ? MARK : has(Mutation.FREES_SLOT_FIRST) ? IDLE : FREE_SLOT);
            }
            default -> {
                s[at(dead) + SLOT] = 0;
                s[me] = (byte) (has(Mutation.FREES_SLOT_FIRST) ? MARK : IDLE);
            }
        }
        if (s[me] == IDLE) {
            s[me + 1] = 0;
        }
        next.step(s);
    }

    /** The repair byte: one at a time. */
    private boolean isBeingRepaired(byte[] state, int dead) {
        for (int i = 0; i < repairers; i++) {
            int pc = state[repairer(i)];
            if (pc != IDLE && pc != GONE && state[repairer(i) + 1] == dead) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String fault(byte[] state) {
        int inside = 0;
        for (int i = 0; i < processes; i++) {
            int pc = state[at(i) + PC];
            inside += pc == INSIDE || pc == DYING ? 1 : 0;
        }
        return inside > 1 ? "two are inside" : null;
    }

    @Override
    public boolean isGoal(byte[] state) {
        for (int i = 0; i < processes; i++) {
            int pc = state[at(i) + PC];
            if (pc != DONE && pc != DEAD) {
                return false;
            }
        }
        return true;
    }
}
