package org.processmanager.sync.model;

import java.util.EnumSet;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code CellRing} and {@code BufferHandler}: producers that put some items each, consumers that take as long as there are any,
 * and on demand a process that ends the buffer and one that joins it. Each party looks first where it got its last cell; the
 * head and the tail that all see are moved at any time later, or never. A party that finds no room or no item tries again:
 * sleeping is modelled in {@link LeasedModel}.
 *
 * <pre>
 *   state: head, tail, hint, deaths left, repairer: its step, its subject, which cell; ended; the joiner: its step, which cell,
 *          sum of the laps, whether all cells were free at one moment since it began; what was done wrong;
 *          the cells: lap, state, owner (process + 1), item;
 *          then for each process: where it is, its position or cell, where it looks next, items put, alive (1), repaired (2) or
 *          dead (0), the unfinished positions before that (a bit each), the position that it will take + 1, whether there was
 *          no item at one moment of its search;
 *          then for each item: 1 committed, + 2 for each time it was done with
 * </pre>
 */
final class BufferModel implements Explorer.Model {
    /** What is taken away from the protocol, or allowed to the world. */
    enum Mutation {
        /** The last consumer never acknowledges its first item. */
        HOLDS,
        /** The buffer is ended at any time. */
        ENDS,
        /** A process waits until all items are done. */
        JOINS,

        /** A party that meets a cell of another does not continue with the next one. */
        NO_HELP,
        /** A producer that finds no room tries the next cell the next time. */
        GOES_ON_WHEN_FULL,
        /** A producer waits for a cell that another party has, although others are free. */
        WAITS_FOR_HELD,
        /** A producer that passes a cell which another party has continues also if that has just been freed. */
        PASSES_FREED,
        /** The owner of a cell expects it where it got it. */
        IGNORES_PASSING,
        /** A consumer passes an unfinished item for good. */
        FORGETS_UNFINISHED,
        /** A consumer waits for an unfinished item. */
        WAITS_FOR_UNFINISHED,
        /** A consumer does not look again at what was unfinished. */
        NO_SECOND_LOOK,
        /** A consumer finds nothing although an item that was unfinished has been there. */
        FINDS_NONE_TOO_SOON,
        /** The repair frees what a dead consumer had. */
        FREES_TAKEN,
        /** The repair makes what a dead producer claimed free in the same lap. */
        FREES_CLAIMED,
        /** The repair gives up a cell that a producer passes meanwhile. */
        MARKS_ONCE,
        /** The repair puts the hint up before it marks. */
        HINT_BEFORE_MARK,
        /** A consumer puts the hint down after it has looked. */
        HINT_DOWN_LATE,
        /** A producer looks only before it claims a cell whether the buffer was ended. */
        CLAIMS_LATE,
        /** A consumer reports the end of a buffer in which it finds no item. */
        ENDS_WITH_UNACKED,
        /** The joiner looks at each cell once. */
        JOINS_AFTER_ONE_LOOK,
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
    private static final int ENDED = 7;
    private static final int JOINER = 8;
    private static final int JOIN_CELL = 9;
    private static final int JOIN_SUM = 10;
    private static final int WAS_IDLE = 11;
    private static final int FAULT = 12;
    private static final int CELLS = 13;

    private static final int LAP = 0;
    private static final int STATE = 1;
    private static final int OWNER = 2;
    private static final int ITEM = 3;
    private static final int CELL_FIELDS = 4;

    private static final int FREE = 0;
    private static final int CLAIMED = 1;
    private static final int FULL = 2;
    private static final int TAKEN = 3;
    private static final int REDELIVER = 4;

    private static final int PC = 0;
    private static final int AT = 1;
    private static final int COUNT = 2;
    private static final int LIFE = 3;
    private static final int CURSOR = 4;
    private static final int UNFINISHED = 5;
    private static final int CANDIDATE = 7;
    private static final int WAS_EMPTY = 8;
    private static final int FIELDS = 9;

