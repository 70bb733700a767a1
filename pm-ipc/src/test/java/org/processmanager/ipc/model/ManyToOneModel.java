package org.processmanager.ipc.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code MappedReceiver}, {@code LaneRounds}, {@code EndSlot} and {@code WaitWord}: senders take one of two slots, send
 * something and leave; the receiver visits the lanes, sleeps when they are empty, and ends when all senders are gone. What a
 * sender has committed lies in its store buffer until a fence, the membarrier of the receiver, or some later moment.
 *
 * <pre>
 *   state: owner of each slot, visible and taken messages of each lane, senders so far, the WAITING bit, deaths left, whether
 *          all slots were free at a moment since the receiver began to check, what is due in each lane, the fault,
 *          the receiver's step, lane, visits in vain, whether it visits once more, place of its check, senders before it,
 *          whether it has armed the word; then for each sender its step, lane, seen owner and buffered messages
 * </pre>
 */
final class ManyToOneModel implements Explorer.Model {
    /** What a sender does between joining and leaving. */
    enum Sending {
        /** It sends a message and leaves. */
        ONE_MESSAGE,
        /** It sends a message and leaves when it was taken. */
        AWAITS_RECEIPT,
        /** It sends nothing. */
        NOTHING
    }

    /** What is taken away from the protocol. */
    enum Mutation {
        /** The receiver does not make other processes' stores visible before it looks again. */
        NO_BARRIER,
        /** The receiver sleeps after arming the word without looking again. */
        NO_SECOND_LOOK,
        /** A sender that leaves does not wake the receiver. */
        LEAVES_QUIETLY,
        /** The receiver ends when it has found all slots free, without visiting the lanes once more. */
        NO_LAST_VISIT,
        /** The receiver looks at each slot once. */
        ONE_PASS,
        /** The receiver does not compare the number of senders before and after. */
        NO_COUNT,
        /** The receiver ends when the first slot is free. */
        FIRST_SLOT_ONLY,
        /** A sender takes a slot by a plain store. */
        TAKES_BLINDLY,
        /** A sender takes a slot whose owner is suspended. */
        ROBS_THE_SUSPENDED,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int LANES = 2;
    private static final int OWNER = 0;
    private static final int VISIBLE = 2;
    private static final int TAKEN = 4;
    private static final int OWNERS = 6;
    private static final int WAITING = 7;
    private static final int DEATHS = 8;
    private static final int EMPTY = 9;
    private static final int DUE = 10;
    private static final int BAD = 12;
    private static final int R_STEP = 13;
    private static final int R_LANE = 14;
    private static final int R_VAIN = 15;
    private static final int R_LAST = 16;
    private static final int R_PLACE = 17;
    private static final int R_OWNERS = 18;
    private static final int R_ARMED = 19;
    private static final int SENDERS = 20;

    private static final int STEP = 0;
    private static final int LANE = 1;
    private static final int SEEN = 2;
    private static final int BUFFERED = 3;
    private static final int SENDER_LENGTH = 4;

    /** Steps of a sender. */
    private static final int LOOK = 0;

    private static final int TAKE = 1;
    private static final int COUNT = 2;
    private static final int COMMIT = 3;
    private static final int READ_WORD = 4;
    private static final int WAKE = 5;
    private static final int LEAVE = 6;
    private static final int LEAVE_WAKE = 7;
    private static final int DONE = 8;
    private static final int DEAD = 9;

    /** Steps of the receiver. */
    private static final int VISIT = 0;

    private static final int CHECK = 1;
    private static final int ARM = 2;
    private static final int BARRIER = 3;
    private static final int LOOK_AGAIN = 4;
    private static final int SLEEP = 5;
    private static final int ENDED = 6;

    private static final List<String> FAULTS = List.of(
            "the receiver ended before it took a message",
            "the receiver ended while there was always a sender",
            "two senders have one lane");

    private static final int EARLY = 1;
    private static final int NOT_GONE = 2;
    private static final int SHARED = 3;

    private final Sending sending;
    private final int senders;
    private final int deaths;
    private final Set<Mutation> mutations;

