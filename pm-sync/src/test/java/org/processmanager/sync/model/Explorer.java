package org.processmanager.sync.model;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    private final Model model;
    private final Map<ByteBuffer, Integer> numbers = new HashMap<>();
    private final List<byte[]> states = new ArrayList<>();
    private final List<Integer> cameFrom = new ArrayList<>();
    private final List<int[]> predecessors = new ArrayList<>();
    private final Deque<Integer> toVisit = new ArrayDeque<>();

    private Explorer(Model model) {
        this.model = model;
    }

    static Result explore(Model model) {
        return new Explorer(model).run();
    }

    private Result run() {
        number(model.initial(), -1);
        BitSet goals = new BitSet();
        while (!toVisit.isEmpty()) {
            int current = toVisit.poll();
            byte[] state = states.get(current);
            String fault = model.fault(state);
            if (fault != null) {
                return new Result(states.size(), fault, wayTo(current));
            }
            goals.set(current, model.isGoal(state));
            model.successors(state, new Successors() {
                @Override
                public void step(byte[] next) {
                    int to = number(next, current);
                    int[] before = predecessors.get(to);
                    int[] more = Arrays.copyOf(before, before.length + 1);
                    more[before.length] = current;
                    predecessors.set(to, more);
                }

                @Override
                public void death(byte[] next) {
                    number(next, current);
                }
            });
        }
        return liveness(goals);
    }

    /** Backwards from the goals. */
    private Result liveness(BitSet reaches) {
        Deque<Integer> queue = new ArrayDeque<>();
        reaches.stream().forEach(queue::add);
        while (!queue.isEmpty()) {
            for (int before : predecessors.get(queue.poll())) {
                if (!reaches.get(before)) {
                    reaches.set(before);
                    queue.add(before);
                }
            }
        }
        int stuck = reaches.nextClearBit(0);
        return stuck < states.size()
                ? new Result(states.size(), "a party waits for ever", wayTo(stuck))
                : new Result(states.size(), null, List.of());
    }

    private int number(byte[] state, int from) {
        Integer known = numbers.putIfAbsent(ByteBuffer.wrap(state), states.size());
        if (known != null) {
            return known;
        }
        if (states.size() == MOST_STATES) {
            throw new AssertionError("more than " + MOST_STATES + " states: make the model smaller");
        }
        states.add(state);
        cameFrom.add(from);
        predecessors.add(new int[0]);
        toVisit.add(states.size() - 1);
        return states.size() - 1;
    }

    private List<byte[]> wayTo(int state) {
        List<byte[]> way = new ArrayList<>();
        for (int at = state; at >= 0; at = cameFrom.get(at)) {
            way.add(0, states.get(at));
        }
        return way;
    }
}
