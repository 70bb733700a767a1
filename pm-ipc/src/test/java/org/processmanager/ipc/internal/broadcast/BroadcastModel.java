package org.processmanager.ipc.internal.broadcast;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * A broadcast of numbered messages of one size, through a lane that holds {@value #CAPACITY}: {@link BroadcastWriter},
 * {@link Receivers}, the readers and {@link ReceiversWaitWord}. A receiver joins at any time; the sender and receivers may die
 * at each step, and a dead sender is followed by another one.
 *
 * <pre>
 *   state: tail, intent, both halves of each record, wait word (waiting, wake-ups), deaths left,
 *          sender: step, limit, receiver it looks at, limit so far, the policy that it saw
 *          for each receiver: policy and cursor in its slot,
 *                             step, position, first half read, messages received, messages missed, wake-ups seen, where it joined
 * </pre>
 */
final class BroadcastModel implements Explorer.Model {
    /** What is taken away from the protocol. */
    enum Mutation {
        /** A receiver delivers what it copied without looking at the intent. */
        NO_CHECK,
        /** The sender states its intent after the first half of a record. */
        LATE_INTENT,
        /** The next sender begins with the tail as its intent. */
        INTENT_FORGOTTEN,
        /** A receiver stays where it found the tail before it published its policy. */
        ONE_LOOK_AT_THE_TAIL,
        /** The sender writes on without a look at new receivers, if none holds it up. */
        NO_LIMIT,
        /** The sender writes first and evicts then. */
        LATE_EVICTION,
        /** The sender waits for receivers that are dead. */
        NO_PROOF_OF_DEATH,
        /** The sender wakes one receiver. */
        WAKES_ONE,
        /** A receiver sleeps although it was woken between its look and its sleep, if another one has armed the word. */
        NO_COUNT,
        /** A receiver sleeps without looking again. */
        NO_SECOND_LOOK
    }

    static final int CAPACITY = 2;

    private static final int TAIL = 0;
    private static final int INTENT = 1;
    private static final int RECORDS = 2;
    private static final int WAITING = RECORDS + 2 * CAPACITY;
    private static final int WAKE_UPS = WAITING + 1;
    private static final int DEATHS = WAKE_UPS + 1;
    private static final int SENDER = DEATHS + 1;
    private static final int LIMIT = SENDER + 1;
    private static final int LOOKS_AT = LIMIT + 1;
    private static final int LIMIT_SO_FAR = LOOKS_AT + 1;
    private static final int SEEN = LIMIT_SO_FAR + 1;
    private static final int RECEIVERS = SEEN + 1;

    private static final int POLICY = 0;
    private static final int CURSOR = 1;
    private static final int STEP = 2;
    private static final int POSITION = 3;
    private static final int HALF = 4;
    private static final int RECEIVED = 5;
    private static final int MISSED = 6;
    private static final int WOKEN = 7;
    private static final int JOINED_AT = 8;
    private static final int OWN = 9;

    // steps of the sender
    private static final int RESERVE = 0;
    private static final int LOOK_AT_POLICY = 1;
    private static final int LOOK_AT_CURSOR = 2;
    private static final int STATE_INTENT = 3;
    private static final int FIRST_HALF = 4;
    private static final int SECOND_HALF = 5;
    private static final int COMMIT = 6;
    private static final int WAKE = 7;
    private static final int SENT_ALL = 8;

    // steps of a receiver
    private static final int BEGIN = 0;
    private static final int PUBLISH = 1;
    private static final int LOOK_AGAIN = 2;
    private static final int LOOK = 3;
    private static final int READ_FIRST = 4;
    private static final int READ_SECOND = 5;
    private static final int CHECK = 6;
    private static final int RELEASE = 7;
    private static final int ARM = 8;
    private static final int LAST_LOOK = 9;
    private static final int SLEEP = 10;
    private static final int ASLEEP = 11;
    private static final int DONE = 12;
    private static final int DEAD = 13;
    /** Delivered something that was not the next message. */
    private static final int WRONG = 14;

    private final int messages;
    private final int[] policies;
    private final int deaths;
    private final boolean sleeps;
    private final Set<Mutation> mutations;

    /**
     * Creates a model.
     *
     * @param policies of each receiver, as in {@link ReceiverLayout}
     * @param sleeps whether receivers sleep while there is no message; otherwise they poll
     */
    BroadcastModel(int messages, int deaths, boolean sleeps, int[] policies, Mutation... mutations) {
        this.messages = messages;
        this.policies = policies;
        this.deaths = deaths;
        this.sleeps = sleeps;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.copyOf(List.of(mutations));
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[RECEIVERS + policies.length * OWN];
        Arrays.fill(state, RECORDS, RECORDS + 2 * CAPACITY, (byte) -1);
        state[DEATHS] = (byte) deaths;
        return state;
    }

    private static int at(int receiver) {
        return RECEIVERS + receiver * OWN;
    }

    private static int half(int message, int half) {
        return RECORDS + message % CAPACITY * 2 + half;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        senderStep(state.clone(), next);
        if (state[DEATHS] > 0 && state[SENDER] != SENT_ALL) {
            byte[] s = state.clone();
            s[DEATHS]--;
            succeedSender(s);
            next.death(s);
        }
        for (int i = 0; i < policies.length; i++) {
            byte step = state[at(i) + STEP];
            if (step < DONE && step != ASLEEP) {
                receiverStep(state.clone(), i, next);
            }
            if (state[DEATHS] > 0 && step < DONE) {
                byte[] s = state.clone();
                s[DEATHS]--;
                s[at(i) + STEP] = DEAD;
                next.death(s);
            }
        }
    }

    /** The sender died, which is proven, and another one takes its slot and wakes all, as repair does. */
    private void succeedSender(byte[] s) {
        s[SENDER] = RESERVE;
        s[LIMIT] = 0;
        s[LOOKS_AT] = 0;
        s[LIMIT_SO_FAR] = 0;
        s[SEEN] = 0;
        if (has(Mutation.INTENT_FORGOTTEN)) {
            s[INTENT] = s[TAIL];
        }
        wakeAll(s);
    }

    // ---- the sender

    private void senderStep(byte[] s, Explorer.Successors next) {
        int message = s[TAIL];
        switch (s[SENDER]) {
            case RESERVE -> {
                if (message == messages) {
                    s[SENDER] = SENT_ALL;
                } else if (message + 1 <= s[LIMIT]) {
                    s[SENDER] = (byte) (has(Mutation.LATE_INTENT) ? FIRST_HALF : STATE_INTENT);
                } else {
                    s[LOOKS_AT] = 0;
                    s[LIMIT_SO_FAR] = (byte) (has(Mutation.NO_LIMIT) ? messages : message + CAPACITY);
                    s[SENDER] = LOOK_AT_POLICY;
                }
            }
            case LOOK_AT_POLICY -> lookAtPolicy(s);
            case LOOK_AT_CURSOR -> lookAtCursor(s);
            case STATE_INTENT -> {
                s[INTENT] = (byte) Math.max(s[INTENT], message + 1);
                s[SENDER] = (byte) (has(Mutation.LATE_INTENT) ? SECOND_HALF : FIRST_HALF);
            }
            case FIRST_HALF -> {
                s[half(message, 0)] = (byte) message;
                s[SENDER] = (byte) (has(Mutation.LATE_INTENT) ? STATE_INTENT : SECOND_HALF);
            }
            case SECOND_HALF -> {
                s[half(message, 1)] = (byte) message;
                s[SENDER] = COMMIT;
            }
            case COMMIT -> {
                s[TAIL]++;
                s[SENDER] = WAKE;
            }
            case WAKE -> {
                s[SENDER] = RESERVE;
                if (s[WAITING] == 1 && has(Mutation.WAKES_ONE)) {
                    wakeOne(s, next);
                    return;
                }
                wakeAll(s);
            }
            default -> {
                return;
            }
        }
        next.step(s);
    }

    private void lookAtPolicy(byte[] s) {
        if (s[LOOKS_AT] == policies.length) {
            s[LIMIT] = s[LIMIT_SO_FAR];
            // Without room it looks again, as after a sleep.
            s[SENDER] = RESERVE;
            return;
        }
        int receiver = at(s[LOOKS_AT]);
        s[SEEN] = s[receiver + POLICY];
        boolean dead = s[receiver + STEP] == DEAD && !has(Mutation.NO_PROOF_OF_DEATH);
        if (dead) {
            s[receiver + POLICY] = 0;
        }
        if (dead || s[SEEN] != ReceiverLayout.BLOCK && s[SEEN] != ReceiverLayout.EVICT) {
            s[LOOKS_AT]++;
        } else {
            s[SENDER] = LOOK_AT_CURSOR;
        }
    }

    private void lookAtCursor(byte[] s) {
        int receiver = at(s[LOOKS_AT]);
        int cursor = s[receiver + CURSOR];
        int end = s[TAIL] + 1;
        if (s[SEEN] == ReceiverLayout.BLOCK) {
            s[LIMIT_SO_FAR] = (byte) Math.min(s[LIMIT_SO_FAR], cursor + CAPACITY);
        } else if (end - cursor > CAPACITY && !has(Mutation.LATE_EVICTION)) {
            if (s[receiver + POLICY] == ReceiverLayout.EVICT) {
                s[receiver + POLICY] = ReceiverLayout.EVICTED;
            }
        } else if (!has(Mutation.LATE_EVICTION)) {
            s[LIMIT_SO_FAR] = (byte) Math.min(s[LIMIT_SO_FAR], Math.max(cursor + CAPACITY, end));
        }
        s[LOOKS_AT]++;
        s[SENDER] = LOOK_AT_POLICY;
    }

    private void wakeAll(byte[] s) {
        if (s[WAITING] == 1) {
            s[WAITING] = 0;
            s[WAKE_UPS]++;
            for (int i = 0; i < policies.length; i++) {
                wake(s, i);
            }
        }
    }

    private void wakeOne(byte[] s, Explorer.Successors next) {
        s[WAITING] = 0;
        s[WAKE_UPS]++;
        boolean any = false;
        for (int i = 0; i < policies.length; i++) {
            if (s[at(i) + STEP] == ASLEEP) {
                byte[] woken = s.clone();
                wake(woken, i);
                next.step(woken);
                any = true;
            }
        }
        if (!any) {
            next.step(s);
        }
    }

    private static void wake(byte[] s, int receiver) {
        if (s[at(receiver) + STEP] == ASLEEP) {
            s[at(receiver) + STEP] = LOOK;
        }
    }

    // ---- a receiver

    private void receiverStep(byte[] s, int receiver, Explorer.Successors next) {
        int me = at(receiver);
        int policy = policies[receiver];
        int position = s[me + POSITION];
        switch (s[me + STEP]) {
            case BEGIN -> {
                s[me + CURSOR] = s[TAIL];
                s[me + STEP] = PUBLISH;
            }
            case PUBLISH -> {
                s[me + POLICY] = (byte) policy;
                s[me + STEP] = LOOK_AGAIN;
            }
            case LOOK_AGAIN -> {
                if (!has(Mutation.ONE_LOOK_AT_THE_TAIL)) {
                    s[me + CURSOR] = s[TAIL];
                }
                s[me + POSITION] = s[me + CURSOR];
                s[me + JOINED_AT] = s[me + CURSOR];
                s[me + STEP] = LOOK;
                if (s[me + POLICY] == ReceiverLayout.EVICTED) {
                    s[me + POLICY] = 0;
                    s[me + STEP] = BEGIN; // it joins again
                }
            }
            case LOOK -> {
                if (s[me + POLICY] == ReceiverLayout.EVICTED) {
                    s[me + STEP] = DONE;
                } else if (position < s[TAIL]) {
                    s[me + STEP] = READ_FIRST;
                } else if (s[TAIL] == messages) {
                    leave(s, me);
                } else if (sleeps) {
                    s[me + STEP] = ARM;
                } else {
                    return; // polls
                }
            }
            case READ_FIRST -> {
                s[me + HALF] = s[half(position, 0)];
                s[me + STEP] = READ_SECOND;
            }
            case READ_SECOND -> {
                // The second half is kept as whether both are the message at the position.
                s[me + HALF] = (byte) (s[me + HALF] == position && s[half(position, 1)] == position ? 1 : 0);
                s[me + STEP] = CHECK;
            }
            case CHECK -> check(s, me, policy);
            case RELEASE -> {
                s[me + CURSOR] = (byte) position;
                s[me + STEP] = LOOK;
            }
            case ARM -> {
                s[WAITING] = 1;
                s[me + WOKEN] = s[WAKE_UPS];
                s[me + STEP] = (byte) (has(Mutation.NO_SECOND_LOOK) ? SLEEP : LAST_LOOK);
            }
            case LAST_LOOK -> {
                boolean ready = position < s[TAIL] || s[me + POLICY] == ReceiverLayout.EVICTED;
                s[me + STEP] = (byte) (ready ? LOOK : SLEEP);
            }
            case SLEEP -> {
                boolean asArmed = s[WAITING] == 1 && (s[WAKE_UPS] == s[me + WOKEN] || has(Mutation.NO_COUNT));
                s[me + STEP] = (byte) (asArmed ? ASLEEP : LOOK);
                s[me + WOKEN] = 0;
            }
            default -> throw new AssertionError(s[me + STEP]);
        }
        next.step(s);
    }

    private void check(byte[] s, int me, int policy) {
        int position = s[me + POSITION];
        boolean intact = policy == ReceiverLayout.BLOCK || has(Mutation.NO_CHECK) || s[INTENT] - CAPACITY <= position;
        boolean isMessage = s[me + HALF] == 1;
        s[me + HALF] = 0;
        if (intact) {
            s[me + STEP] = (byte) (isMessage ? RELEASE : WRONG);
            s[me + POSITION]++;
            s[me + RECEIVED]++;
        } else if (policy == ReceiverLayout.EVICT) {
            s[me + STEP] = (byte) (s[me + POLICY] == ReceiverLayout.EVICTED ? DONE : WRONG);
        } else {
            int to = s[INTENT] - CAPACITY;
            s[me + MISSED] += (byte) (to - position);
            s[me + POSITION] = (byte) to;
            s[me + STEP] = RELEASE;
        }
    }

    private static void leave(byte[] s, int me) {
        s[me + POLICY] = 0;
        s[me + CURSOR] = 0;
        s[me + STEP] = DONE;
    }

    // ---- faults

    @Override
    public String fault(byte[] s) {
        for (int i = 0; i < policies.length; i++) {
            int me = at(i);
            if (s[me + STEP] == WRONG) {
                return "a receiver delivered what is not its next message";
            }
            boolean wasEvicted = s[me + POLICY] == ReceiverLayout.EVICTED;
            int sum = s[me + RECEIVED] + s[me + MISSED];
            if (s[me + STEP] == DONE && !wasEvicted && sum != messages - s[me + JOINED_AT]) {
                return "a receiver lost a message";
            }
            if (policies[i] != ReceiverLayout.DROP_OLDEST && s[me + MISSED] != 0) {
                return "a receiver missed a message";
            }
        }
        return null;
    }

    @Override
    public boolean isGoal(byte[] s) {
        boolean all = s[SENDER] == SENT_ALL;
        for (int i = 0; i < policies.length; i++) {
            all &= s[at(i) + STEP] == DONE || s[at(i) + STEP] == DEAD;
        }
        return all;
    }
}
