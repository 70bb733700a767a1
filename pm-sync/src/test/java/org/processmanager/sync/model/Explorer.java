package org.processmanager.sync.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Visits every state that a model can reach, and then checks for each whether all live parties can still finish: otherwise a
 * party sleeps for ever. Memory is sequentially consistent here; weaker orders of real accesses are not modelled.
 */
final class Explorer {
    private static final int MOST_STATES = 3_000_000;

    /** A protocol. A state is an array of small numbers. */
    interface Model {
        byte[] initial();

        /** Passes every state that one step of a party, or a death, leads to. */
        void successors(byte[] state, Successors next);

        /** What is wrong with a state, or null. */
        String fault(byte[] state);

        /** Whether all live parties have finished. */
        boolean isGoal(byte[] state);
    }

    /** Takes successors; those by a death do not count as a way out. */
    interface Successors {
        void step(byte[] state);

        void death(byte[] state);
    }

    /** What was found: how many states, and the first fault with the way to it, or null. */
    record Result(int states, String fault, List<byte[]> way) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(states + " states: " + (fault == null ? "no fault" : fault));
            way.forEach(state -> text.append("\n  ").append(Arrays.toString(state)));
            return text.toString();
        }
    }

    private static final int FIRST_SIZE = 1 << 12;

    private final Model model;
    /** The states by number, in the order in which they are visited. */
    private byte[][] states = new byte[FIRST_SIZE][];

    private int count;
    /** The state from which each was reached first. */
    private int[] cameFrom = new int[FIRST_SIZE];
    /** For each state the last edge to it, 0 if there is none; edges are numbered from 1. */
    private int[] lastEdges = new int[FIRST_SIZE];
    /** For each edge where it begins, and the edge before it to the same state. */
    private int[] edges = new int[2 * FIRST_SIZE];

    private int edgeCount = 1;
    /** Numbers of states + 1 at the positions of their hashes, or the next free ones; 0 is free. */
    private int[] table = new int[4 * FIRST_SIZE];

    private Explorer(Model model) {
        this.model = model;
    }

    static Result explore(Model model) {
        return new Explorer(model).run();
    }

    static void assertSound(Model model, int statesAtLeast) {
        Result result = explore(model);
        assertNull(result.fault(), result::toString);
        assertTrue(result.states() >= statesAtLeast, result::toString);
    }

    static void assertFault(String fault, Model model) {
        Result result = explore(model);
        assertEquals(fault, result.fault(), result::toString);
    }

    private Result run() {
        number(model.initial(), -1);
        BitSet goals = new BitSet();
        for (int visited = 0; visited < count; visited++) {
            int current = visited;
            byte[] state = states[current];
            String fault = model.fault(state);
            if (fault != null) {
                return new Result(count, fault, wayTo(current));
            }
            goals.set(current, model.isGoal(state));
            model.successors(state, new Successors() {
                @Override
                public void step(byte[] next) {
                    addEdge(current, number(next, current));
                }

                @Override
                public void death(byte[] next) {
                    number(next, current);
                }
            });
        }
        return liveness(goals);
    }

    private void addEdge(int from, int to) {
        if (2 * edgeCount + 1 >= edges.length) {
            edges = Arrays.copyOf(edges, 2 * edges.length);
        }
        edges[2 * edgeCount] = from;
        edges[2 * edgeCount + 1] = lastEdges[to];
        lastEdges[to] = edgeCount++;
    }

    /** Backwards from the goals. */
    private Result liveness(BitSet reaches) {
        int[] queue = new int[count];
        int queued = 0;
        for (int goal = reaches.nextSetBit(0); goal >= 0; goal = reaches.nextSetBit(goal + 1)) {
            queue[queued++] = goal;
        }
        for (int i = 0; i < queued; i++) {
            for (int edge = lastEdges[queue[i]]; edge != 0; edge = edges[2 * edge + 1]) {
                int before = edges[2 * edge];
                if (!reaches.get(before)) {
                    reaches.set(before);
                    queue[queued++] = before;
                }
            }
        }
        int stuck = reaches.nextClearBit(0);
        return stuck < count
                ? new Result(count, "a party waits for ever", wayTo(stuck))
                : new Result(count, null, List.of());
    }

    private int number(byte[] state, int from) {
        int at = position(state);
        if (table[at] != 0) {
            return table[at] - 1;
        }
        if (count == MOST_STATES) {
            throw new AssertionError("more than " + MOST_STATES + " states: make the model smaller");
        }
        if (count == states.length) {
            grow();
            at = position(state);
        }
        states[count] = state;
        cameFrom[count] = from;
        table[at] = ++count;
        return count - 1;
    }

    /** The position of a state in the table, or the one for it. */
    private int position(byte[] state) {
        int at = Arrays.hashCode(state) * 0x9e3779b9 >>> Integer.numberOfLeadingZeros(table.length - 1);
        while (table[at] != 0 && !Arrays.equals(states[table[at] - 1], state)) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }

    private void grow() {
        states = Arrays.copyOf(states, 2 * count);
        cameFrom = Arrays.copyOf(cameFrom, 2 * count);
        lastEdges = Arrays.copyOf(lastEdges, 2 * count);
        table = new int[2 * table.length];
        for (int i = 0; i < count; i++) {
            table[position(states[i])] = i + 1;
        }
    }

    private List<byte[]> wayTo(int state) {
        List<byte[]> way = new ArrayList<>();
        for (int at = state; at >= 0; at = cameFrom[at]) {
            way.add(0, states[at]);
        }
        return way;
    }
}
