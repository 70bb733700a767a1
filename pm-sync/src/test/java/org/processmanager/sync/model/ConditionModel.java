package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code RobustCondition} and {@code ConditionQueue}: consumers that wait for an item under the mutex, and producers that put one
 * each and signal. The threads belong to processes, which die as a whole. The mutex itself is abstract: a thread takes it when it
 * is free or its owner dead. What a thread does under the lock of its process is one step.
 *
 * <pre>
 *   state: owner of the mutex (thread + 1), its deaths, lost signals, items, deaths left, signals given less waits that ended,
 *          then for each process: 0 if it lives, else the step of its repair, waiting threads, signals, WAITERS, its sleeper (thread + 1),
 *          then for each thread: where it is, disturbances when it began to wait, its place in the queue, 1 due + 2 signalled,
 *          1 if it has armed the word, 2 if that changed since
 * </pre>
 */
final class ConditionModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A thread is counted after it has released the mutex. */
        ENTERS_AFTER_RELEASE,
        /** A thread returns at the end of a slice. */
        RETURNS_WITH_SLICE,
        /** A thread consumes its signal before it has the mutex. */
        CONSUMES_BEFORE_MUTEX,
        /** A thread that gives up consumes a signal that arrived meanwhile, and gives up. */
        GIVES_UP_WITH_SIGNAL,
        /** The sleeper arms the word and does not look again. */
        NO_SECOND_LOOK,
        /** The sleeper leaves without a successor. */
        NO_SUCCESSOR,
        /** A signaller wakes before it gives the signal. */
        WAKES_BEFORE_SIGNAL,
        /** The repair does not count lost signals. */
        FORGETS_SIGNALS,
        /** The repair clears the cell before it counts lost signals. */
        CLEARS_BEFORE_COUNT,
        /** The repair clears the cell though it has changed since it was read. */
        CLEARS_UNSEEN,
        /** Waiting threads ignore the death of an owner. */
        IGNORES_OWNER_DEATH,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int OWNER = 0;
    private static final int OWNER_DEATHS = 1;
    private static final int LOST = 2;
    private static final int ITEMS = 3;
    private static final int DEATHS = 4;
    private static final int BALANCE = 5;
    private static final int PROCESSES = 6;

    private static final int REPAIR = 0;
    private static final int WAITING = 1;
    private static final int SIGNALS = 2;
    private static final int WAITERS = 3;
    private static final int SLEEPER = 4;
    /** Of a dead process: how many signals its repairer has seen. */
    private static final int COUNTED = SLEEPER;

    private static final int PROCESS_FIELDS = 5;

    private static final int ALIVE = 0;
    private static final int FREE_MUTEX = 1;
    private static final int COUNT_SIGNALS = 2;
    private static final int CLEAR_CELL = 3;
    private static final int WAKE_ALL = 4;
    private static final int REPAIRED = 5;

    private static final int PC = 0;
    private static final int SEEN = 1;
    private static final int PLACE = 2;
    private static final int DUE = 3;
    private static final int ARMED = 4;
    private static final int FIELDS = 5;

    private static final int SIGNALLED = 2;
    private static final int CHANGED = 2;

    private static final int LOCK = 0;
    private static final int LOOK = 1;
    private static final int ENTER = 2;
    private static final int RELEASE = 3;
    private static final int WAIT = 4;
    private static final int ARM = 5;
    private static final int SECOND_LOOK = 6;
    private static final int SLEEP = 7;
    private static final int ASLEEP = 8;
    private static final int PARKED = 9;
    private static final int STOP = 10;
    private static final int LOCK_AGAIN = 11;
    private static final int LEAVE = 12;
    private static final int PUT = 13;
    private static final int GIVE = 14;
    private static final int WAKE = 15;
    private static final int UNLOCK = 16;
    private static final int DONE = 17;
    private static final int DEAD = 18;

    /** For each thread its process, and what it is. */
    private final int[] processOf;

    private final String roles;
    private final int processes;
    private final int deaths;
    private final Set<Mutation> mutations;

    /**
     * A model of those processes.
     *
     * @param crew the threads, C for a consumer, T for one that may give up, P for a producer; blanks between processes
     */
    ConditionModel(String crew, int deaths, Mutation... mutations) {
        roles = crew.replace(" ", "");
        processOf = new int[roles.length()];
        int process = 0;
        int thread = 0;
        for (char role : crew.toCharArray()) {
            if (role == ' ') {
                process++;
            } else {
                processOf[thread++] = process;
            }
        }
        processes = process + 1;
        this.deaths = deaths;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private static int process(int number) {
        return PROCESSES + number * PROCESS_FIELDS;
    }

    private int at(int thread) {
        return process(processes) + thread * FIELDS;
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[at(roles.length())];
        state[DEATHS] = (byte) deaths;
        return state;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        for (int i = 0; i < roles.length(); i++) {
            step(state.clone(), i, next);
        }
        for (int p = 0; p < processes; p++) {
            if (state[process(p) + REPAIR] != ALIVE) {
                repair(state.clone(), p, next);
            } else if (state[DEATHS] > 0) {
                next.death(dead(state.clone(), p));
            }
        }
    }

    private byte[] dead(byte[] s, int p) {
        s[DEATHS]--;
        s[process(p) + REPAIR] = FREE_MUTEX;
        s[process(p) + COUNTED] = 0;
        for (int i = 0; i < roles.length(); i++) {
            if (processOf[i] == p) {
                for (int field = 0; field < FIELDS; field++) {
                    s[at(i) + field] = 0;
                }
                s[at(i) + PC] = DEAD;
            }
        }
        return s;
    }

    /** The repairer can be killed at each step; another one begins again. */
    private void repair(byte[] s, int p, Explorer.Successors next) {
        int me = process(p);
        if (s[me + REPAIR] == REPAIRED) {
            return;
        }
        if (s[DEATHS] > 0 && s[me + REPAIR] != FREE_MUTEX) {
            byte[] again = s.clone();
            again[DEATHS]--;
            again[me + REPAIR] = FREE_MUTEX;
            again[me + COUNTED] = 0;
            next.death(again);
        }
        switch (s[me + REPAIR]) {
            case FREE_MUTEX -> {
                if (s[OWNER] != 0 && processOf[s[OWNER] - 1] == p) {
                    s[OWNER] = 0;
                    s[OWNER_DEATHS]++;
                }
            }
            case COUNT_SIGNALS -> {
                s[me + COUNTED] = s[me + SIGNALS];
                if (has(Mutation.CLEARS_BEFORE_COUNT)) {
                    s[me + WAITING] = 0;
                    s[me + SIGNALS] = 0;
                } else {
                    s[LOST] += s[me + SIGNALS] > 0 && !has(Mutation.FORGETS_SIGNALS) ? 1 : 0;
                }
            }
            case CLEAR_CELL -> {
                if (has(Mutation.CLEARS_BEFORE_COUNT)) {
                    s[LOST] += s[me + COUNTED] > 0 ? 1 : 0;
                } else if (s[me + SIGNALS] != s[me + COUNTED] && !has(Mutation.CLEARS_UNSEEN)) {
                    s[me + REPAIR] = FREE_MUTEX;
                }
                if (s[me + REPAIR] == CLEAR_CELL) {
                    s[me + WAITING] = 0;
                    s[me + SIGNALS] = 0;
                }
                s[me + COUNTED] = 0;
            }
            default -> {
                for (int other = 0; other < processes; other++) {
                    signalWord(s, other);
                }
            }
        }
        s[me + REPAIR]++;
        next.step(s);
    }

    private int disturbances(byte[] s) {
        return s[LOST] + (has(Mutation.IGNORES_OWNER_DEATH) ? 0 : s[OWNER_DEATHS]);
    }

    private void step(byte[] s, int i, Explorer.Successors next) {
        int me = at(i);
        int p = process(processOf[i]);
        switch (s[me + PC]) {
            case LOCK, LOCK_AGAIN -> {
                boolean ofDead = s[OWNER] != 0 && s[process(processOf[s[OWNER] - 1]) + REPAIR] != ALIVE;
                if (s[OWNER] != 0 && !ofDead) {
                    return;
                }
                s[OWNER] = (byte) (i + 1);
                s[OWNER_DEATHS] += ofDead ? 1 : 0;
                s[me + PC] = (byte) (s[me + PC] == LOCK_AGAIN ? LEAVE : roles.charAt(i) == 'P' ? PUT : LOOK);
                if (s[me + PC] == LEAVE && has(Mutation.CONSUMES_BEFORE_MUTEX)) {
                    s[me + PC] = LOOK;
                    s[me + DUE] = 0;
                }
            }
            case LOOK -> {
                s[me + PC] = (byte) (s[ITEMS] > 0 ? UNLOCK : has(Mutation.ENTERS_AFTER_RELEASE) ? RELEASE : ENTER);
                s[ITEMS] -= s[ITEMS] > 0 ? 1 : 0;
            }
            case ENTER -> {
                s[p + WAITING]++;
                s[me + PLACE] = s[p + WAITING];
                s[me + SEEN] = (byte) disturbances(s);
                s[me + PC] = (byte) (has(Mutation.ENTERS_AFTER_RELEASE) ? WAIT : RELEASE);
            }
            case RELEASE -> {
                s[OWNER] = 0;
                s[me + PC] = (byte) (has(Mutation.ENTERS_AFTER_RELEASE) ? ENTER : WAIT);
            }
            case WAIT -> {
                if (roles.charAt(i) == 'T') {
                    byte[] tired = s.clone();
                    stop(tired, i);
                    next.step(tired);
                }
                if (s[me + DUE] != 0) {
                    stop(s, i);
                } else {
                    boolean sleeps = s[p + SLEEPER] == 0 || s[p + SLEEPER] == i + 1;
                    s[p + SLEEPER] = sleeps ? (byte) (i + 1) : s[p + SLEEPER];
                    s[me + PC] = (byte) (sleeps ? ARM : PARKED);
                }
            }
            case PARKED -> {
                if (roles.charAt(i) != 'T') {
                    return;
                }
                stop(s, i);
            }
            case ARM -> {
                s[p + WAITERS] = 1;
                s[me + ARMED] = 1;
                s[me + PC] = (byte) (has(Mutation.NO_SECOND_LOOK) ? SLEEP : SECOND_LOOK);
            }
            case SECOND_LOOK -> {
                assign(s, processOf[i]);
                s[me + PC] = SLEEP;
                if (s[me + DUE] != 0) {
                    awake(s, me);
                }
            }
            case SLEEP -> {
                if (s[me + ARMED] == CHANGED) {
                    awake(s, me);
                    assign(s, processOf[i]);
                } else {
                    s[me + PC] = ASLEEP;
                }
            }
            case ASLEEP -> {
                if (has(Mutation.NO_SLICES)) {
                    return;
                }
                s[me + DUE] |= has(Mutation.RETURNS_WITH_SLICE) ? 1 : 0;
                awake(s, me);
                assign(s, processOf[i]);
            }
            case LEAVE -> leave(s, i, LOOK);
            case PUT -> {
                s[ITEMS]++;
                s[me + PC] = (byte) (has(Mutation.WAKES_BEFORE_SIGNAL) ? WAKE : GIVE);
            }
            case GIVE -> {
                give(s, me, next);
                return;
            }
            case WAKE -> {
                for (int other = 0; other < processes; other++) {
                    if (other == processOf[i]) {
                        assign(s, other);
                        int sleeper = s[p + SLEEPER];
                        if (sleeper != 0 && s[at(sleeper - 1) + DUE] != 0) {
                            signalWord(s, other);
                        }
                    } else if (s[process(other) + SIGNALS] > 0) {
                        signalWord(s, other);
                    }
                }
                s[me + PC] = (byte) (has(Mutation.WAKES_BEFORE_SIGNAL) ? GIVE : DONE);
            }
            case UNLOCK -> {
                s[OWNER] = 0;
                boolean wakes = roles.charAt(i) == 'P' && !has(Mutation.WAKES_BEFORE_SIGNAL);
                s[me + PC] = (byte) (wakes ? WAKE : DONE);
            }
            default -> {
                return; // done, or dead
            }
        }
        next.step(s);
    }

    private void give(byte[] s, int me, Explorer.Successors next) {
        s[me + PC] = UNLOCK;
        boolean any = false;
        for (int other = 0; other < processes; other++) {
            int cell = process(other);
            if (s[cell + SIGNALS] < s[cell + WAITING]) {
                byte[] given = s.clone();
                given[cell + SIGNALS]++;
                given[BALANCE] += deaths == 0 ? 1 : 0;
                next.step(given);
                any = true;
            }
        }
        if (!any) {
            next.step(s);
        }
    }

    private static void awake(byte[] s, int me) {
        s[me + ARMED] = 0;
        s[me + PC] = WAIT;
    }

    /** Signals the wake word of a process. */
    private void signalWord(byte[] s, int process) {
        s[process(process) + WAITERS] = 0;
        for (int i = 0; i < roles.length(); i++) {
            int me = at(i);
            if (processOf[i] == process && s[me + ARMED] == 1) {
                if (s[me + PC] == ASLEEP) {
                    awake(s, me);
                    assign(s, process);
                } else {
                    s[me + ARMED] = CHANGED;
                }
            }
        }
    }

    /** Lets threads return that have a signal, in their order, and all if one may have been lost. */
    private void assign(byte[] s, int process) {
        for (int i = 0; i < roles.length(); i++) {
            int me = at(i);
            if (processOf[i] == process && s[me + PLACE] > 0) {
                s[me + DUE] |= (byte) (s[me + PLACE] <= s[process(process) + SIGNALS] ? 1 | SIGNALLED : 0);
                s[me + DUE] |= (byte) (disturbances(s) > s[me + SEEN] ? 1 : 0);
                if (s[me + DUE] != 0 && s[me + PC] == PARKED) {
                    s[me + PC] = WAIT;
                }
            }
        }
    }

    /** Ends the wait of a thread; another one of its process becomes the sleeper. */
    private void stop(byte[] s, int i) {
        int p = process(processOf[i]);
        s[at(i) + PC] = LOCK_AGAIN;
        if (s[p + SLEEPER] == i + 1) {
            s[p + SLEEPER] = 0;
        }
        for (int other = 0; other < roles.length() && s[p + SLEEPER] == 0; other++) {
            boolean parked = processOf[other] == processOf[i] && s[at(other) + PC] == PARKED;
            if (parked && !has(Mutation.NO_SUCCESSOR)) {
                s[at(other) + PC] = WAIT;
            }
        }
        if (has(Mutation.CONSUMES_BEFORE_MUTEX)) {
            leave(s, i, LOCK_AGAIN);
        }
    }

    private void leave(byte[] s, int i, int then) {
        int me = at(i);
        int p = process(processOf[i]);
        assign(s, processOf[i]);
        boolean signalled = (s[me + DUE] & SIGNALLED) != 0;
        boolean returns = s[me + DUE] != 0 && !(has(Mutation.GIVES_UP_WITH_SIGNAL) && roles.charAt(i) == 'T');
        s[p + WAITING]--;
        s[p + SIGNALS] -= signalled ? 1 : 0;
        s[BALANCE] -= deaths == 0 && s[me + DUE] != 0 ? 1 : 0;
        for (int other = 0; other < roles.length(); other++) {
            if (processOf[other] == processOf[i] && s[at(other) + PLACE] > s[me + PLACE]) {
                s[at(other) + PLACE]--;
            }
        }
        s[me + PLACE] = 0;
        s[me + SEEN] = 0;
        s[me + DUE] = 0;
        s[me + PC] = (byte) (returns || then == LOCK_AGAIN ? then : UNLOCK);
    }

    @Override
    public String fault(byte[] s) {
        for (int p = 0; p < processes; p++) {
            if (s[process(p) + SIGNALS] > s[process(p) + WAITING]) {
                return "more signals than threads";
            }
        }
        return s[BALANCE] < 0 ? "a thread returns without a signal" : null;
    }

    /** All have finished, or consumers wait for items that do not come. */
    @Override
    public boolean isGoal(byte[] s) {
        for (int i = 0; i < roles.length(); i++) {
            int pc = s[at(i) + PC];
            boolean waits = pc >= WAIT && pc <= PARKED && s[ITEMS] == 0;
            if (pc < DONE && !waits) {
                return false;
            }
        }
        return true;
    }
}