    ManyToOneModel(Sending sending, int senders, int deaths, Mutation... mutations) {
        this.sending = sending;
        this.senders = senders;
        this.deaths = deaths;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private static int at(int sender) {
        return SENDERS + sender * SENDER_LENGTH;
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[at(senders)];
        state[DEATHS] = (byte) deaths;
        return state;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        for (int i = 0; i < senders; i++) {
            byte[] s = state.clone();
            if (state[at(i) + STEP] == LOOK) {
                look(state, i, next);
            } else if (senderStep(s, i)) {
                next.step(settled(s));
            }
            if (state[at(i) + BUFFERED] > 0) {
                byte[] flushed = state.clone();
                flush(flushed, i);
                next.step(settled(flushed));
            }
            if (state[DEATHS] > 0 && state[at(i) + STEP] != DONE && state[at(i) + STEP] != DEAD) {
                byte[] dead = state.clone();
                flush(dead, i);
                dead[at(i) + STEP] = DEAD;
                dead[DEATHS]--;
                next.death(settled(dead));
            }
        }
        byte[] s = state.clone();
        if (receiverStep(s)) {
            next.step(settled(s));
        }
        if (state[R_STEP] == SLEEP && state[WAITING] == 1 && !has(Mutation.NO_SLICES)) {
            byte[] timeout = state.clone();
            timeout[WAITING] = 0;
            visit(timeout);
            next.step(settled(timeout));
        }
    }

    /** Notes that all slots are free now, and whether two live senders have the same one. */
    private byte[] settled(byte[] s) {
        s[EMPTY] |= (byte) (isAlive(s, s[OWNER]) || isAlive(s, s[OWNER + 1]) ? 0 : 1);
        for (int i = 0; i < senders; i++) {
            for (int j = 0; j < i; j++) {
                if (hasLane(s, i) && hasLane(s, j) && s[at(i) + LANE] == s[at(j) + LANE]) {
                    s[BAD] = SHARED;
                }
            }
        }
        return s;
    }

    private static boolean hasLane(byte[] s, int sender) {
        return s[at(sender) + STEP] >= COUNT && s[at(sender) + STEP] <= LEAVE;
    }

    private static boolean isAlive(byte[] s, int owner) {
        return owner != 0 && s[at(owner - 1) + STEP] != DEAD;
    }

    private static void flush(byte[] s, int sender) {
        s[VISIBLE + s[at(sender) + LANE]] += s[at(sender) + BUFFERED];
        s[at(sender) + BUFFERED] = 0;
    }

    // ---- a sender

    /** Finds a slot that is free, or that of a dead owner: any of them, since it depends on what the lanes hold. */
    private void look(byte[] state, int sender, Explorer.Successors next) {
        for (int lane = 0; lane < LANES; lane++) {
            if (!isAlive(state, state[OWNER + lane]) || has(Mutation.ROBS_THE_SUSPENDED)) {
                byte[] s = state.clone();
                s[at(sender) + LANE] = (byte) lane;
                s[at(sender) + SEEN] = s[OWNER + lane];
                s[at(sender) + STEP] = TAKE;
                next.step(settled(s));
            }
        }
    }

    private boolean senderStep(byte[] s, int sender) {
        int me = at(sender);
        int lane = s[me + LANE];
        switch (s[me + STEP]) {
            case TAKE -> {
                if (s[OWNER + lane] == s[me + SEEN] || has(Mutation.TAKES_BLINDLY)) {
                    s[OWNER + lane] = (byte) (sender + 1);
                    s[me + STEP] = COUNT;
                } else {
                    s[me + STEP] = LOOK;
                }
                s[me + SEEN] = 0;
            }
            case COUNT -> {
                s[OWNERS]++;
                s[me + STEP] = (byte) (sending == Sending.NOTHING ? LEAVE : COMMIT);
            }
            case COMMIT -> {
                s[me + BUFFERED] = 1;
                s[me + STEP] = READ_WORD;
            }
            case READ_WORD -> s[me + STEP] = (byte) (s[WAITING] == 1 ? WAKE : LEAVE);
            case WAKE -> {
                flush(s, sender);
                s[WAITING] = 0;
                s[me + STEP] = LEAVE;
            }
            case LEAVE -> {
                boolean taken = s[me + BUFFERED] == 0 && s[TAKEN + lane] == s[VISIBLE + lane];
                if (sending == Sending.AWAITS_RECEIPT && !taken) {
                    return false;
                }
                flush(s, sender);
                if (s[OWNER + lane] == sender + 1) {
                    s[OWNER + lane] = 0;
                }
                s[me + STEP] = (byte) (has(Mutation.LEAVES_QUIETLY) ? DONE : LEAVE_WAKE);
            }
            case LEAVE_WAKE -> {
                s[WAITING] = 0;
                s[me + STEP] = DONE;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    // ---- the receiver

    private boolean receiverStep(byte[] s) {
        switch (s[R_STEP]) {
            case VISIT -> visitLane(s);
            case CHECK -> check(s);
            case ARM -> {
                s[WAITING] = 1;
                s[R_ARMED] = 1;
                s[R_PLACE] = 0;
                s[R_STEP] = (byte) (has(Mutation.NO_SECOND_LOOK) ? SLEEP : BARRIER);
            }
            case BARRIER -> {
                for (int i = 0; i < senders && !has(Mutation.NO_BARRIER); i++) {
                    flush(s, i);
                }
                s[R_STEP] = LOOK_AGAIN;
            }
            case LOOK_AGAIN -> {
                int lane = s[R_PLACE]++;
                if (s[TAKEN + lane] < s[VISIBLE + lane]) {
                    s[WAITING] = 0;
                    visit(s);
                } else if (s[R_PLACE] == LANES) {
                    beginCheck(s);
                }
            }
            case SLEEP -> {
                if (s[WAITING] == 1) {
                    return false;
                }
                visit(s);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void visit(byte[] s) {
        s[R_STEP] = VISIT;
        s[R_ARMED] = 0;
        s[R_VAIN] = 0;
        s[R_PLACE] = 0;
        s[R_LAST] = 0;
    }

    private void visitLane(byte[] s) {
        int lane = s[R_LANE];
        s[R_LANE] = (byte) ((lane + 1) % LANES);
        if (s[TAKEN + lane] < s[VISIBLE + lane]) {
            s[TAKEN + lane]++;
            s[R_VAIN] = 0;
            s[R_LAST] = 0;
        } else if (++s[R_VAIN] == LANES) {
            s[R_VAIN] = 0;
            if (s[R_LAST] == 1) {
                end(s);
            } else {
                beginCheck(s);
            }
        }
    }

    private void beginCheck(byte[] s) {
        s[R_STEP] = CHECK;
        s[R_PLACE] = 0;
        s[R_OWNERS] = s[OWNERS];
        s[EMPTY] = 0;
    }

    private void check(byte[] s) {
        int lane = s[R_PLACE] % LANES;
        int owner = s[OWNER + lane];
        if (isAlive(s, owner)) {
            goesOn(s);
            return;
        }
        s[OWNER + lane] = 0;
        int places = has(Mutation.FIRST_SLOT_ONLY) ? 1 : has(Mutation.ONE_PASS) ? LANES : 2 * LANES;
        if (++s[R_PLACE] < places) {
            return;
        }
        boolean same = s[OWNERS] == s[R_OWNERS] || has(Mutation.NO_COUNT) || has(Mutation.ONE_PASS);
        if (!same || s[R_OWNERS] == 0 && s[TAKEN] + s[TAKEN + 1] == 0) {
            goesOn(s);
        } else if (s[R_ARMED] == 1) {
            s[WAITING] = 0;
            visit(s);
        } else {
            s[BAD] = (byte) (s[EMPTY] == 1 ? 0 : NOT_GONE);
            visit(s);
            s[R_LAST] = 1;
            s[DUE] = s[VISIBLE];
            s[DUE + 1] = s[VISIBLE + 1];
            if (has(Mutation.NO_LAST_VISIT)) {
                end(s);
            }
        }
    }

    private static void goesOn(byte[] s) {
        s[R_STEP] = (byte) (s[R_ARMED] == 1 ? SLEEP : ARM);
        s[R_PLACE] = 0;
    }

    /** The channel is closed at this moment; the program calls again as long as there are senders or messages to come. */
    private void end(byte[] s) {
        if (s[BAD] == 0 && (s[TAKEN] < s[DUE] || s[TAKEN + 1] < s[DUE + 1])) {
            s[BAD] = EARLY;
        }
        s[DUE] = 0;
        s[DUE + 1] = 0;
        visit(s);
        if (areGone(s) && isAllTaken(s)) {
            s[R_STEP] = ENDED;
        }
    }

    private boolean areGone(byte[] s) {
        for (int i = 0; i < senders; i++) {
            if (s[at(i) + STEP] < DONE) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllTaken(byte[] s) {
        return s[TAKEN] == s[VISIBLE] && s[TAKEN + 1] == s[VISIBLE + 1];
    }

    @Override
    public String fault(byte[] s) {
        return s[BAD] == 0 ? null : FAULTS.get(s[BAD] - 1);
    }

    @Override
    public boolean isGoal(byte[] s) {
        return s[R_STEP] == ENDED || s[OWNERS] == 0 && areGone(s);
    }
}
