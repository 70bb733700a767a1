package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code Gate} and {@code RobustReadWriteLock}: readers and writers that are inside once. A reader that finds the mutex free and
 * the gate closed takes the place of a dead writer. The mutex itself is abstract: a writer waits until it is free.
 *
 * <pre>
 *   state: owner of the mutex (0: free), gate, deaths left, WAITERS of the two wake words, the cells of the readers,
 *          then for each process, readers first: where it is, which cell it looks at, 1 if it has armed the word, 2 if that changed since
 * </pre>
 */
final class ReadWriteModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A reader looks at the gate before it counts itself. */
        LOOKS_BEFORE_COUNT,
        /** A writer looks at the counts before it closes the gate. */
        SCANS_BEFORE_CLOSE,
        /** A writer releases the mutex before it opens the gate. */
        UNLOCKS_BEFORE_OPEN,
        /** A reader that leaves wakes no writer. */
        LEAVES_SILENTLY,
        /** A writer that opens the gate wakes no reader. */
        OPENS_SILENTLY,
        /** A process is believed dead while it is still inside. */
        EARLY_DEATH,
        /** The cells of dead readers are not cleared. */
        NO_REPAIR,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int OWNER = 0;
    private static final int GATE = 1;
    private static final int DEATHS = 2;
    /** Of the word on which readers sleep; that of the writers comes next. */
    private static final int WORDS = 3;

    private static final int CELLS = 5;
    private static final int FIELDS = 3;
    private static final int PC = 0;
    private static final int CELL = 1;
    private static final int ARMED = 2;
    /** The word has been signalled since. */
    private static final int CHANGED = 2;

    private static final int COUNT = 0;
    private static final int LOOK = 1;
    private static final int BACK = 2;
    private static final int TELL = 3;
    private static final int TRY_MUTEX = 4;
    private static final int LOCK = 5;
    private static final int CLOSE = 6;
    private static final int SCAN = 7;
    private static final int SLEEP = 8;
    private static final int ASLEEP = 9;
    private static final int READING = 10;
    private static final int LEAVE = 11;
    private static final int LAST_TELL = 12;
    private static final int ALONE = 13;
    private static final int OPEN = 14;
    private static final int WAKE = 15;
    private static final int UNLOCK = 16;
    private static final int DONE = 17;
    private static final int DEAD = 18;
    private static final int MARKED = 19;
    private static final int GONE = 20;
    private static final int DYING = 21;

    private final int readers;
    private final int processes;
    private final int deaths;
    private final Set<Mutation> mutations;

    ReadWriteModel(int readers, int writers, int deaths, Mutation... mutations) {
        this.readers = readers;
        this.processes = readers + writers;
        this.deaths = deaths;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private int at(int process) {
        return CELLS + readers + process * FIELDS;
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[CELLS + readers + processes * FIELDS];
        state[DEATHS] = (byte) deaths;
        for (int i = 0; i < processes; i++) {
            state[at(i) + PC] = (byte) (i < readers ? firstStep() : LOCK);
        }
        return state;
    }

    private int firstStep() {
        return has(Mutation.LOOKS_BEFORE_COUNT) ? LOOK : COUNT;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        for (int i = 0; i < processes; i++) {
            int pc = state[at(i) + PC];
            if (pc == DEAD || pc == MARKED) {
                repair(state.clone(), i, next);
            } else if (pc == DYING) {
                byte[] early = state.clone();
                free(early, i);
                next.step(early);
                step(state.clone(), i, next);
            } else {
                step(state.clone(), i, next);
            }
            if (state[DEATHS] > 0 && pc < DONE) {
                byte[] s = state.clone();
                s[DEATHS]--;
                boolean inside = pc == READING || pc == ALONE;
                s[at(i) + PC] = (byte) (has(Mutation.EARLY_DEATH) && inside ? DYING : DEAD);
                forget(s, at(i));
                next.death(s);
            }
        }
    }

    private static void forget(byte[] s, int me) {
        s[me + CELL] = 0;
        s[me + ARMED] = 0;
    }

    /** Marks what a dead process had, and then wakes all sleepers. */
    private void repair(byte[] s, int i, Explorer.Successors next) {
        if (has(Mutation.NO_REPAIR)) {
            return;
        }
        if (s[at(i) + PC] == DEAD) {
            free(s, i);
            s[at(i) + PC] = MARKED;
        } else {
            signal(s, 0, true);
            signal(s, 1, true);
            s[at(i) + PC] = GONE;
        }
        next.step(s);
    }

    private void free(byte[] s, int i) {
        if (i < readers) {
            s[CELLS + i] = 0;
        }
        if (s[OWNER] == i + 1) {
            s[OWNER] = 0;
        }
    }

    /** Changes a wake word and wakes its sleepers: readers on word 0, the owner of the mutex on word 1. */
    private void signal(byte[] s, int word, boolean always) {
        if (s[WORDS + word] == 0 && !always) {
            return;
        }
        s[WORDS + word] = 0;
        for (int i = 0; i < processes; i++) {
            int me = at(i);
            if (word(s, i) == word && s[me + ARMED] == 1) {
                if (s[me + PC] == ASLEEP) {
                    tryAgain(s, i);
                } else {
                    s[me + ARMED] = CHANGED;
                }
            }
        }
    }

    /** A reader that owns the mutex sleeps as a writer does. */
    private int word(byte[] s, int i) {
        return i < readers && s[OWNER] != i + 1 ? 0 : 1;
    }

    private void tryAgain(byte[] s, int i) {
        int me = at(i);
        s[me + PC] = (byte) (word(s, i) == 0 ? firstStep() : SCAN);
        forget(s, me);
    }

    private void step(byte[] s, int i, Explorer.Successors next) {
        int me = at(i);
        switch (s[me + PC]) {
            case COUNT -> {
                s[CELLS + i] = 1;
                s[me + PC] = (byte) (has(Mutation.LOOKS_BEFORE_COUNT) ? READING : LOOK);
            }
            case LOOK -> {
                int inside = has(Mutation.LOOKS_BEFORE_COUNT) ? COUNT : READING;
                s[me + PC] = (byte) (s[GATE] == 0 ? inside : BACK);
            }
            case BACK, LEAVE -> {
                s[CELLS + i] = 0;
                s[me + PC] = (byte) (s[me + PC] == BACK ? TELL : LAST_TELL);
            }
            case TELL, LAST_TELL -> {
                boolean last = s[me + PC] == LAST_TELL;
                if (s[GATE] == 1 && !(last && has(Mutation.LEAVES_SILENTLY))) {
                    signal(s, 1, false);
                }
                s[me + PC] = (byte) (last ? DONE : TRY_MUTEX);
            }
            case TRY_MUTEX -> {
                if (s[OWNER] == 0) {
                    s[OWNER] = (byte) (i + 1);
                    forget(s, me);
                    s[me + PC] = CLOSE;
                } else {
                    s[me + PC] = SLEEP;
                }
            }
            case LOCK -> {
                if (s[OWNER] != 0) {
                    return;
                }
                s[OWNER] = (byte) (i + 1);
                s[me + PC] = (byte) (has(Mutation.SCANS_BEFORE_CLOSE) ? SCAN : CLOSE);
            }
            case CLOSE -> {
                s[GATE] = 1;
                s[me + PC] = (byte) (has(Mutation.SCANS_BEFORE_CLOSE) ? ALONE : SCAN);
            }
            case SCAN -> {
                if (s[CELLS + s[me + CELL]] != 0) {
                    s[me + CELL] = 0;
                    s[me + PC] = SLEEP;
                } else if (s[me + CELL] + 1 < readers) {
                    s[me + CELL]++;
                } else {
                    forget(s, me);
                    s[me + PC] = (byte) (has(Mutation.SCANS_BEFORE_CLOSE) ? CLOSE : ALONE);
                }
            }
            case SLEEP -> sleep(s, i);
            case ASLEEP -> {
                if (has(Mutation.NO_SLICES)) {
                    return;
                }
                tryAgain(s, i);
            }
            case READING -> s[me + PC] = LEAVE;
            case ALONE -> s[me + PC] = (byte) (has(Mutation.UNLOCKS_BEFORE_OPEN) ? UNLOCK : OPEN);
            case OPEN -> {
                s[GATE] = 0;
                s[me + PC] = WAKE;
            }
            case WAKE -> {
                if (!has(Mutation.OPENS_SILENTLY)) {
                    signal(s, 0, false);
                }
                s[me + PC] = (byte) (has(Mutation.UNLOCKS_BEFORE_OPEN) ? DONE : UNLOCK);
            }
            case UNLOCK -> {
                s[OWNER] = 0;
                s[me + PC] = (byte) (has(Mutation.UNLOCKS_BEFORE_OPEN) ? OPEN : DONE);
            }
            case DYING -> s[me + PC] = DEAD;
            default -> {
                return; // done, or dead
            }
        }
        next.step(s);
    }

    /** Arms the word and tries again; sleeps if it has done so already and the word is the same. */
    private void sleep(byte[] s, int i) {
        int me = at(i);
        if (s[me + ARMED] == 0) {
            s[WORDS + word(s, i)] = 1;
            tryAgain(s, i);
            s[me + ARMED] = 1;
        } else if (s[me + ARMED] == 1) {
            s[me + PC] = ASLEEP;
        } else {
            tryAgain(s, i);
        }
    }

    @Override
    public String fault(byte[] state) {
        int reading = 0;
        int alone = 0;
        for (int i = 0; i < processes; i++) {
            int pc = state[at(i) + PC];
            boolean dying = pc == DYING;
            reading += pc == READING || dying && i < readers ? 1 : 0;
            alone += pc == ALONE || dying && i >= readers ? 1 : 0;
        }
        return alone > 1 || alone == 1 && reading > 0 ? "a writer is not alone" : null;
    }

    @Override
    public boolean isGoal(byte[] state) {
        for (int i = 0; i < processes; i++) {
            int pc = state[at(i) + PC];
            if (pc < DONE || pc == DYING) {
                return false;
            }
        }
        return true;
    }
}
