package org.processmanager.sync.internal.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.WaitGraph;
import org.processmanager.sync.internal.region.WaitSource.ThreadKey;

/** Finds the cycles of threads that block each other: for each thread of one, a shortest, unless it is in one that was found. */
final class CycleSearch {
    private final Map<ThreadKey, BlockedThread> threads;

    CycleSearch(Map<ThreadKey, BlockedThread> threads) {
        this.threads = threads;
    }

    List<WaitGraph.Deadlock> deadlocks() {
        List<WaitGraph.Deadlock> deadlocks = new ArrayList<>();
        Set<ThreadKey> found = new HashSet<>();
        for (ThreadKey start : threads.keySet()) {
            List<ThreadKey> cycle = found.contains(start) ? null : cycleThrough(start);
            if (cycle != null) {
                found.addAll(cycle);
                List<WaitGraph.Wait> waits = new ArrayList<>();
                for (ThreadKey thread : cycle) {
                    waits.add(blocked(thread).waiting());
                }
                deadlocks.add(new WaitGraph.Deadlock(waits));
            }
        }
        return deadlocks;
    }

    /** Returns the threads of a shortest cycle, each blocked by the next one; null if there is none. */
    private @Nullable List<ThreadKey> cycleThrough(ThreadKey start) {
        Map<ThreadKey, ThreadKey> blockedBy = new HashMap<>(); // from a thread to the one before it in the search
        Queue<ThreadKey> next = new ArrayDeque<>();
        next.add(start);
        while (!next.isEmpty()) {
            ThreadKey thread = next.remove();
            for (ThreadKey blocker : blocked(thread).blockers()) {
                if (blocker.equals(start)) {
                    return path(start, thread, blockedBy);
                }
                if (threads.containsKey(blocker) && blockedBy.putIfAbsent(blocker, thread) == null) {
                    next.add(blocker);
                }
            }
        }
        return null;
    }

    private BlockedThread blocked(ThreadKey thread) {
        return Objects.requireNonNull(threads.get(thread));
    }

    private static List<ThreadKey> path(ThreadKey start, ThreadKey last, Map<ThreadKey, ThreadKey> before) {
        List<ThreadKey> path = new ArrayList<>();
        ThreadKey thread = last;
        while (!thread.equals(start)) {
            path.add(thread);
            thread = Objects.requireNonNull(before.get(thread));
        }
        path.add(start);
        Collections.reverse(path);
        return path;
    }
}