    private static final int START = 0;
    private static final int CLAIM = 1;
    private static final int PASS_HELD = 2;
    private static final int LOOK_AT_END = 3;
    private static final int ABANDON = 4;
    private static final int PASS_TAIL = 5;
    private static final int PUT = 6;
    private static final int DONE = 7;
    private static final int LOOK_AT_HINT = 8;
    private static final int SCAN = 9;
    private static final int RAISE_HINT = 10;
    private static final int LOWER_LATE = 11;
    private static final int WALK = 12;
    private static final int LOOK_AGAIN = 13;
    private static final int TAKE = 14;
    private static final int FOUND_NONE = 15;
    private static final int LOOK_FOR_UNACKED = 16;
    private static final int PASS_HEAD = 17;
    private static final int HAS = 18;

    private static final int IDLE = 0;
    private static final int MARKING = 1;
    private static final int RAISING = 2;

    private static final int FIRST_LOOK = 1;
    private static final int SECOND_LOOK = 2;
    private static final int JOINED = 3;

    private static final int NOT_FIRST = 1;
    private static final int NOT_EMPTY = 2;
    private static final int NOT_IDLE = 3;

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
            s[at(i) + PC] = (byte) (i < producers ? START : LOOK_AT_HINT);
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
                next.step(witnessed(s.clone()));
                int pc = state[at(i) + PC];
                if (pc == PASS_TAIL || pc == PASS_HEAD) {
                    // Not this time.
                    s[i < producers ? TAIL : HEAD] = state[i < producers ? TAIL : HEAD];
                    next.step(witnessed(s));
                }
            }
            if (lives && state[DEATHS] > 0 && state[at(i) + PC] != DONE) {
                byte[] s = state.clone();
                s[DEATHS]--;
                s[at(i) + LIFE] = 0;
                for (int field : new int[] {CURSOR, UNFINISHED, UNFINISHED + 1, CANDIDATE, WAS_EMPTY}) {
                    s[at(i) + field] = 0;
                }
                next.death(s);
            }
        }
        if (has(Mutation.ENDS) && state[ENDED] == 0) {
            byte[] s = state.clone();
            s[ENDED] = 1;
            next.step(s);
        }
        join(state, next);
        repair(state, next);
    }

    /** Notes for all that look for an item, or for idleness, what was true at this moment. */
    private byte[] witnessed(byte[] s) {
        boolean empty = true;
        boolean idle = true;
        for (int index = 0; index < cells; index++) {
            empty &= s[cell(index) + STATE] != FULL;
            idle &= s[cell(index) + STATE] == FREE;
        }
        if (idle && (s[JOINER] == FIRST_LOOK || s[JOINER] == SECOND_LOOK)) {
            s[WAS_IDLE] = 1;
        }
        for (int i = producers; empty && i < producers + consumers; i++) {
            int pc = s[at(i) + PC];
            if (s[at(i) + LIFE] == 1 && (pc == WALK || pc == LOOK_AGAIN || pc == FOUND_NONE)) {
                s[at(i) + WAS_EMPTY] = 1;
            }
        }
        return s;
    }

    private void produce(byte[] s, int i, int me) {
        int c = cell(s[me + AT] % cells);
        int lap = s[me + AT] / cells;
        switch (s[me + PC]) {
            case START -> {
                if (s[ENDED] == 1) {
                    restart(s, me, DONE);
                } else {
                    s[me + AT] = s[me + CURSOR];
                    s[me + PC] = CLAIM;
                }
            }
            case CLAIM -> claim(s, i, me, c, lap);
            case PASS_HELD -> {
                if (isHeld(s, c) && s[c + LAP] == lap - 1) {
                    s[c + LAP]++;
                } else if (has(Mutation.PASSES_FREED)) {
                    s[me + CURSOR] = (byte) (s[me + AT] + 1);
                }
                restart(s, me, START);
            }
            case LOOK_AT_END -> s[me + PC] = (byte) (s[ENDED] == 1 && !has(Mutation.CLAIMS_LATE) ? ABANDON : PASS_TAIL);
            case ABANDON -> {
                set(s, c, s[c + LAP] + 1, FREE, 0);
                restart(s, me, DONE);
            }
            case PASS_TAIL -> {
                s[TAIL] = (byte) Math.max(s[TAIL], s[me + AT] + 1);
                s[me + PC] = PUT;
            }
            case PUT -> {
                if (isMine(s, c, lap, CLAIMED, i)) {
                    set(s, c, s[c + LAP], FULL, 0);
                    s[item(s[c + ITEM])] |= 1;
                }
                s[me + COUNT]++;
                restart(s, me, s[me + COUNT] == items ? DONE : START);
            }
            default -> {
                // done
            }
        }
    }

    private void claim(byte[] s, int i, int me, int c, int lap) {
        if (s[c + LAP] == lap && s[c + STATE] == FREE) {
            set(s, c, lap, CLAIMED, i + 1);
            s[c + ITEM] = (byte) (i * items + s[me + COUNT]);
            s[me + CURSOR] = (byte) (s[me + AT] + 1);
            s[me + PC] = (byte) (has(Mutation.ENDS) ? LOOK_AT_END : PASS_TAIL);
        } else if (s[c + LAP] >= lap) {
            if (!has(Mutation.NO_HELP)) {
                s[me + CURSOR] = (byte) Math.max(s[me + AT] + 1, s[TAIL]);
            }
            restart(s, me, START);
        } else if (isHeld(s, c) && isRoomAfter(s, s[me + AT]) && !has(Mutation.WAITS_FOR_HELD)) {
            s[me + PC] = PASS_HELD;
        } else {
            if (has(Mutation.GOES_ON_WHEN_FULL)) {
                s[me + CURSOR] = (byte) Math.min(s[me + AT] + 1, producers * items);
            }
            restart(s, me, START);
        }
    }

    private static boolean isHeld(byte[] s, int c) {
        return s[c + STATE] == CLAIMED || s[c + STATE] == TAKEN || s[c + STATE] == REDELIVER;
    }

    private boolean isRoomAfter(byte[] s, int position) {
        for (int after = position + 1; after < position + cells; after++) {
            int c = cell(after % cells);
            if (s[c + LAP] >= after / cells) {
                return true;
            }
            if (!isHeld(s, c)) {
                return false;
            }
        }
        return false;
    }

    private boolean isMine(byte[] s, int c, int lap, int state, int process) {
        return s[c + STATE] == state
                && s[c + OWNER] == process + 1
                && (s[c + LAP] == lap || !has(Mutation.IGNORES_PASSING));
    }

    private static boolean isPassed(byte[] s, int c, int lap) {
        return s[c + LAP] > lap || (s[c + LAP] == lap && (s[c + STATE] == TAKEN || s[c + STATE] == REDELIVER));
    }

    private void consume(byte[] s, int i, int me) {
        switch (s[me + PC]) {
            case LOOK_AT_HINT -> {
                boolean hint = s[HINT] == 1;
                if (hint && !has(Mutation.HINT_DOWN_LATE)) {
                    s[HINT] = 0;
                }
                if (hint) {
                    restart(s, me, SCAN);
                } else {
                    search(s, me);
                }
            }
            case SCAN -> {
                int c = cell(s[me + AT]);
                if (s[c + STATE] == REDELIVER) {
                    set(s, c, s[c + LAP], TAKEN, i + 1);
                    s[me + CANDIDATE] = s[c + LAP];
                    s[me + PC] = RAISE_HINT;
                } else if (s[me + AT] + 1 < cells) {
                    s[me + AT]++;
                } else if (has(Mutation.HINT_DOWN_LATE)) {
                    restart(s, me, LOWER_LATE);
                } else {
                    search(s, me);
                }
            }
            case LOWER_LATE -> {
                s[HINT] = 0;
                search(s, me);
            }
            case RAISE_HINT -> {
                s[HINT] = 1;
                s[me + PC] = HAS;
            }
            case WALK -> walk(s, me);
            case LOOK_AGAIN -> lookAgain(s, me);
            case TAKE -> take(s, i, me);
            case FOUND_NONE -> {
                if (s[me + WAS_EMPTY] == 0) {
                    s[FAULT] = NOT_EMPTY;
                }
                s[me + WAS_EMPTY] = 0;
                boolean ended = s[ENDED] == 1;
                restart(s, me, !ended ? LOOK_AT_HINT : has(Mutation.ENDS_WITH_UNACKED) ? DONE : LOOK_FOR_UNACKED);
            }
            case LOOK_FOR_UNACKED -> {
                if (s[cell(s[me + AT]) + STATE] != FREE) {
                    restart(s, me, LOOK_AT_HINT);
                } else if (s[me + AT] + 1 == cells) {
                    restart(s, me, DONE);
                } else {
                    s[me + AT]++;
                }
            }
            case PASS_HEAD -> {
                int first = unfinished(s, me) == 0 ? s[me + CURSOR] : Integer.numberOfTrailingZeros(unfinished(s, me));
                s[HEAD] = (byte) Math.max(s[HEAD], first);
                s[me + PC] = HAS;
            }
            case HAS -> {
                if (has(Mutation.HOLDS) && i == producers + consumers - 1) {
                    return;
                }
                int c = cell(s[me + AT]);
                if (isMine(s, c, s[me + CANDIDATE], TAKEN, i)) {
                    set(s, c, s[c + LAP] + 1, FREE, 0);
                }
                s[item(s[c + ITEM])] += 2;
                restart(s, me, LOOK_AT_HINT);
            }
            default -> {
                // done
            }
        }
    }

    private void search(byte[] s, int me) {
        restart(s, me, WALK);
        s[me + CURSOR] = unfinished(s, me) == 0 ? (byte) Math.max(s[me + CURSOR], s[HEAD]) : s[me + CURSOR];
        s[me + AT] = s[me + CURSOR];
    }

    private void walk(byte[] s, int me) {
        int position = s[me + AT];
        int lap = position / cells;
        int c = cell(position % cells);
        if (s[c + LAP] == lap && s[c + STATE] == FULL) {
            s[me + CANDIDATE] = (byte) (position + 1);
            secondLook(s, me);
        } else if (isPassed(s, c, lap)) {
            step(s, me);
        } else if (s[c + LAP] == lap && s[c + STATE] == CLAIMED && !has(Mutation.WAITS_FOR_UNFINISHED)) {
            if (!has(Mutation.FORGETS_UNFINISHED)) {
                unfinished(s, me, unfinished(s, me) | 1 << position);
            }
            step(s, me);
        } else {
            s[me + CANDIDATE] = 0;
            secondLook(s, me);
        }
    }

    private static void step(byte[] s, int me) {
        s[me + AT]++;
        s[me + CURSOR] = s[me + AT];
    }

    private void secondLook(byte[] s, int me) {
        s[me + AT] = 0;
        if (unfinished(s, me) != 0 && !(has(Mutation.NO_SECOND_LOOK) && s[me + CANDIDATE] > 0)) {
            s[me + PC] = LOOK_AGAIN;
        } else {
            s[me + PC] = (byte) (s[me + CANDIDATE] > 0 ? TAKE : FOUND_NONE);
        }
    }

    private void lookAgain(byte[] s, int me) {
        int left = unfinished(s, me) >>> s[me + AT] << s[me + AT];
        if (left == 0) {
            s[me + AT] = 0;
            s[me + PC] = (byte) (s[me + CANDIDATE] > 0 ? TAKE : FOUND_NONE);
            return;
        }
        int position = Integer.numberOfTrailingZeros(left);
        int lap = position / cells;
        int c = cell(position % cells);
        s[me + AT] = (byte) (position + 1);
        if (isPassed(s, c, lap)) {
            unfinished(s, me, unfinished(s, me) & ~(1 << position));
            if (s[me + CANDIDATE] == 0 && !has(Mutation.FINDS_NONE_TOO_SOON)) {
                s[me + AT] = s[me + CURSOR];
                s[me + PC] = WALK; // it may have been there when the others were not yet
            }
        } else if (s[c + STATE] == FULL) {
            s[me + CANDIDATE] = (byte) (position + 1);
            s[me + AT] = 0;
            s[me + PC] = TAKE;
        }
    }

    private void take(byte[] s, int i, int me) {
        int position = s[me + CANDIDATE] - 1;
        int lap = position / cells;
        int c = cell(position % cells);
        s[me + CANDIDATE] = 0;
        s[me + WAS_EMPTY] = 0;
        if (s[c + LAP] != lap || s[c + STATE] != FULL) {
            restart(s, me, LOOK_AT_HINT);
            return;
        }
        set(s, c, lap, TAKEN, i + 1);
        for (int index = 0; index < cells; index++) {
            int other = cell(index);
            if (s[other + STATE] == FULL
                    && s[other + ITEM] < s[c + ITEM]
                    && s[other + ITEM] / items == s[c + ITEM] / items) {
                s[FAULT] = NOT_FIRST;
            }
        }
        unfinished(s, me, unfinished(s, me) & ~(1 << position));
        if (position == s[me + CURSOR]) {
            s[me + CURSOR]++;
        }
        s[me + CANDIDATE] = (byte) lap;
        s[me + AT] = (byte) (position % cells);
        s[me + PC] = PASS_HEAD;
    }

    private static int unfinished(byte[] s, int me) {
        return Byte.toUnsignedInt(s[me + UNFINISHED]) | Byte.toUnsignedInt(s[me + UNFINISHED + 1]) << 8;
    }

    private static void unfinished(byte[] s, int me, int bits) {
        if (bits >= 1 << 16) {
            throw new AssertionError("more positions than bits: make the model smaller");
        }
        s[me + UNFINISHED] = (byte) bits;
        s[me + UNFINISHED + 1] = (byte) (bits >> 8);
    }

    private void join(byte[] state, Explorer.Successors next) {
        int step = state[JOINER];
        if (step == JOINED || !has(Mutation.JOINS)) {
            return;
        }
        byte[] s = state.clone();
        if (step == IDLE) {
            s[JOINER] = FIRST_LOOK;
            next.step(witnessed(s));
            return;
        }
        int c = cell(s[JOIN_CELL]);
        s[JOIN_SUM] += step == FIRST_LOOK ? s[c + LAP] : -s[c + LAP];
        s[JOIN_CELL]++;
        if (s[c + STATE] != FREE) {
            s[JOIN_CELL] = 0;
            s[JOIN_SUM] = 0;
            s[JOINER] = FIRST_LOOK;
        } else if (s[JOIN_CELL] == cells) {
            s[JOIN_CELL] = 0;
            if (step == FIRST_LOOK && !has(Mutation.JOINS_AFTER_ONE_LOOK)) {
                s[JOINER] = SECOND_LOOK;
            } else {
                boolean joined = s[JOIN_SUM] == 0 || step == FIRST_LOOK;
                s[JOIN_SUM] = 0;
                s[JOINER] = (byte) (joined ? JOINED : FIRST_LOOK);
                s[FAULT] = joined && s[WAS_IDLE] == 0 ? NOT_IDLE : s[FAULT];
                s[WAS_IDLE] = joined ? 0 : s[WAS_IDLE];
            }
        }
        next.step(s);
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
                    mark(s, c);
                }
                nextCellToRepair(s);
                next.step(witnessed(s));
                if (has(Mutation.MARKS_ONCE) && isBeingPassed(state, state[REPAIR_CELL])) {
                    s = state.clone();
                    nextCellToRepair(s);
                    next.step(s);
                }
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

    private void mark(byte[] s, int c) {
        boolean claimed = s[c + STATE] == CLAIMED;
        int lap = s[c + LAP];
        if (claimed) {
            set(s, c, has(Mutation.FREES_CLAIMED) ? lap : lap + 1, FREE, 0);
        } else if (has(Mutation.FREES_TAKEN)) {
            set(s, c, lap + 1, FREE, 0);
        } else {
            set(s, c, lap, REDELIVER, 0);
        }
    }

    private void nextCellToRepair(byte[] s) {
        s[REPAIR_CELL]++;
        if (s[REPAIR_CELL] == cells) {
            s[REPAIR_CELL] = 0;
            s[REPAIRER] = RAISING;
        }
    }

    private boolean isBeingPassed(byte[] s, int index) {
        for (int i = 0; i < producers; i++) {
            if (s[at(i) + LIFE] == 1 && s[at(i) + PC] == PASS_HELD && s[at(i) + AT] % cells == index) {
                return true;
            }
        }
        return false;
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
        s[process + CANDIDATE] = 0;
    }

    @Override
    public String fault(byte[] state) {
        boolean reported = false;
        for (int i = producers; i < producers + consumers; i++) {
            reported |= state[at(i) + PC] == DONE;
        }
        for (int number = 0; number < producers * items; number++) {
            if (state[item(number)] > 3) {
                return "an item was done with twice";
            }
            if (reported && state[item(number)] == 1) {
                return "the end was reported before an item";
            }
        }
        if (isForgotten(state)) {
            return "a cell is forgotten";
        }
        return switch (state[FAULT]) {
            case NOT_FIRST -> "an item overtook one of the same producer";
            case NOT_EMPTY -> "an item was not found";
            case NOT_IDLE -> "joined without a moment at which all was done";
            default -> null;
        };
    }

    /** A cell that no process will look at: of a process that was repaired, or to be redelivered without a hint. */
    private boolean isForgotten(byte[] s) {
        boolean toScan = s[HINT] == 1 || s[REPAIRER] != IDLE;
        for (int i = 0; i < producers + consumers; i++) {
            int pc = s[at(i) + PC];
            toScan |= s[at(i) + LIFE] == 0
                    || (s[at(i) + LIFE] == 1 && (pc == SCAN || pc == RAISE_HINT || pc == LOWER_LATE));
        }
        for (int index = 0; index < cells; index++) {
            int owner = s[cell(index) + OWNER];
            if ((owner > 0 && s[at(owner - 1) + LIFE] == 2) || (s[cell(index) + STATE] == REDELIVER && !toScan)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isGoal(byte[] s) {
        for (int i = 0; i < producers + consumers; i++) {
            boolean done = s[at(i) + PC] == DONE || (i >= producers && !has(Mutation.ENDS));
            if (s[at(i) + LIFE] == 0 || (s[at(i) + LIFE] == 1 && !done)) {
                return false;
            }
        }
        return livingConsumers(s) == 0 || (isAllDone(s) && (!has(Mutation.JOINS) || s[JOINER] == JOINED));
    }

    /** Except one cell and its item, if that is held. */
    private boolean isAllDone(byte[] s) {
        int left = 0;
        for (int number = 0; number < producers * items; number++) {
            left += s[item(number)] == 1 ? 1 : 0;
        }
        int inUse = 0;
        for (int index = 0; index < cells; index++) {
            inUse += s[cell(index) + STATE] == FREE ? 0 : 1;
        }
        int held = has(Mutation.HOLDS) && s[at(producers + consumers - 1) + PC] == HAS ? 1 : 0;
        return left <= held && inUse <= held;
    }

    private int livingConsumers(byte[] s) {
        int living = 0;
        for (int i = producers; i < producers + consumers; i++) {
            living += s[at(i) + LIFE] == 1 ? 1 : 0;
        }
        return living;
    }
}
