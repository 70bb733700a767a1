package org.processmanager.sync.model;

import org.processmanager.fixtures.Explorer;

/**
 * What the models of objects with one wake word have in common: {@code WakeWord}, sleeps in slices, deaths and repair. The
 * steps of a party are those of its class; it sleeps by the steps {@link #ARM}, {@link #SLEEP} and {@link #ASLEEP}.
 *
 * <pre>
 *   state: deaths left, WAITERS of the word, then what the class adds,
 *          then for each party: where it is, 1 if it has armed the word and 2 if that was signalled since, then what the class adds
 * </pre>
 */
abstract class PartyModel implements Explorer.Model {
    private static final int DEATHS = 0;
    private static final int WAITERS = 1;
    /** The first number of the class. */
    static final int SHARED = 2;

    static final int PC = 0;
    static final int ARMED = 1;
    /** The first number of the class, for each party. */
    static final int OWN = 2;

    private static final int CHANGED = 2;

    /** The first step of a party. */
    static final int BEGIN = 0;
    /** The step of a waiter that looks whether its wait is over. */
    static final int LOOK = 1;

    static final int ARM = 2;
    static final int SLEEP = 3;
    static final int ASLEEP = 4;
    /** The first step of the class. */
    static final int STEPS = 5;

    static final int DONE = 100;
    static final int DEAD = 101;
    private static final int MARKED = 102;
    private static final int GONE = 103;

    final int parties;
    private final int deaths;
    private final int shared;
    private final int own;
    private final boolean slices;
    private final boolean looksAgain;

    /**
     * A model.
     *
     * @param shared how many numbers the class adds
     * @param own how many it adds for each party
     * @param slices whether sleeps have a timeout
     * @param looksAgain whether a waiter looks again after it has armed the word
     */
    PartyModel(int parties, int deaths, int shared, int own, boolean slices, boolean looksAgain) {
        this.parties = parties;
        this.deaths = deaths;
        this.shared = shared;
        this.own = own;
        this.slices = slices;
        this.looksAgain = looksAgain;
    }

    /** Passes the states after one step of a live party, if it can make one. The state is a copy. */
    abstract void step(byte[] s, int party, Explorer.Successors next);

    /** Whether a party can be killed where it is; otherwise its death would leave others waiting, as documented. */
    boolean canDie(byte[] s, int party) {
        return true;
    }

    /** Marks what a dead party owned; returns false if there is no repair. */
    boolean mark(byte[] s, int party) {
        return true;
    }

    /** Whether repair wakes before it marks. */
    boolean wakesBeforeMark() {
        return false;
    }

    /** Adds what can happen besides steps of the parties. */
    void others(byte[] state, Explorer.Successors next) {
        // nothing
    }

    final int at(int party) {
        return SHARED + shared + party * (OWN + own);
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[at(parties)];
        state[DEATHS] = (byte) deaths;
        return state;
    }

    @Override
    public final void successors(byte[] state, Explorer.Successors next) {
        others(state, next);
        for (int i = 0; i < parties; i++) {
            int pc = state[at(i) + PC];
            byte[] s = state.clone();
            if (pc == DEAD || pc == MARKED) {
                repair(s, i, next);
            } else if (pc < DONE) {
                advance(s, i, next);
            }
            if (state[DEATHS] > 0 && pc < DONE && canDie(state, i)) {
                byte[] killed = state.clone();
                killed[DEATHS]--;
                killed[at(i) + ARMED] = 0;
                killed[at(i) + PC] = DEAD;
                next.death(killed);
            }
        }
    }

    private void advance(byte[] s, int party, Explorer.Successors next) {
        int me = at(party);
        switch (s[me + PC]) {
            case ARM -> {
                s[WAITERS] = 1;
                s[me + ARMED] = 1;
                s[me + PC] = (byte) (looksAgain ? LOOK : SLEEP);
            }
            case SLEEP -> {
                boolean same = s[me + ARMED] == 1;
                s[me + ARMED] = (byte) (same ? 1 : 0);
                s[me + PC] = (byte) (same ? ASLEEP : LOOK);
            }
            case ASLEEP -> {
                if (!slices) {
                    return;
                }
                s[me + ARMED] = 0;
                s[me + PC] = LOOK;
            }
            default -> {
                step(s, party, next);
                return;
            }
        }
        next.step(s);
    }

    /** A waiter whose wait is not over: it arms the word and looks again, or it sleeps if it has done so. */
    final void waitMore(byte[] s, int party) {
        s[at(party) + PC] = (byte) (s[at(party) + ARMED] == 0 ? ARM : SLEEP);
    }

    final void done(byte[] s, int party) {
        s[at(party) + ARMED] = 0;
        s[at(party) + PC] = DONE;
    }

    /** The steps of a repairer, each of which another one can do. */
    private void repair(byte[] s, int party, Explorer.Successors next) {
        boolean first = s[at(party) + PC] == DEAD;
        if (first == wakesBeforeMark()) {
            signalAll(s, true);
        } else if (!mark(s, party)) {
            return;
        }
        s[at(party) + PC] = (byte) (first ? MARKED : GONE);
        next.step(s);
    }

    /** Changes the word if it is armed, or always, and wakes all sleepers. */
    final void signalAll(byte[] s, boolean always) {
        if (s[WAITERS] == 1 || always) {
            for (int i = 0; i < parties; i++) {
                signal(s, i);
            }
            s[WAITERS] = 0;
        }
    }

    /** Changes the word if it is armed, and wakes one sleeper: each way is a successor. */
    final void signalOne(byte[] s, Explorer.Successors next) {
        boolean any = false;
        for (int i = 0; i < parties && s[WAITERS] == 1; i++) {
            if (s[at(i) + PC] == ASLEEP) {
                any = true;
                byte[] woken = s.clone();
                change(woken);
                signal(woken, i);
                next.step(woken);
            }
        }
        if (!any) {
            change(s);
            next.step(s);
        }
    }

    /** The word changes, which a party notices that does not sleep yet. */
    private void change(byte[] s) {
        for (int i = 0; i < parties && s[WAITERS] == 1; i++) {
            if (s[at(i) + PC] != ASLEEP) {
                signal(s, i);
            }
        }
        s[WAITERS] = 0;
    }

    private void signal(byte[] s, int party) {
        int me = at(party);
        if (s[me + PC] == ASLEEP) {
            s[me + ARMED] = 0;
            s[me + PC] = LOOK;
        } else if (s[me + ARMED] == 1) {
            s[me + ARMED] = CHANGED;
        }
    }

    /** Arms the word without a sleep. */
    static void arm(byte[] s) {
        s[WAITERS] = 1;
    }

    @Override
    public boolean isGoal(byte[] state) {
        for (int i = 0; i < parties; i++) {
            if (state[at(i) + PC] < DONE) {
                return false;
            }
        }
        return true;
    }
}
