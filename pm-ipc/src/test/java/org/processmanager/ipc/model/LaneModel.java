package org.processmanager.ipc.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.processmanager.fixtures.Explorer;

/**
 * {@code LaneWriter} and {@code LaneReader}: a writer sends numbered messages of one or two cells of payload through a ring of
 * eight cells, and a reader receives them. Both can die at every step; a successor takes over.
 *
 * <pre>
 *   state: the cells, then: released, taken, how many messages are committed, how many are delivered, deaths left,
 *          the writer's step, position, start of its record, and released as it saw it last,
 *          the reader's step, position and what it has yet to deliver or to take,
 *          how many messages may be lost, or come again, because a reader died; the fault
 *   cell:  0, or HEADER + payload cells, or PADDING + payload cells, or PAYLOAD + number of the message
 * </pre>
 */
final class LaneModel implements Explorer.Model {
    /** What is taken away from the protocol. */
    enum Mutation {
        /** The writer does not write the zero behind its record. */
        NO_ZERO_AHEAD,
        /** The writer writes the header before the payload. */
        COMMITS_FIRST,
        /** With padding, the writer commits the padding before it has written the header behind it. */
        PADS_FIRST,
        /** The writer leaves no room for the zero behind its record. */
        FILLS_THE_LAST_CELL,
        /** A writer that takes over continues at the released position. */
        NO_WALK,
        /** A reader that takes over continues at the released position. */
        FORGETS_TAKEN,
        /** The reader releases a message before it is handled. */
        RELEASES_EARLY,
        /** The reader publishes what is released before what is taken. */
        RELEASES_BEFORE_TAKEN
    }

    private static final int CELLS = 8;
    private static final int HEADER = 10;
    private static final int PADDING = 20;
    private static final int PAYLOAD = 40;

    private static final int RELEASED = CELLS;
    private static final int TAKEN = CELLS + 1;
    private static final int COMMITTED = CELLS + 2;
    private static final int DELIVERED = CELLS + 3;
    private static final int DEATHS = CELLS + 4;
    private static final int W_STEP = CELLS + 5;
    private static final int W_AT = CELLS + 6;
    private static final int W_START = CELLS + 7;
    private static final int W_RELEASED = CELLS + 8;
    private static final int R_STEP = CELLS + 9;
    private static final int R_AT = CELLS + 10;
    private static final int R_NEXT = CELLS + 11;
    private static final int LOST = CELLS + 12;
    private static final int AGAIN = CELLS + 13;
    private static final int BAD = CELLS + 14;
    private static final int LENGTH = CELLS + 15;

    /** Steps of the writer. */
    private static final int ATTACH = 0;

    private static final int RESERVE = 1;
    private static final int WRITE = 2;
    private static final int WRITE_SECOND = 3;
    private static final int ZERO = 4;
    private static final int HEAD = 5;
    private static final int COMMIT = 6;
    private static final int LATE_HEAD = 7;

    /** Steps of the reader, beside ATTACH. */
    private static final int READ = 1;

    private static final int TAKE = 2;
    private static final int DELIVER = 3;
    private static final int RELEASE_TAKEN = 4;
    private static final int RELEASE = 5;

    /** Faults, by their number in the state. */
    private static final List<String> FAULTS = List.of(
            "a reader saw what no writer commits",
            "a message was lost",
            "a message came again",
            "a message was not what its sender wrote",
            "a reader that took over found no end of a message at the taken position");

    private static final int GARBAGE = 1;
    private static final int LOSS = 2;
    private static final int REPEAT = 3;
    private static final int OTHER_CONTENT = 4;
    private static final int NO_END = 5;

    private final int messages;
    private final int deaths;
    private final boolean atMostOnce;
    private final Set<Mutation> mutations;

    LaneModel(int messages, int deaths, boolean atMostOnce, Mutation... mutations) {
        this.messages = messages;
        this.deaths = deaths;
        this.atMostOnce = atMostOnce;
        this.mutations = mutations.length == 0 ? EnumSet.noneOf(Mutation.class) : EnumSet.of(mutations[0], mutations);
    }

    private boolean has(Mutation mutation) {
        return mutations.contains(mutation);
    }

    /** Even messages have one cell of payload, odd ones two. */
    private static int payloadCells(int message) {
        return 1 + message % 2;
    }

    private static int index(int position) {
        return position % CELLS;
    }

