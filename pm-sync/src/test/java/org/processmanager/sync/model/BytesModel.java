package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code VersionedBytes} and {@code Changeable}: writers that each set a value of two parts so often, and readers that wait for a
 * version other than 0 and then read the value. The mutex itself is abstract: a writer waits until it is free, or its owner dead.
 *
 * <pre>
 *   state: owner of the mutex (0: free), version, deaths left, WAITERS, the two parts of each copy,
 *          the value of each version, then for each process, writers first: where it is,
 *          how often it has written or 1 if the wake word has changed since it was armed, the version that it has read,
 *          and the two parts
 * </pre>
 */
final class BytesModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A writer writes the current copy. */
        WRITES_IN_PLACE,
        /** A writer increases the version before it has written the copy. */
        PUBLISHES_FIRST,
        /** A writer releases the mutex before it increases the version. */
        UNLOCKS_FIRST,
        /** A writer does not acquire the mutex. */
        NO_MUTEX,
        /** A reader does not read the version again. */
        NO_RECHECK,
        /** A writer is believed dead while it still writes. */
        EARLY_DEATH,
        /** The mutex of a dead writer is not taken over. */
        NO_TAKEOVER,
        /** A writer wakes the readers before it increases the version. */
        SIGNALS_FIRST,
        /** A reader looks at the version before it sets WAITERS. */
        LOOKS_FIRST,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int OWNER = 0;
    private static final int VERSION = 1;
    private static final int DEATHS = 2;
    private static final int WAITERS = 3;
    private static final int COPIES = 4;
    private static final int VALUES = 8;
    private static final int FIELDS = 5;
    private static final int PC = 0;
    private static final int COUNT = 1;
    private static final int CHANGED = 1;
    private static final int SEEN = 2;
    private static final int PARTS = 3;

    private static final int LOCK = 0;
    private static final int BEGIN = 1;
    private static final int FIRST = 2;
    private static final int SECOND = 3;
    private static final int PUBLISH = 4;
    private static final int UNLOCK = 5;
    private static final int SIGNAL = 6;
    private static final int ARM = 7;
    private static final int LOOK = 8;
    private static final int SLEEP = 9;
    private static final int ASLEEP = 10;
    private static final int READ = 11;
    private static final int READ_FIRST = 12;
    private static final int READ_SECOND = 13;
    private static final int RECHECK = 14;
    private static final int DONE = 15;
    private static final int WRONG = 16;
    private static final int DEAD = 17;

    private final int writers;
    private final int writes;
    private final int processes;
    private final int deaths;
    private final Set<Mutation> mutations;

    BytesModel(int writers, int writes, int readers, int deaths, Mutation... mutations) {
        this.writers = writers;
        this.writes = writes;
        this.processes = writers + readers;
        this.deaths = deaths;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private int at(int process) {
        return VALUES + writers * writes + 1 + process * FIELDS;
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[at(processes)];
        state[DEATHS] = (byte) deaths;
        for (int i = 0; i < processes; i++) {
            state[at(i) + PC] = (byte) (i < writers ? LOCK : firstLook());
        }
        return state;
    }

    private int firstLook() {
        return has(Mutation.LOOKS_FIRST) ? LOOK : ARM;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        for (int i = 0; i < processes; i++) {
            int pc = state[at(i) + PC];
            if (i < writers) {
                write(state.clone(), i, next);
            } else {
                read(state.clone(), at(i), next);
            }
            if (state[DEATHS] > 0 && pc < DONE) {
                byte[] s = state.clone();
                s[DEATHS]--;
                s[at(i) + PC] = DEAD;
                next.death(s);
            }
        }
    }

    /** Whether the mutex can be acquired. A living owner is believed dead only if the world allows it. */
    private boolean isFree(byte[] s) {
        int owner = s[OWNER];
        boolean dead = owner != 0 && s[at(owner - 1) + PC] == DEAD;
        return owner == 0 || has(Mutation.NO_MUTEX) || has(Mutation.EARLY_DEATH) || dead && !has(Mutation.NO_TAKEOVER);
    }

    private void write(byte[] s, int i, Explorer.Successors next) {
        int me = at(i);
        int target = s[me + SEEN] + (has(Mutation.WRITES_IN_PLACE) ? 0 : 1);
        int copy = COPIES + 2 * (target & 1);
        int value = i * writes + s[me + COUNT] + 1;
        switch (s[me + PC]) {
            case LOCK -> {
                if (!isFree(s)) {
                    return;
                }
                s[OWNER] = (byte) (i + 1);
                s[me + PC] = BEGIN;
            }
            case BEGIN -> {
                s[me + SEEN] = s[VERSION];
                s[me + PC] = (byte) (has(Mutation.PUBLISHES_FIRST) ? PUBLISH : FIRST);
            }
            case FIRST -> {
                s[copy] = (byte) value;
                s[me + PC] = SECOND;
            }
            case SECOND -> {
                s[copy + 1] = (byte) value;
                s[me + PC] = (byte) afterWriting();
            }
            case PUBLISH -> {
                s[VERSION] = (byte) (s[me + SEEN] + 1);
                s[VALUES + s[VERSION]] = (byte) value;
                s[me + PC] = (byte) afterPublishing();
            }
            case UNLOCK -> {
                s[OWNER] = s[OWNER] == i + 1 ? 0 : s[OWNER];
                s[me + PC] = (byte) (has(Mutation.UNLOCKS_FIRST) ? PUBLISH : SIGNAL);
            }
            case SIGNAL -> {
                signal(s);
                if (has(Mutation.SIGNALS_FIRST)) {
                    s[me + PC] = PUBLISH;
                } else {
                    finish(s, me);
                }
            }
            default -> {
                return;
            }
        }
        if (s[me + PC] == DONE && has(Mutation.SIGNALS_FIRST)) {
            s[OWNER] = 0;
        }
        next.step(s);
    }

    private int afterWriting() {
        if (has(Mutation.PUBLISHES_FIRST) || has(Mutation.UNLOCKS_FIRST)) {
            return UNLOCK;
        }
        return has(Mutation.SIGNALS_FIRST) ? SIGNAL : PUBLISH;
    }

    private int afterPublishing() {
        if (has(Mutation.PUBLISHES_FIRST)) {
            return FIRST;
        }
        if (has(Mutation.UNLOCKS_FIRST)) {
            return SIGNAL;
        }
        return has(Mutation.SIGNALS_FIRST) ? DONE : UNLOCK;
    }

    private void finish(byte[] s, int me) {
        s[me + COUNT]++;
        s[me + SEEN] = 0;
        s[me + PC] = (byte) (s[me + COUNT] == writes ? DONE : LOCK);
    }

    /** If there may be sleepers, changes the wake word and wakes them. */
    private void signal(byte[] s) {
        if (s[WAITERS] == 0) {
            return;
        }
        s[WAITERS] = 0;
        for (int i = writers; i < processes; i++) {
            int pc = s[at(i) + PC];
            if (pc == ASLEEP) {
                s[at(i) + PC] = (byte) firstLook();
            } else if (pc == LOOK || pc == SLEEP) {
                s[at(i) + CHANGED] = 1;
            }
        }
    }

    private void read(byte[] s, int me, Explorer.Successors next) {
        int copy = COPIES + 2 * (s[me + SEEN] & 1);
        switch (s[me + PC]) {
            case ARM -> {
                s[WAITERS] = 1;
                s[me + CHANGED] = 0;
                s[me + PC] = (byte) (has(Mutation.LOOKS_FIRST) ? SLEEP : LOOK);
            }
            case LOOK -> {
                int again = has(Mutation.LOOKS_FIRST) ? ARM : SLEEP;
                s[me + PC] = (byte) (s[VERSION] != 0 ? READ : again);
            }
            case SLEEP -> s[me + PC] = (byte) (s[me + CHANGED] == 1 ? firstLook() : ASLEEP);
            case ASLEEP -> {
                if (has(Mutation.NO_SLICES)) {
                    return;
                }
                s[me + PC] = (byte) firstLook();
            }
            case READ -> {
                s[me + CHANGED] = 0;
                s[me + SEEN] = s[VERSION];
                s[me + PC] = READ_FIRST;
            }
            case READ_FIRST -> {
                s[me + PARTS] = s[copy];
                s[me + PC] = READ_SECOND;
            }
            case READ_SECOND -> {
                s[me + PARTS + 1] = s[copy + 1];
                s[me + PC] = RECHECK;
            }
            case RECHECK -> {
                boolean same = s[VERSION] == s[me + SEEN] || has(Mutation.NO_RECHECK);
                boolean right = s[me + PARTS] == s[VALUES + s[me + SEEN]] && s[me + PARTS + 1] == s[me + PARTS];
                s[me + PC] = (byte) (!same ? READ : right ? DONE : WRONG);
            }
            default -> {
                return;
            }
        }
        next.step(s);
    }

    @Override
    public String fault(byte[] state) {
        for (int i = writers; i < processes; i++) {
            if (state[at(i) + PC] == WRONG) {
                return "a reader has another value";
            }
        }
        return null;
    }

    /** A reader may wait if no version was published, and no writer is left. */
    @Override
    public boolean isGoal(byte[] state) {
        boolean writing = false;
        boolean reading = false;
        for (int i = 0; i < processes; i++) {
            boolean done = state[at(i) + PC] >= DONE;
            writing |= i < writers && !done;
            reading |= i >= writers && !done;
        }
        return !writing && (!reading || state[VERSION] == 0);
    }
}
