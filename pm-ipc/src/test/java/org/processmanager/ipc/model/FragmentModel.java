package org.processmanager.ipc.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code LaneStream} and {@code FragmentReader}, on a lane of three records whose own protocol is that of {@link LaneModel}: a
 * sender sends two messages of four fragments, and between them one of one record and one of two fragments that are committed
 * together. It may give up within a message; both ends can die at every step, and are replaced.
 *
 * <pre>
 *   state: the records in the lane, then: their end, taken, which messages were sent, deaths left, whether it may give up,
 *          the sender's message, attempt, fragment and step, the receiver of the message and how many there were before it,
 *          the receiver: how many there were, whether it is alive, its step, how far it has read, how many fragments of which
 *          length it has gathered and how many of these it has taken, the first of them, whether others were among them,
 *          the message delivered last, how many may be lost or come again, the fault
 *   record: 1 + its fragment + 4 x attempt + 32 x message
 * </pre>
 */
final class FragmentModel implements Explorer.Model {
    /** What is taken away from the protocol. */
    enum Mutation {
        /** The sender does not look whether the receiver is still the one that took the beginning. */
        IGNORES_RECEIVER,
        /** The receiver accepts fragments of a message whose beginning it has not seen. */
        ACCEPTS_A_REST,
        /** A beginning does not end the message before it. */
        NO_RESTART,
        /** The receiver takes each fragment at once. */
        TAKES_EACH,
        /** The two fragments of a message that fits into the lane are committed one by one, by an offer that may end between. */
        SPLIT_COMMIT
    }

    private static final int ROOM = 3;
    private static final int[] FRAGMENTS = {4, 1, 2, 4};

    private static final int END = ROOM;
    private static final int TAKEN = ROOM + 1;
    private static final int SENT = ROOM + 2;
    private static final int DEATHS = ROOM + 3;
    private static final int MAY_GIVE_UP = ROOM + 4;
    private static final int W_MESSAGE = ROOM + 5;
    private static final int W_ATTEMPT = ROOM + 6;
    private static final int W_FRAGMENT = ROOM + 7;
    private static final int W_STEP = ROOM + 8;
    private static final int W_OWNER = ROOM + 9;
    private static final int W_BEFORE = ROOM + 10;
    private static final int R_COUNT = ROOM + 11;
    private static final int R_ALIVE = ROOM + 12;
    private static final int R_STEP = ROOM + 13;
    private static final int R_AHEAD = ROOM + 14;
    private static final int R_GATHERED = ROOM + 15;
    private static final int R_TOTAL = ROOM + 16;
    private static final int R_KEPT = ROOM + 17;
    private static final int R_FIRST = ROOM + 18;
    private static final int R_MIXED = ROOM + 19;
    private static final int LAST = ROOM + 20;
    private static final int LOST = ROOM + 21;
    private static final int AGAIN = ROOM + 22;
    private static final int BAD = ROOM + 23;
    private static final int LENGTH = ROOM + 24;

    /** Steps of the sender. */
    private static final int CHECK = 0;

    private static final int COMMIT = 1;

    /** Steps of the receiver. */
    private static final int READ = 0;

    private static final int TAKE = 1;
    private static final int DELIVER = 2;

    private static final List<String> FAULTS = List.of(
            "a message consists of parts of several",
            "a message was received that was not sent",
            "a message was lost",
            "a message came again");

    private static final int TORN = 1;
    private static final int NOT_SENT = 2;
    private static final int LOSS = 3;
    private static final int REPEAT = 4;

    private final int deaths;
    private final boolean atMostOnce;
    private final Set<Mutation> mutations;