    @Override
    public byte[] initial() {
        byte[] state = new byte[LENGTH];
        state[DEATHS] = (byte) deaths;
        return state;
    }

    @Override
    public void successors(byte[] state, Explorer.Successors next) {
        byte[] s = state.clone();
        if (writerStep(s)) {
            next.step(s);
        }
        readerSteps(state, next);
        if (state[DEATHS] > 0) {
            byte[] writer = state.clone();
            writer[DEATHS]--;
            clear(writer, W_STEP, W_RELEASED);
            next.death(writer);
            byte[] reader = state.clone();
            reader[DEATHS]--;
            reader[LOST] += (byte) (atMostOnce && state[R_STEP] == DELIVER ? 1 : 0);
            reader[AGAIN] += (byte) (!atMostOnce && state[R_STEP] == TAKE ? 1 : 0);
            clear(reader, R_STEP, R_NEXT);
            next.death(reader);
        }
    }

    private static void clear(byte[] s, int from, int to) {
        for (int i = from; i <= to; i++) {
            s[i] = 0;
        }
    }

    // ---- the writer

    private boolean writerStep(byte[] s) {
        int message = s[COMMITTED];
        int cells = payloadCells(message);
        int start = s[W_START];
        switch (s[W_STEP]) {
            case ATTACH -> {
                s[W_RELEASED] = s[RELEASED];
                s[W_AT] = s[RELEASED];
                while (!has(Mutation.NO_WALK) && s[index(s[W_AT])] != 0) {
                    s[W_AT] += (byte) recordCells(s[index(s[W_AT])]);
                }
                s[W_STEP] = RESERVE;
            }
            case RESERVE -> {
                return reserve(s);
            }
            case WRITE -> {
                s[index(start) + 1] = (byte) (PAYLOAD + message);
                s[W_STEP] = (byte) (cells == 2 ? WRITE_SECOND : ZERO);
            }
            case WRITE_SECOND -> {
                s[index(start) + 2] = (byte) (PAYLOAD + message);
                s[W_STEP] = ZERO;
            }
            case ZERO -> {
                if (!has(Mutation.NO_ZERO_AHEAD)) {
                    s[index(start + 1 + cells)] = 0;
                }
                s[W_STEP] = (byte) (start == s[W_AT] || has(Mutation.PADS_FIRST) ? COMMIT : HEAD);
            }
            case HEAD -> {
                s[index(start)] = (byte) (HEADER + cells);
                s[W_STEP] = COMMIT;
            }
            case COMMIT -> {
                boolean padded = start != s[W_AT];
                s[index(s[W_AT])] = (byte) (padded ? PADDING + start - s[W_AT] - 1 : HEADER + cells);
                s[W_STEP] = (byte) (padded && has(Mutation.PADS_FIRST) ? LATE_HEAD : RESERVE);
                if (s[W_STEP] == RESERVE) {
                    committed(s);
                }
            }
            case LATE_HEAD -> {
                s[index(start)] = (byte) (HEADER + cells);
                committed(s);
            }
            default -> throw new AssertionError(s[W_STEP]);
        }
        return true;
    }

    private boolean reserve(byte[] s) {
        if (s[COMMITTED] == messages) {
            return false;
        }
        int cells = 1 + payloadCells(s[COMMITTED]);
        int toEnd = CELLS - index(s[W_AT]);
        int start = cells <= toEnd ? s[W_AT] : s[W_AT] + toEnd;
        int needed = start + cells + (has(Mutation.FILLS_THE_LAST_CELL) ? 0 : 1) - CELLS;
        if (needed > s[W_RELEASED]) {
            boolean changed = s[W_RELEASED] != s[RELEASED];
            s[W_RELEASED] = s[RELEASED];
            return changed; // else it waits
        }
        s[W_START] = (byte) start;
        s[W_STEP] = WRITE;
        if (has(Mutation.COMMITS_FIRST) && start == s[W_AT]) {
            s[index(start)] = (byte) (HEADER + cells - 1);
        }
        return true;
    }

    private void committed(byte[] s) {
        s[W_AT] = (byte) (s[W_START] + 1 + payloadCells(s[COMMITTED]));
        s[W_START] = 0;
        s[COMMITTED]++;
        s[W_STEP] = RESERVE;
    }

    private static int recordCells(int header) {
        return 1 + header % 10;
    }

