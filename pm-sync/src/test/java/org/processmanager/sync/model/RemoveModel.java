package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code Directory.create}, {@code remove} and {@code reclaim}, and what of {@code Participants} they rely on: an entry with
 * its room, that is made, removed and used again, and participants that join, find what is there, use it, remove it, make
 * another, and leave, each as often as the numbers allow, in any order. Each of them can be killed between any two steps;
 * its slot can then be taken by a joiner.
 *
 * <pre>
 *   state: removals counted, the entry (0 free, 1 present, n + 1 removed by removal n), the object whose room it is,
 *          the holder of the creation lock (participant + 1), deaths left;
 *          then for each participant: where it is, the object it found, what it remembers,
 *          its slot: 0 free, 1 being claimed, 2 live, the removals seen, its byte (1 locked)
 * </pre>
 */
final class RemoveModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** The removal is counted before the entry is marked: a joiner between the two finds the object. */
        COUNTS_BEFORE_REMOVING,
        /** Removals of a killed remover are never counted. */
        NEVER_MAKES_UP,
        /** Room is reused without checking the participants. */
        RECLAIMS_AT_ONCE,
        /** A joiner reads the directory before its slot is visible, as without the fence. */
        LOOKS_BEFORE_LIVE,
        /** A joiner records the removals after it has read the directory. */
        COUNTS_AFTER_LOOK,
        /** A joiner keeps the removals that the last user of its slot recorded. */
        NEVER_COUNTS,
        /** A process is believed dead while it still works. */
        EARLY_DEATH
    }

    private static final int REMOVALS = 0;
    private static final int ENTRY = 1;
    private static final int OBJECT = 2;
    private static final int LOCK = 3;
    private static final int DEATHS = 4;
    private static final int PARTICIPANTS = 5;

    private static final int PC = 0;
    private static final int FOUND = 1;
    private static final int MEMORY = 2;
    private static final int SLOT = 3;
    private static final int SEEN = 4;
    private static final int BYTE = 5;
    private static final int FIELDS = 6;

    private static final int FREE = 0;
    private static final int PRESENT = 1;

    private static final int OUTSIDE = 0;
    private static final int CLAIM = 1;
    private static final int NOTE_COUNT = 2;
    private static final int GO_LIVE = 3;
    private static final int IDLE = 4;
    private static final int FIND = 5;
    private static final int COUNT = 6;
    private static final int REMOVE = 7;
    private static final int LOOK_FOR_USERS = 8;
    private static final int FREE_ENTRY = 9;
    private static final int INITIALIZE = 10;
    private static final int PUBLISH = 11;
    private static final int LEAVE = 12;
    /** Believed dead, and still using. */
    private static final int DYING = 13;

    private static final int MAKE_UP = 14;

    private static final int NOBODY = 0;
    private static final int NOTHING = 0;

    private final int participants;
    private final int objects;
    private final int deaths;
    private final Set<Mutation> mutations;

    RemoveModel(int participants, int objects, int deaths, Mutation... mutations) {
        this.participants = participants;
        this.objects = objects;
        this.deaths = deaths;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private static int at(int participant) {
        return PARTICIPANTS + participant * FIELDS;
    }

    /** There is an object and no participant. */
    @Override
    public byte[] initial() {
        byte[] s = new byte[at(participants)];
        s[ENTRY] = PRESENT;
        s[OBJECT] = 1;
        s[DEATHS] = (byte) deaths;
        return s;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        for (int i = 0; i < participants; i++) {
            int me = at(i);
            byte[] s = state.clone();
            switch (state[me + PC]) {
                case OUTSIDE -> join(s, me, next);
                case IDLE -> begin(state, i, next);
                default -> {
                    step(s, i, me);
                    next.step(s);
                }
            }
            int pc = state[me + PC];
            if (state[DEATHS] > 0 && pc != OUTSIDE && pc != DYING) {
                die(state.clone(), i, me, next);
            }
        }
    }

    /** The byte of a slot that is free, or whose owner is dead and repaired by the joiner. */
    private static void join(byte[] s, int me, Explorer.Successors next) {
        if (s[me + BYTE] == 0) {
            s[me + BYTE] = 1;
            s[me + SLOT] = 0;
            s[me + PC] = CLAIM;
            next.step(s);
        }
    }

    /** What a participant may do that has nothing to do. */
    private void begin(byte[] state, int i, Explorer.Successors next) {
        int me = at(i);
        byte[] s = state.clone();
        s[me + PC] = LEAVE;
        next.step(s);
        if (state[me + FOUND] == NOTHING) {
            s = state.clone();
            s[me + PC] = FIND;
            next.step(s);
        }
        if (state[LOCK] == NOBODY && state[ENTRY] == PRESENT && state[REMOVALS] <= objects) {
            s = state.clone();
            s[LOCK] = (byte) (i + 1);
            s[me + PC] = (byte) (has(Mutation.COUNTS_BEFORE_REMOVING) ? COUNT : REMOVE);
            s[me + MEMORY] = (byte) (state[REMOVALS] + 1);
            next.step(s);
        }
        if (state[LOCK] == NOBODY && state[ENTRY] != PRESENT && state[OBJECT] < objects) {
            s = state.clone();
            s[LOCK] = (byte) (i + 1);
            s[me + PC] = (byte) (state[ENTRY] == FREE ? INITIALIZE : MAKE_UP);
            next.step(s);
        }
    }

    private void step(byte[] s, int i, int me) {
        switch (s[me + PC]) {
            case CLAIM -> {
                if (has(Mutation.LOOKS_BEFORE_LIVE)) {
                    s[me + SEEN] = s[REMOVALS];
                    find(s, me);
                    s[me + PC] = GO_LIVE;
                } else {
                    s[me + SLOT] = 1;
                    s[me + PC] = NOTE_COUNT;
                    if (has(Mutation.COUNTS_AFTER_LOOK)) {
                        find(s, me);
                    }
                }
            }
            case NOTE_COUNT -> {
                s[me + SEEN] = has(Mutation.NEVER_COUNTS) ? s[me + SEEN] : s[REMOVALS];
                s[me + PC] = GO_LIVE;
            }
            case GO_LIVE -> {
                s[me + SLOT] = 2;
                s[me + PC] = IDLE;
            }
            case FIND -> {
                find(s, me);
                s[me + PC] = IDLE;
            }
            case LEAVE, DYING -> {
                s[me + FOUND] = NOTHING;
                s[me + BYTE] = s[me + PC] == LEAVE ? 0 : s[me + BYTE];
                s[me + PC] = OUTSIDE;
            }
            case REMOVE -> {
                s[ENTRY] = (byte) (s[me + MEMORY] + 1);
                if (has(Mutation.COUNTS_BEFORE_REMOVING)) {
                    unlock(s, me);
                } else {
                    s[me + PC] = COUNT;
                }
            }
            case COUNT -> {
                s[REMOVALS] = s[me + MEMORY];
                if (has(Mutation.COUNTS_BEFORE_REMOVING)) {
                    s[me + PC] = REMOVE;
                } else {
                    unlock(s, me);
                }
            }
            case MAKE_UP -> {
                if (!has(Mutation.NEVER_MAKES_UP)) {
                    s[REMOVALS] = (byte) Math.max(s[REMOVALS], s[ENTRY] - 1);
                }
                s[me + PC] = LOOK_FOR_USERS;
            }
            case LOOK_FOR_USERS -> {
                // One slot a step.
                int slot = s[me + MEMORY];
                if (slot == participants || has(Mutation.RECLAIMS_AT_ONCE)) {
                    s[me + PC] = FREE_ENTRY;
                    s[me + MEMORY] = 0;
                } else if (mayUse(s, slot, i)) {
                    unlock(s, me);
                } else {
                    s[me + MEMORY]++;
                }
            }
            case FREE_ENTRY -> {
                s[ENTRY] = FREE;
                s[me + PC] = INITIALIZE;
            }
            case INITIALIZE -> {
                s[OBJECT]++;
                s[me + PC] = PUBLISH;
            }
            default -> {
                s[ENTRY] = PRESENT;
                unlock(s, me);
            }
        }
    }

    private static void find(byte[] s, int me) {
        if (s[ENTRY] == PRESENT) {
            s[me + FOUND] = s[OBJECT];
        }
    }

    private static boolean mayUse(byte[] s, int slot, int asker) {
        int other = at(slot);
        boolean gone = slot != asker && s[other + BYTE] == 0;
        return s[other + SLOT] != 0 && !gone && s[other + SEEN] < s[ENTRY] - 1;
    }

    private static void unlock(byte[] s, int me) {
        s[LOCK] = NOBODY;
        s[me + MEMORY] = 0;
        s[me + PC] = IDLE;
    }

    private void die(byte[] s, int i, int me, Explorer.Successors next) {
        s[DEATHS]--;
        s[me + BYTE] = 0;
        if (s[LOCK] == i + 1) {
            s[LOCK] = NOBODY;
        }
        if (has(Mutation.EARLY_DEATH) && s[me + FOUND] != NOTHING) {
            s[me + PC] = DYING;
        } else {
            s[me + FOUND] = NOTHING;
            s[me + PC] = OUTSIDE;
        }
        s[me + MEMORY] = 0;
        next.death(s);
    }

    @Override
    public String fault(byte[] s) {
        if (s[ENTRY] > PRESENT && s[ENTRY] - 1 > s[REMOVALS] + 1) {
            return "a sound region looks corrupt";
        }
        for (int i = 0; i < participants; i++) {
            int me = at(i);
            if (s[me + FOUND] != NOTHING && s[me + FOUND] != s[OBJECT]) {
                return "a party uses room that is another object's";
            }
            if (s[me + FOUND] != NOTHING && s[ENTRY] == FREE) {
                return "a party uses an entry that is free";
            }
        }
        return null;
    }

    /** No participant uses anything, or could; if the numbers allow it there is an object. */
    @Override
    public boolean isGoal(byte[] s) {
        for (int i = 0; i < participants; i++) {
            if (s[at(i) + PC] != OUTSIDE && s[at(i) + PC] != IDLE) {
                return false;
            }
        }
        return s[ENTRY] == PRESENT || s[OBJECT] == objects;
    }
}
