package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * {@code CellRing} and {@code BufferCare}: producers that put some items each, consumers that take as long as there are
 * any. Each looks first where it got its last cell; the head and the tail that all see are moved at any time later, or never.
 * A party that finds no room or no item tries again: sleeping is modelled in {@link LeasedModel}.
 *
 * <pre>
 *   state: head, tail, hint, deaths left, repairer: its step, its subject, which cell;
 *          the cells: lap, state, owner (process + 1), item;
 *          then for each process: where it is, its position or cell, where it looks next, items put, alive (1), repaired (2) or dead (0);
 *          then for each item: 1 committed, + 2 for each time it was done with
 * </pre>
 */
final class BufferModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** A party that meets a cell of another does not continue with the next one. */
        NO_HELP,
        /** A producer that finds no room tries the next cell the next time. */
        GOES_ON_WHEN_FULL,
        /** The repair frees what a dead consumer had. */
        FREES_TAKEN,
        /** The repair makes what a dead producer claimed free again. */
        FREES_CLAIMED,
        /** The repair puts the hint up before it marks. */
        HINT_BEFORE_MARK,
        /** A consumer puts the hint down after it has looked. */
        HINT_DOWN_LATE,
        /** A process is believed dead while it still works. */
        EARLY_DEATH
    }

    private static final int HEAD = 0;
    private static final int TAIL = 1;
    private static final int HINT = 2;
    private static final int DEATHS = 3;
    private static final int REPAIRER = 4;
    private static final int REPAIRED = 5;
    private static final int REPAIR_CELL = 6;
    private static final int CELLS = 7;

    private static final int LAP = 0;
    private static final int STATE = 1;
    private static final int OWNER = 2;
    private static final int ITEM = 3;
    private static final int CELL_FIELDS = 4;

    private static final int FREE = 0;
    private static final int CLAIMED = 1;
    private static final int FULL = 2;
    private static final int TAKEN = 3;
    private static final int SKIPPED = 4;
    private static final int REDELIVER = 5;

    private static final int PC = 0;
    private static final int AT = 1;
    private static final int COUNT = 2;
    private static final int LIFE = 3;
    private static final int CURSOR = 4;
    private static final int FIELDS = 5;

    private static final int READ_TAIL = 0;
    private static final int CLAIM = 1;
    private static final int PASS_TAIL = 2;
    private static final int PUT = 3;
    private static final int DONE = 4;
    private static final int LOOK_AT_HINT = 5;
    private static final int SCAN = 6;
    private static final int RAISE_HINT = 7;
    private static final int READ_HEAD = 8;
    private static final int TAKE = 9;
    private static final int PASS_HEAD = 10;
    private static final int HAS = 11;
    private static final int LOWER_LATE = 12;

    private static final int IDLE = 0;
    private static final int MARKING = 1;
    private static final int RAISING = 2;

    private final int cells;
    private final int producers;
    private final int consumers;
    private final int items;
    private final int deaths;
    private final Set<Mutation> mutations;

    BufferModel(int cells, int producers, int consumers, int items, int deaths, Mutation... mutations) {
        this.cells = cells;
        this.producers = producers;
        this.consumers = consumers;
        this.items = items;
        this.deaths = deaths;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    private int cell(int index) {
        return CELLS + index * CELL_FIELDS;
    }

    private int at(int process) {
        return CELLS + cells * CELL_FIELDS + process * FIELDS;
    }

    private int item(int number) {
        return at(producers + consumers) + number;
    }

    @Override
    public byte[] initial() {
        byte[] s = new byte[item(producers * items)];
        s[DEATHS] = (byte) deaths;
        for (int i = 0; i < producers + consumers; i++) {
            s[at(i) + LIFE] = 1;
            s[at(i) + PC] = (byte) (i < producers ? READ_TAIL : LOOK_AT_HINT);
        }
        return s;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        for (int i = 0; i < producers + consumers; i++) {
            boolean lives = state[at(i) + LIFE] == 1;
            if (lives || (has(Mutation.EARLY_DEATH) && (state[at(i) + PC] == HAS))) {
                byte[] s = state.clone();
                if (i < producers) {
                    produce(s, i, at(i));
                } else {
                    consume(s, i, at(i));
                }
                next.step(s.clone());
                int pc = state[at(i) + PC];
                if (pc == PASS_TAIL || pc == PASS_HEAD) {
                    // Not this time.
                    s[i < producers ? TAIL : HEAD] = state[i < producers ? TAIL : HEAD];
                    next.step(s.clone());
                }
            }
            if (lives && state[DEATHS] > 0 && state[at(i) + PC] != DONE) {
                byte[] s = state.clone();
                s[DEATHS]--;
                s[at(i) + LIFE] = 0;
                s[at(i) + CURSOR] = 0;
                next.death(s);
            }
        }
        repair(state, next);
    }

    private void produce(byte[] s, int i, int me) {
        int c = cell(s[me + AT] % cells);
        int lap = s[me + AT] / cells;
        switch (s[me + PC]) {
            case READ_TAIL -> {
                s[me + AT] = s[me + CURSOR];
                s[me + PC] = CLAIM;
            }
            case CLAIM -> {
                if (s[c + LAP] == lap && s[c + STATE] == FREE) {
                    set(s, c, lap, CLAIMED, i + 1);
                    s[c + ITEM] = (byte) (i * items + s[me + COUNT]);
                    s[me + CURSOR] = (byte) (s[me + AT] + 1);
                    s[me + PC] = PASS_TAIL;
                } else if (s[c + LAP] >= lap) {
                    goOn(s, me, TAIL);
                    restart(s, me, READ_TAIL);
                } else {
                    passSkippedAtHead(s);
                    if (has(Mutation.GOES_ON_WHEN_FULL)) {
                        s[me + CURSOR] = (byte) Math.min(s[me + AT] + 1, producers * items);
                    }
                    restart(s, me, READ_TAIL);
                }
            }
            case PASS_TAIL -> {
                s[TAIL] = (byte) Math.max(s[TAIL], s[me + AT] + 1);
                s[me + PC] = PUT;
            }
            case PUT -> {
                if (s[c + LAP] == lap && s[c + STATE] == CLAIMED && s[c + OWNER] == i + 1) {
                    set(s, c, lap, FULL, 0);
                    s[item(s[c + ITEM])] |= 1;
                }
                s[me + COUNT]++;
                restart(s, me, s[me + COUNT] == items ? DONE : READ_TAIL);
            }
            default -> {
                // done
            }
        }
    }

    private void goOn(byte[] s, int me, int shared) {
        if (!has(Mutation.NO_HELP)) {
            s[me + CURSOR] = (byte) Math.max(s[me + AT] + 1, s[shared]);
        }
    }

    /** As a producer that finds no room. */
    private void passSkippedAtHead(byte[] s) {
        int position = s[HEAD];
        int c = cell(position % cells);
        while (isPassed(s, c, position / cells)) {
            c = cell(++position % cells);
        }
        if (s[c + LAP] == position / cells && s[c + STATE] == SKIPPED) {
            set(s, c, s[c + LAP] + 1, FREE, 0);
        }
    }

    private static boolean isPassed(byte[] s, int c, int lap) {
        return s[c + LAP] > lap || (s[c + LAP] == lap && (s[c + STATE] == TAKEN || s[c + STATE] == REDELIVER));
    }

    private void consume(byte[] s, int i, int me) {
        int position = s[me + AT];
        switch (s[me + PC]) {
            case LOOK_AT_HINT -> {
                boolean hint = s[HINT] == 1;
                if (hint && !has(Mutation.HINT_DOWN_LATE)) {
                    s[HINT] = 0;
                }
                restart(s, me, hint ? SCAN : READ_HEAD);
            }
            case SCAN -> {
                int c = cell(position);
                if (s[c + STATE] == REDELIVER) {
                    set(s, c, s[c + LAP], TAKEN, i + 1);
                    s[me + PC] = RAISE_HINT;
                } else if (position + 1 < cells) {
                    s[me + AT]++;
                } else {
                    restart(s, me, has(Mutation.HINT_DOWN_LATE) ? LOWER_LATE : READ_HEAD);
                }
            }
            case LOWER_LATE -> {
                s[HINT] = 0;
                s[me + PC] = READ_HEAD;
            }
            case RAISE_HINT -> {
                s[HINT] = 1;
                s[me + PC] = HAS;
            }
            case READ_HEAD -> {
                s[me + AT] = s[me + CURSOR];
                s[me + PC] = TAKE;
            }
            case TAKE -> {
                int c = cell(position % cells);
                int lap = position / cells;
                if (s[c + LAP] == lap && s[c + STATE] == FULL) {
                    set(s, c, lap, TAKEN, i + 1);
                    s[me + CURSOR] = (byte) (position + 1);
                    s[me + PC] = PASS_HEAD;
                } else if (s[c + LAP] == lap && s[c + STATE] == SKIPPED) {
                    set(s, c, lap + 1, FREE, 0);
                    s[me + CURSOR] = (byte) (position + 1);
                    restart(s, me, LOOK_AT_HINT);
                } else {
                    if (isPassed(s, c, lap)) {
                        goOn(s, me, HEAD);
                    }
                    restart(s, me, LOOK_AT_HINT);
                }
            }
            case PASS_HEAD -> {
                s[HEAD] = (byte) Math.max(s[HEAD], position + 1);
                s[me + AT] = (byte) (position % cells);
                s[me + PC] = HAS;
            }
            default -> {
                int c = cell(position);
                if (s[c + STATE] == TAKEN && s[c + OWNER] == i + 1) {
                    set(s, c, s[c + LAP] + 1, FREE, 0);
                }
                s[item(s[c + ITEM])] += 2;
                restart(s, me, LOOK_AT_HINT);
            }
        }
    }

    /** One cell a step. That it dies and another begins anew is its going back to the start. */
    private void repair(byte[] state, Explorer.Successors next) {
        byte[] s = state.clone();
        switch (state[REPAIRER]) {
            case IDLE -> {
                for (int i = 0; i < producers + consumers; i++) {
                    if (state[at(i) + LIFE] == 0) {
                        s = state.clone();
                        s[REPAIRED] = (byte) i;
                        s[REPAIRER] = MARKING;
                        s[HINT] = has(Mutation.HINT_BEFORE_MARK) ? 1 : s[HINT];
                        next.step(s);
                    }
                }
            }
            case MARKING -> {
                int c = cell(s[REPAIR_CELL]);
                if (s[c + OWNER] == s[REPAIRED] + 1) {
                    boolean claimed = s[c + STATE] == CLAIMED;
                    int lap = s[c + LAP];
                    if (claimed) {
                        set(s, c, lap, has(Mutation.FREES_CLAIMED) ? FREE : SKIPPED, 0);
                    } else if (has(Mutation.FREES_TAKEN)) {
                        set(s, c, lap + 1, FREE, 0);
                    } else {
                        set(s, c, lap, REDELIVER, 0);
                    }
                }
                s[REPAIR_CELL]++;
                if (s[REPAIR_CELL] == cells) {
                    s[REPAIR_CELL] = 0;
                    s[REPAIRER] = RAISING;
                }
                next.step(s);
                restartRepair(state, next);
            }
            default -> {
                s[HINT] = has(Mutation.HINT_BEFORE_MARK) ? s[HINT] : 1;
                s[at(s[REPAIRED]) + LIFE] = 2;
                s[REPAIRED] = 0;
                s[REPAIRER] = IDLE;
                next.step(s);
                restartRepair(state, next);
            }
        }
    }

    private static void restartRepair(byte[] state, Explorer.Successors next) {
        if (state[DEATHS] > 0) {
            byte[] s = state.clone();
            s[DEATHS]--;
            s[REPAIRER] = IDLE;
            s[REPAIRED] = 0;
            s[REPAIR_CELL] = 0;
            next.death(s);
        }
    }

    private static void set(byte[] s, int cell, int lap, int state, int owner) {
        s[cell + LAP] = (byte) lap;
        s[cell + STATE] = (byte) state;
        s[cell + OWNER] = (byte) owner;
    }

    private static void restart(byte[] s, int process, int pc) {
        s[process + PC] = (byte) pc;
        s[process + AT] = 0;
    }

    @Override
    public String fault(byte[] state) {
        for (int number = 0; number < producers * items; number++) {
            if (state[item(number)] > 3) {
                return "an item was done with twice";
            }
        }
        return null;
    }

    @Override
    public boolean isGoal(byte[] s) {
        for (int i = 0; i < producers + consumers; i++) {
            if (s[at(i) + LIFE] == 0 || (i < producers && s[at(i) + LIFE] == 1 && s[at(i) + PC] != DONE)) {
                return false;
            }
        }
        if (livingConsumers(s) > 0) {
            for (int number = 0; number < producers * items; number++) {
                if (s[item(number)] == 1) {
                    return false;
                }
            }
            for (int index = 0; index < cells; index++) {
                if (s[cell(index) + STATE] != FREE) {
                    return false;
                }
            }
        }
        return true;
    }

    private int livingConsumers(byte[] s) {
        int living = 0;
        for (int i = producers; i < producers + consumers; i++) {
            living += s[at(i) + LIFE] == 1 ? 1 : 0;
        }
        return living;
    }
}
