package org.processmanager.sync;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;

/**
 * Calls of several threads with their times and answers, and whether some order of them, in which none comes before one that
 * had ended when it began, is one that a sequential model gives the same answers to (J. Wing and C. Gong, "Testing and
 * Verifying Concurrent Objects", by search).
 */
final class History {
    /** One call: what was asked, from when to when, and the answer. */
    record Call(String asked, long begin, long end, Object answer) {}

    /** An operation of the real object, and its name for the model. */
    record Operation(String name, Supplier<Object> call) {}

    /** A sequential object as a value, so that the search can go back; equal states must be equal. */
    interface Model {
        /** What the model would answer, and what it is then. */
        Step apply(String asked);
    }

    /** An answer and the state after it. */
    record Step(Object answer, Model next) {}

    private final List<Call> calls = new ArrayList<>();

    /** Runs the operations of each thread, all threads at once. */
    static History record(List<List<Operation>> threads) {
        History history = new History();
        CyclicBarrier start = new CyclicBarrier(threads.size());
        Threads.runAll(threads.size(), number -> {
            List<Call> mine = new ArrayList<>();
            start.await();
            for (Operation operation : threads.get(number)) {
                long begin = System.nanoTime();
                Object answer = operation.call().get();
                mine.add(new Call(operation.name(), begin, System.nanoTime(), answer));
            }
            synchronized (history) {
                history.calls.addAll(mine);
            }
        });
        return history;
    }

    /** Whether the model can explain all answers. */
    boolean isLinearizable(Model initial) {
        return explains(initial, 0, new HashSet<>());
    }

    private boolean explains(Model model, long done, Set<Object> seen) {
        if (done == (1L << calls.size()) - 1) {
            return true;
        }
        if (!seen.add(List.of(done, model))) {
            return false;
        }
        long earliestEnd = Long.MAX_VALUE;
        for (int i = 0; i < calls.size(); i++) {
            if ((done & 1L << i) == 0) {
                earliestEnd = Math.min(earliestEnd, calls.get(i).end());
            }
        }
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            if ((done & 1L << i) != 0 || call.begin() > earliestEnd) {
                continue;
            }
            Step step = model.apply(call.asked());
            if (Objects.equals(step.answer(), call.answer()) && explains(step.next(), done | 1L << i, seen)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        calls.stream().sorted((a, b) -> Long.compare(a.begin(), b.begin())).forEach(call -> text.append('\n')
                .append(call));
        return text.toString();
    }
}
