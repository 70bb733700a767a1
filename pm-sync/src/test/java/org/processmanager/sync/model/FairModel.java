package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code FairQueue}: processes that acquire a permit once, in order of arrival, and release it; the first one may give up. One
 * process can be suspended while it waits, for a while or for ever. Another one has all permits at first, and those of dead processes, and
 * releases them.
 *
 * <pre>
 *   state: permits, WAITERS, tickets drawn, deaths left, suspensions left, permits of the other process, whether one was overtaken,
 *          then for each process: where it is, its place, its ticket, whether it has a permit,
 *          1 if it has armed its word and 2 if that was signalled since, which processes were queued when it arrived,
 *          and before it wakes another: that one, what it has read of the word, negative if that has changed
 * </pre>
 */
final class FairModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A thread without a ticket acquires while WAITERS is set. */
        BARGES,
        /** WAITERS is cleared though a ticket was drawn meanwhile. */
        CLEARS_BLINDLY,
        /** A ticket is drawn before the place is taken. */
        DRAWS_FIRST,
        /** A process that leaves the queue wakes no other. */
        LEAVES_SILENTLY,
        /** A waiter sleeps after arming its word without trying again. */
        NO_SECOND_TRY,
        /** The places of dead processes are not cleared. */
        NO_REPAIR,
        /** Suspended processes keep their turn. */
        NO_PASSING_OVER,
        /** A process in turn is passed over though it runs. */
        PASSES_OVER_EARLY,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int PERMITS = 0;
    private static final int WAITERS = 1;
    private static final int TICKETS = 2;
    private static final int DEATHS = 3;
    private static final int SUSPENSIONS = 4;
    private static final int AWAY = 5;
    private static final int OVERTAKEN = 6;
    private static final int PROCESSES = 7;

    private static final int FIELDS = 8;
    private static final int PC = 0;
    private static final int PLACE = 1;
    private static final int TICKET = 2;
    private static final int HAS = 3;
    private static final int ARMED = 4;
    private static final int BEFORE = 5;
    private static final int NEXT = 6;
    private static final int WORD = 7;

    private static final int NO_PLACE = 0;
    private static final int ARRIVING = 1;
    private static final int QUEUED = 2;
    private static final int PASSED_OVER = 3;
    /** The word has been signalled since it was armed. */
    private static final int CHANGED = 2;

    private static final int ARRIVE = 0;
    private static final int PLACE_TAKEN = 1;
    private static final int TICKET_DRAWN = 2;
    private static final int TRY = 3;
    private static final int TAKE = 4;
    private static final int ARM = 5;
    private static final int CHECK = 6;
    private static final int SLEEP = 7;
    private static final int ASLEEP = 8;
    private static final int LEAVE = 9;
    private static final int PASS_ON = 10;
    private static final int FIND_NEXT = 11;
    private static final int CLEAR = 12;
    private static final int WAKE = 13;
    private static final int INSIDE = 14;
    private static final int RESUMED = 15;
    private static final int DONE = 16;
    private static final int SUSPENDED = 17;
    private static final int DEAD = 18;
    private static final int MARKED = 19;
    private static final int GONE = 20;

    /** What a process has read of the word. */
    private static final int NO_PERMITS = 1;

    private static final int SOME_PERMITS = 2;

    private final int processes;
    private final int permits;
    private final int deaths;
    private final int suspensions;
    private final Set<Mutation> mutations;

    FairModel(int processes, int permits, int deaths, int suspensions, Mutation... mutations) {
        this.processes = processes;
        this.permits = permits;
        this.deaths = deaths;
        this.suspensions = suspensions;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private static int at(int process) {
        return PROCESSES + process * FIELDS;
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[PROCESSES + processes * FIELDS];
        state[AWAY] = (byte) permits;
        state[DEATHS] = (byte) deaths;
        state[SUSPENSIONS] = (byte) suspensions;
        return state;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        if (state[AWAY] > 0) {
            byte[] s = state.clone();
            s[AWAY]--;
            changeWord(s, 1);
            if (s[WAITERS] == 1 && next(s) >= 0) {
                signal(s, next(s));
            }
            next.step(s);
        }
        for (int i = 0; i < processes; i++) {
            int me = at(i);
            int pc = state[me + PC];
            if (pc == DEAD || pc == MARKED) {
                repair(state.clone(), i, next);
                continue;
            }
            step(state.clone(), i, next);
            if (pc == CHECK && i == 0) {
                byte[] s = state.clone();
                s[me + PC] = LEAVE; // it gives up
                next.step(s);
            }
            if (state[DEATHS] > 0 && pc < DONE) {
                byte[] s = state.clone();
                s[DEATHS]--;
                s[AWAY] += s[me + HAS];
                forget(s, me);
                s[me + PC] = DEAD;
                next.death(s);
            }
            if (pc == SUSPENDED) {
                byte[] s = state.clone();
                s[me + PC] = RESUMED;
                forgive(s, i);
                next.death(s); // others must not depend on it
            }
            if (state[SUSPENSIONS] > 0 && pc < LEAVE && state[me + HAS] == 0 && state[me + PLACE] == QUEUED) {
                byte[] s = state.clone();
                s[SUSPENSIONS]--;
                forget(s, me);
                s[me + PC] = SUSPENDED;
                next.death(s);
            }
        }
    }

    private static void forget(byte[] s, int me) {
        s[me + HAS] = 0;
        s[me + ARMED] = 0;
        s[me + BEFORE] = 0;
        s[me + NEXT] = 0;
        s[me + WORD] = 0;
    }

    /** A process was suspended: those that were there before may have passed over it. */
    private void forgive(byte[] s, int process) {
        for (int other = 0; other < processes; other++) {
            s[at(other) + BEFORE] &= (byte) ~(1 << process);
        }
    }

    /** Clears the place of a dead process, and then wakes all. */
    private void repair(byte[] s, int i, Explorer.Successors next) {
        if (has(Mutation.NO_REPAIR)) {
            return;
        }
        if (s[at(i) + PC] == DEAD) {
            s[at(i) + PLACE] = NO_PLACE;
            s[at(i) + PC] = MARKED;
        } else {
            for (int other = 0; other < processes; other++) {
                signal(s, other);
            }
            s[at(i) + PC] = GONE;
        }
        next.step(s);
    }

    private static void signal(byte[] s, int process) {
        int other = at(process);
        if (s[other + PC] == ASLEEP) {
            s[other + ARMED] = 0;
            s[other + PC] = TRY;
        } else if (s[other + ARMED] == 1) {
            s[other + ARMED] = CHANGED;
        }
    }

    private void step(byte[] s, int i, Explorer.Successors next) {
        int me = at(i);
        switch (s[me + PC]) {
            case ARRIVE -> {
                for (int other = 0; other < processes; other++) {
                    s[me + BEFORE] |= (byte) (isWaiting(s, other) ? 1 << other : 0);
                }
                if (s[PERMITS] > 0 && (s[WAITERS] == 0 || has(Mutation.BARGES))) {
                    take(s, i);
                    s[me + PC] = INSIDE;
                } else {
                    s[me + PLACE] = (byte) (has(Mutation.DRAWS_FIRST) ? NO_PLACE : ARRIVING);
                    s[me + PC] = PLACE_TAKEN;
                }
            }
            case PLACE_TAKEN -> {
                s[me + TICKET] = ++s[TICKETS];
                s[WAITERS] = 1;
                changeWord(s, 0);
                s[me + PC] = TICKET_DRAWN;
            }
            case TICKET_DRAWN -> {
                s[me + PLACE] = QUEUED;
                s[me + PC] = TRY;
            }
            case TRY -> {
                s[me + PC] = s[PERMITS] > 0 && next(s) == i ? TAKE : afterTry(s, me);
            }
            case TAKE -> {
                if (s[PERMITS] > 0) {
                    take(s, i);
                    s[me + PC] = LEAVE;
                } else {
                    s[me + PC] = afterTry(s, me);
                }
            }
            case ARM -> {
                s[me + ARMED] = 1;
                s[me + PC] = (byte) (has(Mutation.NO_SECOND_TRY) ? CHECK : TRY);
            }
            case CHECK -> check(s, i);
            case SLEEP, ASLEEP -> {
                boolean same = s[me + ARMED] == 1;
                if (s[me + PC] == ASLEEP && has(Mutation.NO_SLICES)) {
                    return;
                }
                boolean sleeps = same && s[me + PC] == SLEEP;
                s[me + PC] = (byte) (sleeps ? ASLEEP : TRY);
                s[me + ARMED] = (byte) (sleeps ? 1 : 0);
            }
            case LEAVE -> {
                s[me + PLACE] = NO_PLACE;
                s[me + TICKET] = 0;
                s[me + ARMED] = 0;
                s[me + BEFORE] = 0;
                s[me + PC] = has(Mutation.LEAVES_SILENTLY) ? afterPassingOn(s, me) : PASS_ON;
            }
            case PASS_ON -> {
                s[me + WORD] = (byte) (s[PERMITS] > 0 ? SOME_PERMITS : NO_PERMITS);
                s[me + PC] = FIND_NEXT;
            }
            case FIND_NEXT -> {
                s[me + NEXT] = (byte) (next(s) + 1);
                boolean hasPermits = Math.abs(s[me + WORD]) == SOME_PERMITS;
                s[me + PC] = s[me + NEXT] == 0 ? CLEAR : hasPermits ? WAKE : afterPassingOn(s, me);
            }
            case CLEAR -> {
                if (s[me + WORD] > 0 || s[WAITERS] == 0 || has(Mutation.CLEARS_BLINDLY)) {
                    s[WAITERS] = 0;
                    changeWord(s, 0);
                    s[me + PC] = afterPassingOn(s, me);
                } else {
                    s[me + PC] = PASS_ON;
                }
            }
            case WAKE -> {
                signal(s, s[me + NEXT] - 1);
                s[me + PC] = afterPassingOn(s, me);
            }
            case INSIDE -> {
                s[me + HAS] = 0;
                changeWord(s, 1);
                s[me + PC] = (byte) (s[WAITERS] == 1 ? PASS_ON : DONE);
            }
            case RESUMED -> {
                s[me + PLACE] = QUEUED;
                s[me + PC] = TRY;
            }
            default -> {
                return; // done, or dead
            }
        }
        next.step(s);
    }

    /** The process that is in turn: its place is queued and has the lowest ticket; else another one with a place, or -1. */
    private int next(byte[] s) {
        int next = -1;
        for (int other = 0; other < processes; other++) {
            int place = s[at(other) + PLACE];
            boolean better = next < 0
                    || place == QUEUED
                            && (s[at(next) + PLACE] != QUEUED || s[at(other) + TICKET] < s[at(next) + TICKET]);
            next = place != NO_PLACE && better ? other : next;
        }
        return next;
    }

    /** Adds permits, or changes another part of the word, which others have read. */
    private void changeWord(byte[] s, int more) {
        s[PERMITS] += (byte) more;
        for (int other = 0; other < processes; other++) {
            s[at(other) + WORD] = (byte) -Math.abs(s[at(other) + WORD]);
        }
    }

    private static byte afterTry(byte[] s, int me) {
        return (byte) (s[me + ARMED] == 0 ? ARM : CHECK);
    }

    private static byte afterPassingOn(byte[] s, int me) {
        s[me + NEXT] = 0;
        s[me + WORD] = 0;
        return (byte) (s[me + PLACE] != NO_PLACE ? TRY : s[me + HAS] == 1 ? INSIDE : DONE);
    }

    /** Clears the place of a dead process that is in turn, and passes over a suspended one. */
    private void check(byte[] s, int i) {
        int me = at(i);
        int other = at(next(s));
        boolean dead = s[other + PC] == DEAD && !has(Mutation.NO_REPAIR);
        boolean idle = s[PERMITS] > 0
                && s[other + PLACE] == QUEUED
                && !has(Mutation.NO_PASSING_OVER)
                && (s[other + PC] == SUSPENDED || has(Mutation.PASSES_OVER_EARLY) && other != me);
        if (dead || idle) {
            s[other + PLACE] = (byte) (dead ? NO_PLACE : PASSED_OVER);
            s[me + ARMED] = 0;
            s[me + PC] = PASS_ON;
        } else {
            s[me + PC] = SLEEP;
        }
    }

    private void take(byte[] s, int i) {
        for (int other = 0; other < processes; other++) {
            if ((s[at(i) + BEFORE] & 1 << other) != 0 && isWaiting(s, other)) {
                s[OVERTAKEN] = 1;
            }
        }
        changeWord(s, -1);
        s[at(i) + HAS] = 1;
        s[at(i) + BEFORE] = 0;
    }

    private static boolean isWaiting(byte[] s, int process) {
        int me = at(process);
        return s[me + PLACE] >= QUEUED && s[me + HAS] == 0 && s[me + PC] < LEAVE;
    }

    @Override
    public String fault(byte[] state) {
        int all = state[PERMITS] + state[AWAY];
        for (int i = 0; i < processes; i++) {
            all += state[at(i) + HAS];
        }
        return state[OVERTAKEN] == 1 ? "a waiter was overtaken" : all != permits ? "a permit was lost" : null;
    }

    @Override
    public boolean isGoal(byte[] state) {
        for (int i = 0; i < processes; i++) {
            int pc = state[at(i) + PC];
            if (pc < DONE) {
                return false;
            }
        }
        return true;
    }
}