    FragmentModel(int deaths, boolean atMostOnce, Mutation... mutations) {
        this.deaths = deaths;
        this.atMostOnce = atMostOnce;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private static int messageOf(int record) {
        return record - 1 >> 5;
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[LENGTH];
        state[DEATHS] = (byte) deaths;
        state[MAY_GIVE_UP] = 1;
        state[LAST] = -1;
        return state;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        if (state[W_MESSAGE] < FRAGMENTS.length) {
            senderSteps(state, next);
        }
        if (state[R_ALIVE] == 1) {
            byte[] s = state.clone();
            if (receiverStep(s)) {
                next.step(s);
            }
        } else {
            byte[] s = state.clone();
            s[R_COUNT]++;
            s[R_ALIVE] = 1;
            s[R_AHEAD] = s[TAKEN];
            next.step(s);
        }
        if (state[DEATHS] > 0) {
            byte[] sender = state.clone();
            sender[DEATHS]--;
            nextMessage(sender);
            if (state[W_MESSAGE] < FRAGMENTS.length) {
                next.death(sender);
            }
            byte[] receiver = state.clone();
            receiver[DEATHS]--;
            receiverDies(receiver);
            if (state[R_ALIVE] == 1) {
                next.death(receiver);
            }
        }
    }

    // ---- the sender

    private static void nextMessage(byte[] s) {
        s[W_MESSAGE]++;
        s[W_ATTEMPT] = 0;
        restart(s);
    }

    private static void restart(byte[] s) {
        s[W_FRAGMENT] = 0;
        s[W_STEP] = CHECK;
        s[W_OWNER] = 0;
        s[W_BEFORE] = 0;
    }

    private void senderSteps(byte[] state, Explorer.Successors next) {
        byte[] s = state.clone();
        int all = FRAGMENTS[s[W_MESSAGE]];
        if (s[MAY_GIVE_UP] == 1 && s[W_FRAGMENT] > 0) {
            byte[] givesUp = state.clone();
            givesUp[MAY_GIVE_UP] = 0;
            nextMessage(givesUp);
            next.step(givesUp);
        }
        boolean whole = all < ROOM && !(has(Mutation.SPLIT_COMMIT) && all == 2);
        int room = ROOM - (s[END] - s[TAKEN]);
        if (room < (whole ? all : 1)) {
            if (!whole && s[W_FRAGMENT] > 0 && hasReceiverLeft(s)) {
                retry(s);
                next.step(s);
            }
            return;
        }
        if (whole) {
            for (int i = 0; i < all; i++) {
                commitFragment(s);
            }
            sent(s);
        } else if (s[W_STEP] == CHECK) {
            check(s, all);
        } else {
            s[W_STEP] = CHECK;
            commitFragment(s);
            if (s[W_FRAGMENT] == all) {
                sent(s);
            }
        }
        next.step(s);
    }

    private void check(byte[] s, int all) {
        if (s[W_FRAGMENT] == 0) {
            s[W_BEFORE] = s[R_COUNT];
            s[W_OWNER] = s[R_ALIVE] == 1 ? s[R_COUNT] : 0;
        } else if (all == 4 && !has(Mutation.IGNORES_RECEIVER) && !isReceiverSame(s, s[W_FRAGMENT] == all - 1)) {
            retry(s);
            return;
        }
        s[W_STEP] = COMMIT;
    }

    /** A dead receiver has its slot until another one joins, unless the sender asks. */
    private static boolean isReceiverSame(byte[] s, boolean ask) {
        int now = s[W_OWNER] == 0 && s[R_COUNT] == s[W_BEFORE] ? 0 : s[R_COUNT];
        if (s[W_OWNER] == 0) {
            if (s[R_COUNT] > s[W_BEFORE] + (now == 0 ? 0 : 1)) {
                return false;
            }
            s[W_OWNER] = (byte) now;
        }
        return s[W_OWNER] == now && (now == 0 || !ask || s[R_ALIVE] == 1);
    }

    private static boolean hasReceiverLeft(byte[] s) {
        return s[R_ALIVE] == 0 && (s[W_OWNER] != 0 || s[R_COUNT] > s[W_BEFORE]);
    }

    private static void retry(byte[] s) {
        s[W_ATTEMPT]++;
        restart(s);
    }

    private static void commitFragment(byte[] s) {
        s[s[END] % ROOM] = (byte) (1 + s[W_FRAGMENT] + 4 * s[W_ATTEMPT] + 32 * s[W_MESSAGE]);
        s[END]++;
        s[W_FRAGMENT]++;
    }

    private static void sent(byte[] s) {
        s[SENT] |= (byte) (1 << s[W_MESSAGE]);
        nextMessage(s);
    }

    // ---- the receiver

    private boolean receiverStep(byte[] s) {
        switch (s[R_STEP]) {
            case READ -> {
                if (s[R_AHEAD] < s[END]) {
                    read(s);
                } else if (s[R_AHEAD] > s[TAKEN]) {
                    takeUnfinished(s);
                } else {
                    return false;
                }
            }
            case TAKE -> {
                s[TAKEN] = s[R_AHEAD];
                s[R_STEP] = (byte) (atMostOnce ? DELIVER : READ);
                if (!atMostOnce) {
                    discard(s);
                }
            }
            case DELIVER -> {
                deliver(s);
                s[R_STEP] = (byte) (atMostOnce ? READ : TAKE);
                if (atMostOnce) {
                    discard(s);
                }
            }
            default -> throw new AssertionError(s[R_STEP]);
        }
        return true;
    }

    private static void takeUnfinished(byte[] s) {
        s[TAKEN] = s[R_AHEAD];
        s[R_KEPT] = s[R_GATHERED];
    }

    private static void discard(byte[] s) {
        s[R_GATHERED] = 0;
        s[R_TOTAL] = 0;
        s[R_KEPT] = 0;
        s[R_FIRST] = 0;
        s[R_MIXED] = 0;
    }

    private void read(byte[] s) {
        int record = s[s[R_AHEAD] % ROOM];
        int total = FRAGMENTS[messageOf(record)];
        int offset = record - 1 & 3;
        if (total == 1 && s[R_AHEAD] > s[TAKEN]) {
            takeUnfinished(s);
            return;
        }
        s[R_AHEAD]++;
        if (offset == 0 && !(has(Mutation.NO_RESTART) && s[R_GATHERED] > 0)) {
            discard(s);
            s[R_TOTAL] = (byte) total;
            s[R_FIRST] = (byte) record;
        }
        if (has(Mutation.ACCEPTS_A_REST) && s[R_TOTAL] == 0) {
            s[R_TOTAL] = (byte) total;
            s[R_GATHERED] = (byte) offset;
            s[R_FIRST] = (byte) record;
            s[R_MIXED] = 1;
        }
        boolean continues = has(Mutation.NO_RESTART) ? s[R_TOTAL] > 0 : s[R_TOTAL] == total && s[R_GATHERED] == offset;
        if (!continues) {
            discard(s);
            return;
        }
        s[R_MIXED] |= (byte) (record - offset != s[R_FIRST] ? 1 : 0);
        s[R_GATHERED]++;
        if (s[R_GATHERED] == s[R_TOTAL]) {
            s[R_STEP] = (byte) (atMostOnce ? TAKE : DELIVER);
        } else if (has(Mutation.TAKES_EACH)) {
            takeUnfinished(s);
        }
    }

    private void deliver(byte[] s) {
        int message = messageOf(s[R_FIRST]);
        if (s[R_MIXED] != 0) {
            s[BAD] = TORN;
        } else if ((s[SENT] & 1 << message) == 0) {
            s[BAD] = NOT_SENT;
        } else if (message <= s[LAST]) {
            s[AGAIN]--;
            s[BAD] = (byte) (message == s[LAST] && s[AGAIN] >= 0 ? 0 : REPEAT);
        } else {
            s[LOST] -= (byte) missing(s, message);
            s[BAD] = (byte) (s[LOST] >= 0 ? 0 : LOSS);
            s[LAST] = (byte) message;
        }
    }

    /** Returns how many messages were sent before this one and not delivered. */
    private static int missing(byte[] s, int message) {
        int missing = 0;
        for (int each = s[LAST] + 1; each < message; each++) {
            missing += s[SENT] >> each & 1;
        }
        return missing;
    }

    /** What it has taken and not delivered is lost: a message at most once, or the beginning of one that was sent. */
    private void receiverDies(byte[] s) {
        boolean taken = atMostOnce && s[R_STEP] == DELIVER;
        int message = s[R_FIRST] == 0 ? -1 : messageOf(s[R_FIRST]);
        boolean ends = message == s[W_MESSAGE] && s[W_STEP] == COMMIT && s[W_FRAGMENT] == FRAGMENTS[message] - 1;
        boolean begun = message >= 0
                && FRAGMENTS[message] > ROOM
                && s[R_KEPT] > 0
                && message > s[LAST]
                && ((s[SENT] & 1 << message) != 0 || ends);
        s[LOST] += (byte) (taken || begun ? 1 : 0);
        s[AGAIN] += (byte) (!atMostOnce && s[R_STEP] == TAKE ? 1 : 0);
        s[R_ALIVE] = 0;
        s[R_STEP] = READ;
        s[R_AHEAD] = 0;
        discard(s);
    }

    @Override
    public String fault(byte[] s) {
        return s[BAD] == 0 ? null : FAULTS.get(s[BAD] - 1);
    }

    @Override
    public boolean isGoal(byte[] s) {
        return s[W_MESSAGE] == FRAGMENTS.length
                && s[R_ALIVE] == 1
                && s[R_STEP] == READ
                && s[TAKEN] == s[END]
                && missing(s, FRAGMENTS.length) <= s[LOST];
    }
}
