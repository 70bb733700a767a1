package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code EventState}: the first party sets the event, the others wait for it once. With automatic reset it is set once for each
 * waiter; otherwise it is set once, after all have begun to wait, and cleared at once.
 *
 * <pre>
 *   state: as {@link PartyModel}, and: whether it is set, how often it was set,
 *          then for each party: how often it had been set when it began, whether it has slept, whether it has passed
 * </pre>
 */
final class EventModel extends PartyModel {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A waiter looks only whether the event is set, not how often it was. */
        NO_TIMES,
        /** A waiter clears the event by two steps. */
        CLEARS_IN_TWO_STEPS,
        /** The setter checks for waiters before it sets the event. */
        SIGNALS_FIRST,
        /** The setter wakes one waiter, also without automatic reset. */
        WAKES_ONE,
        /** A waiter that has slept leaves without setting WAITERS. */
        FORGETS_WAITERS,
        /** A waiter sleeps after arming the word without looking again. */
        NO_SECOND_LOOK,
        /** Sleeps have no timeout. */
        NO_SLICES
    }

    private static final int SET = SHARED;
    private static final int TIMES = SHARED + 1;

    private static final int BEGAN = OWN;
    private static final int SLEPT = OWN + 1;
    private static final int PASSED = OWN + 2;

    private static final int RAISE = STEPS;
    private static final int SIGNAL = STEPS + 1;
    private static final int CLEAR = STEPS + 2;
    private static final int REARM = STEPS + 3;
    private static final int PASS_ON = STEPS + 4;
    private static final int LATE_CLEAR = STEPS + 5;

    private final boolean autoReset;
    private final Set<Mutation> mutations;

    EventModel(boolean autoReset, int waiters, int deaths, Mutation... mutations) {
        super(
                1 + waiters,
                deaths,
                2,
                3,
                !List.of(mutations).contains(Mutation.NO_SLICES),
                !List.of(mutations).contains(Mutation.NO_SECOND_LOOK));
        this.autoReset = autoReset;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    @Override
    boolean canDie(byte[] s, int party) {
        return party != 0 || s[TIMES] == (autoReset ? parties - 1 : 1);
    }

    @Override
    boolean mark(byte[] s, int party) {
        return false; // an event has no owner
    }

    @Override
    void step(byte[] s, int party, Explorer.Successors next) {
        if (party == 0) {
            setterStep(s, next);
        } else {
            waiterStep(s, party, next);
        }
    }

    private void setterStep(byte[] s, Explorer.Successors next) {
        int me = at(0);
        int after = autoReset ? BEGIN : CLEAR;
        boolean signalsFirst = has(Mutation.SIGNALS_FIRST);
        switch (s[me + PC]) {
            case BEGIN -> {
                if (isOver(s)) {
                    done(s, 0);
                } else if (mayBeSet(s)) {
                    s[me + PC] = (byte) (signalsFirst ? SIGNAL : RAISE);
                } else {
                    return;
                }
            }
            case RAISE -> {
                s[SET] = 1;
                s[TIMES]++;
                s[me + PC] = (byte) (signalsFirst ? after : SIGNAL);
            }
            case SIGNAL -> {
                s[me + PC] = (byte) (signalsFirst ? RAISE : after);
                if (autoReset || has(Mutation.WAKES_ONE)) {
                    signalOne(s, next);
                    return;
                }
                signalAll(s, false);
            }
            case CLEAR -> {
                s[SET] = 0;
                done(s, 0);
            }
            default -> throw new AssertionError(s[me + PC]);
        }
        next.step(s);
    }

    /** With automatic reset, it was set for each waiter, or the rest of them are dead; else it was set. */
    private boolean isOver(byte[] s) {
        boolean all = true;
        for (int i = 1; i < parties; i++) {
            all &= s[at(i) + PC] >= DONE;
        }
        return all || s[TIMES] == (autoReset ? parties - 1 : 1);
    }

    /** With automatic reset, the last time was noticed, so that this one counts; else, all waiters have begun. */
    private boolean mayBeSet(byte[] s) {
        boolean all = true;
        for (int i = 1; i < parties; i++) {
            all &= s[at(i) + PC] != BEGIN;
        }
        return autoReset ? s[SET] == 0 : all;
    }

    private void waiterStep(byte[] s, int party, Explorer.Successors next) {
        int me = at(party);
        switch (s[me + PC]) {
            case BEGIN -> {
                s[me + BEGAN] = s[TIMES];
                s[me + PC] = LOOK;
            }
            case LOOK -> look(s, party);
            case LATE_CLEAR -> {
                s[SET] = 0;
                pass(s, party);
            }
            case REARM -> {
                arm(s);
                s[me + PC] = (byte) (s[SET] == 1 ? PASS_ON : DONE);
            }
            case PASS_ON -> {
                done(s, party);
                signalOne(s, next);
                return;
            }
            default -> throw new AssertionError(s[me + PC]);
        }
        next.step(s);
    }

    private void look(byte[] s, int party) {
        int me = at(party);
        boolean wasSet = !autoReset && s[TIMES] != s[me + BEGAN] && !has(Mutation.NO_TIMES);
        if (s[SET] == 1 && autoReset && has(Mutation.CLEARS_IN_TWO_STEPS)) {
            s[me + PC] = LATE_CLEAR;
        } else if (s[SET] == 1 || wasSet) {
            s[SET] = autoReset ? 0 : s[SET];
            pass(s, party);
        } else {
            s[me + SLEPT] |= s[me + ARMED];
            waitMore(s, party);
        }
    }

    private void pass(byte[] s, int party) {
        int me = at(party);
        boolean rearms = autoReset && s[me + SLEPT] != 0 && !has(Mutation.FORGETS_WAITERS);
        done(s, party);
        s[me + PASSED] = 1;
        s[me + SLEPT] = 0;
        s[me + PC] = (byte) (rearms ? REARM : DONE);
    }

    @Override
    public String fault(byte[] state) {
        int passed = 0;
        for (int i = 1; i < parties; i++) {
            passed += state[at(i) + PASSED];
        }
        return autoReset && passed > state[TIMES] ? "an event let two waiters pass" : null;
    }
}
