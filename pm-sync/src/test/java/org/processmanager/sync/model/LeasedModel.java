package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code PermitCells}, {@code WakeWord} and {@code Waiting}: processes that take one permit each, once, and give it back.
 * What a dead one had is freed by a repairer, or by a waiter at the end of its slice.
 *
 * <pre>
 *   state: WAITERS, sequence, deaths left, repairs left to wake, the cells (0 free, else process + 1), then for each
 *          process: where it is, which cell it looks at or has, has slept, the sequence it armed with
 * </pre>
 */
final class LeasedModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A releaser checks for waiters before the cell is free. */
        SIGNALS_BEFORE_FREE,
        /** A waiter sleeps after arming the word without checking again. */
        NO_SECOND_LOOK,
        /** A waiter that has slept acquires without setting WAITERS. */
        FORGETS_WAITERS,
        /** A process is believed dead while it still works. */
        EARLY_DEATH,
        /** Sleeps have no timeout, and there is no repair. */
        NO_SLICES
    }

    private static final int WAITERS = 0;
    private static final int SEQUENCE = 1;
    private static final int DEATHS = 2;
    private static final int CELLS = 3;
    private static final int FIELDS = 4;
    private static final int PC = 0;
    private static final int CELL = 1;
    private static final int SLEPT = 2;
    private static final int ARMED = 3;

    private static final int SCAN = 0;
    private static final int ARM = 1;
    private static final int RESCAN = 2;
    private static final int WAIT = 3;
    private static final int ASLEEP = 4;
    private static final int REARM = 5;
    private static final int MORE = 6;
    private static final int PASS_ON = 7;
    private static final int WAKE_NEXT = 8;
    private static final int HAS = 9;
    private static final int SIGNAL = 10;
    private static final int WAKE = 11;
    private static final int DONE = 12;
    private static final int DEAD = 13;
    private static final int DYING = 14;

    private final int processes;
    private final int permits;
    private final int deaths;
    private final Set<Mutation> mutations;

    LeasedModel(int processes, int permits, int deaths, Mutation... mutations) {
        this.processes = processes;
        this.permits = permits;
        this.deaths = deaths;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private int at(int process) {
        return CELLS + permits + process * FIELDS;
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[CELLS + permits + processes * FIELDS];
        state[DEATHS] = (byte) deaths;
        return state;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        for (int i = 0; i < processes; i++) {
            step(state, i, next);
            int pc = state[at(i) + PC];
            if (state[DEATHS] > 0 && pc < DONE) {
                byte[] s = state.clone();
                s[DEATHS]--;
                s[at(i) + PC] = (byte) (has(Mutation.EARLY_DEATH) && pc == HAS ? DYING : DEAD);
                s[at(i) + SLEPT] = 0;
                s[at(i) + ARMED] = 0;
                next.death(s);
            }
        }
    }

    private boolean isBelievedDead(byte[] s, int process) {
        int pc = s[at(process) + PC];
        return pc == DEAD || pc == DYING;
    }

    private void step(byte[] state, int i, Explorer.Successors next) {
        byte[] s = state.clone();
        int me = at(i);
        switch (state[me + PC]) {
            case SCAN, RESCAN -> {
                if (s[CELLS + s[me + CELL]] == 0) {
                    s[CELLS + s[me + CELL]] = (byte) (i + 1);
                    s[me + PC] = (byte) (s[me + SLEPT] == 0 ? HAS : has(Mutation.FORGETS_WAITERS) ? MORE : REARM);
                } else if (s[me + CELL] + 1 < permits) {
                    s[me + CELL]++;
                } else {
                    s[me + CELL] = 0;
                    s[me + PC] = (byte) (state[me + PC] == SCAN ? ARM : WAIT);
                }
                next.step(s);
            }
            case ARM -> {
                s[WAITERS] = 1;
                s[me + ARMED] = s[SEQUENCE];
                s[me + PC] = (byte) (has(Mutation.NO_SECOND_LOOK) ? WAIT : RESCAN);
                next.step(s);
            }
            case WAIT -> {
                // Probes for dead owners first; their cells become free, and the word changes.
                for (int cell = 0; cell < permits && !has(Mutation.NO_SLICES); cell++) {
                    int owner = s[CELLS + cell];
                    if (owner != 0 && isBelievedDead(s, owner - 1)) {
                        s[CELLS + cell] = 0;
                        s[me + PC] = SCAN;
                    }
                }
                if (s[me + PC] == WAIT) {
                    boolean same = s[WAITERS] == 1 && s[SEQUENCE] == s[me + ARMED];
                    s[me + PC] = (byte) (same ? ASLEEP : SCAN);
                    s[me + SLEPT] = 1;
                }
                s[me + ARMED] = 0;
                next.step(s);
            }
            case ASLEEP -> {
                if (!has(Mutation.NO_SLICES)) {
                    s[me + PC] = SCAN;
                    next.step(s);
                }
            }
            case REARM -> {
                s[WAITERS] = 1;
                s[me + PC] = MORE;
                s[me + SLEPT] = 0;
                next.step(s);
            }
            case MORE -> {
                boolean more = false;
                for (int cell = 0; cell < permits; cell++) {
                    more |= s[CELLS + cell] == 0;
                }
                s[me + SLEPT] = 0;
                s[me + PC] = (byte) (more ? PASS_ON : HAS);
                next.step(s);
            }
            case PASS_ON, SIGNAL -> {
                int after = state[me + PC] == PASS_ON ? HAS : DONE;
                if (s[WAITERS] == 1) {
                    s[WAITERS] = 0;
                    s[SEQUENCE] = (byte) ((s[SEQUENCE] + 1) % 16);
                    s[me + PC] = (byte) (state[me + PC] == PASS_ON ? WAKE_NEXT : WAKE);
                } else {
                    s[me + PC] = (byte) after;
                }
                free(s, i, me);
                next.step(s);
            }
            case WAKE, WAKE_NEXT -> {
                s[me + PC] = (byte) (state[me + PC] == WAKE_NEXT ? HAS : DONE);
                boolean any = false;
                for (int other = 0; other < processes; other++) {
                    if (s[at(other) + PC] == ASLEEP) {
                        byte[] woken = s.clone();
                        woken[at(other) + PC] = SCAN;
                        next.step(woken);
                        any = true;
                    }
                }
                if (!any) {
                    next.step(s);
                }
            }
            case HAS -> {
                if (!has(Mutation.SIGNALS_BEFORE_FREE)) {
                    s[CELLS + s[me + CELL]] = 0;
                    s[me + CELL] = 0;
                }
                s[me + PC] = SIGNAL;
                next.step(s);
            }
            case DYING -> {
                s[me + PC] = DEAD;
                next.step(s);
            }
            default -> {
                // done, or dead
            }
        }
    }

    /** With the mutation the cell becomes free after the look for waiters. */
    private void free(byte[] s, int process, int me) {
        if (has(Mutation.SIGNALS_BEFORE_FREE) && s[me + PC] == DONE && s[CELLS + s[me + CELL]] == process + 1) {
            s[CELLS + s[me + CELL]] = 0;
            s[me + CELL] = 0;
        }
    }

    @Override
    public String fault(byte[] state) {
        int working = 0;
        for (int i = 0; i < processes; i++) {
            int pc = state[at(i) + PC];
            working += pc == HAS || pc == DYING ? 1 : 0;
        }
        return working > permits ? "more work than there are permits" : null;
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