    // ---- the reader

    private void readerSteps(byte[] state, Explorer.Successors next) {
        byte[] s = state.clone();
        switch (s[R_STEP]) {
            case ATTACH -> readerAttaches(s);
            case READ -> {
                if (s[R_AT] != s[RELEASED]) {
                    byte[] releasing = s.clone(); // also in the middle of a batch
                    releasing[R_STEP] = (byte) (has(Mutation.RELEASES_BEFORE_TAKEN) ? RELEASE : RELEASE_TAKEN);
                    next.step(releasing);
                }
                if (s[index(s[R_AT])] == 0) {
                    return;
                }
                read(s);
            }
            case TAKE -> {
                s[TAKEN] = s[R_NEXT];
                s[R_STEP] = (byte) (atMostOnce ? DELIVER : READ);
                if (!atMostOnce) {
                    s[R_AT] = s[R_NEXT];
                    s[R_NEXT] = 0;
                }
            }
            case DELIVER -> deliver(s);
            case RELEASE_TAKEN -> {
                s[TAKEN] = s[R_AT];
                s[R_STEP] = (byte) (has(Mutation.RELEASES_BEFORE_TAKEN) ? READ : RELEASE);
            }
            case RELEASE -> {
                s[RELEASED] = s[R_AT];
                s[R_STEP] = (byte) (has(Mutation.RELEASES_BEFORE_TAKEN) ? RELEASE_TAKEN : READ);
            }
            default -> throw new AssertionError(s[R_STEP]);
        }
        next.step(s);
    }

    private void readerAttaches(byte[] s) {
        s[R_AT] = s[RELEASED];
        while (s[R_AT] < s[TAKEN] && !has(Mutation.FORGETS_TAKEN) && s[index(s[R_AT])] != 0) {
            s[R_AT] += (byte) recordCells(s[index(s[R_AT])]);
        }
        if (s[R_AT] != s[TAKEN] && !has(Mutation.FORGETS_TAKEN)) {
            s[BAD] = NO_END;
        }
        s[R_STEP] = READ;
    }

    private void read(byte[] s) {
        int header = s[index(s[R_AT])];
        int next = s[R_AT] + recordCells(header);
        boolean padding = header >= PADDING && header < PADDING + 10;
        boolean message = header == HEADER + 1 || header == HEADER + 2;
        if (!padding && !message || next - s[RELEASED] > CELLS - (has(Mutation.FILLS_THE_LAST_CELL) ? 0 : 1)) {
            s[BAD] = GARBAGE;
        } else if (padding) {
            s[R_AT] = (byte) next;
        } else {
            s[R_NEXT] = (byte) next;
            s[R_STEP] = (byte) (atMostOnce ? TAKE : DELIVER);
            if (has(Mutation.RELEASES_EARLY)) {
                s[RELEASED] = (byte) next;
            }
        }
    }

    private void deliver(byte[] s) {
        int at = index(s[R_AT]);
        int cells = s[R_NEXT] - s[R_AT] - 1;
        int number = s[at + 1] - PAYLOAD;
        if (number < 0 || cells == 2 && s[at + 2] != s[at + 1] || cells != payloadCells(number)) {
            s[BAD] = OTHER_CONTENT;
            return;
        }
        int expected = s[DELIVERED];
        if (number > expected) {
            s[LOST] -= (byte) (number - expected);
            s[BAD] = (byte) (s[LOST] >= 0 ? 0 : LOSS);
        } else if (number < expected) {
            s[AGAIN]--;
            s[BAD] = (byte) (number == expected - 1 && s[AGAIN] >= 0 ? 0 : REPEAT);
        }
        s[DELIVERED] = (byte) Math.max(expected, number + 1);
        if (atMostOnce) {
            s[R_AT] = s[R_NEXT];
            s[R_NEXT] = 0;
        }
        s[R_STEP] = (byte) (atMostOnce ? READ : TAKE);
    }

    @Override
    public String fault(byte[] s) {
        return s[BAD] == 0 ? null : FAULTS.get(s[BAD] - 1);
    }

    @Override
    public boolean isGoal(byte[] s) {
        boolean all = messages - s[DELIVERED] <= s[LOST];
        return s[COMMITTED] == messages && all && s[R_STEP] == READ && s[RELEASED] == s[R_AT] && s[index(s[R_AT])] == 0;
    }
}
