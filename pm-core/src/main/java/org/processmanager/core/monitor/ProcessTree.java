package org.processmanager.core.monitor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Processes by parent and child, as they were when they were read. A process whose parent is not among them, or has exited
 * and been replaced by a later process with its pid, is a root. Immutable.
 *
 * <pre>{@code
 * ProcessTree tree = ProcessTree.of(ProcessTable.list());
 * long bytes = tree.usage(pid).residentBytes();
 * }</pre>
 */
public final class ProcessTree {
    private final Map<Long, ProcessSnapshot> processes = new LinkedHashMap<>();
    private final List<ProcessSnapshot> roots = new ArrayList<>();
    private final Map<Long, List<ProcessSnapshot>> children = new HashMap<>();

    private ProcessTree(Collection<ProcessSnapshot> list) {
        list.forEach(process -> processes.put(process.pid(), process));
        for (ProcessSnapshot process : processes.values()) {
            ProcessSnapshot parent = processes.get(process.parentPid());
            if (parent == null || parent == process || isLater(parent, process)) {
                roots.add(process);
            } else {
                children.computeIfAbsent(parent.pid(), pid -> new ArrayList<>()).add(process);
            }
        }
    }

    /**
     * What a process and its descendants use together.
     *
     * @param processes their number
     * @param threads the number of their threads
     * @param cpuTime the processor time that they have used since their starts; without that of processes that have exited
     * @param residentBytes the sum of their resident memory, in which memory that several share counts for each of them
     */
    public record Usage(int processes, int threads, Duration cpuTime, long residentBytes) {}

    /**
     * Arranges processes.
     *
     * @param processes from one reading; their order becomes that of siblings
     * @return the tree
     */
    public static ProcessTree of(Collection<ProcessSnapshot> processes) {
        return new ProcessTree(Objects.requireNonNull(processes, "processes"));
    }

    private static boolean isLater(ProcessSnapshot one, ProcessSnapshot other) {
        return one.identity().startTicks() > other.identity().startTicks();
    }

    /**
     * Returns a process.
     *
     * @param pid its pid
     * @return the process; empty if it is not in this tree
     */
    public Optional<ProcessSnapshot> find(long pid) {
        return Optional.ofNullable(processes.get(pid));
    }

    /**
     * Returns the processes without a parent in this tree.
     *
     * @return an unmodifiable list
     */
    public List<ProcessSnapshot> roots() {
        return List.copyOf(roots);
    }

    /**
     * Returns the children of a process.
     *
     * @param pid its pid
     * @return an unmodifiable list; empty if it is not in this tree
     */
    public List<ProcessSnapshot> children(long pid) {
        return List.copyOf(children.getOrDefault(pid, List.of()));
    }

    /**
     * Returns the processes below a process.
     *
     * @param pid its pid
     * @return a new list, parents before their children, without the process itself
     */
    public List<ProcessSnapshot> descendants(long pid) {
        List<ProcessSnapshot> found = new ArrayList<>();
        walk(children.getOrDefault(pid, List.of()), (process, depth) -> found.add(process));
        return found;
    }

    /**
     * Returns the parent of a process, the parent of that one, and so on.
     *
     * @param pid its pid
     * @return a new list, without the process itself
     */
    public List<ProcessSnapshot> ancestors(long pid) {
        List<ProcessSnapshot> found = new ArrayList<>();
        ProcessSnapshot process = processes.get(pid);
        while (process != null) {
            ProcessSnapshot parent = processes.get(process.parentPid());
            if (parent == null || parent.pid() == pid || isLater(parent, process) || found.contains(parent)) {
                break;
            }
            found.add(parent);
            process = parent;
        }
        return found;
    }

    /**
     * Visits all processes, each one before its children, and these before its next sibling.
     *
     * @param visitor receives each process and its depth: 0 for a root
     */
    public void forEach(BiConsumer<ProcessSnapshot, Integer> visitor) {
        walk(roots, Objects.requireNonNull(visitor, "visitor"));
    }

    /**
     * Sums up what a process and its descendants use.
     *
     * @param pid its pid
     * @return the sums; zeros if it is not in this tree
     */
    public Usage usage(long pid) {
        List<ProcessSnapshot> all = descendants(pid);
        find(pid).ifPresent(all::add);
        return new Usage(
                all.size(),
                all.stream().mapToInt(ProcessSnapshot::threads).sum(),
                all.stream().map(ProcessSnapshot::cpuTime).reduce(Duration.ZERO, Duration::plus),
                all.stream().mapToLong(ProcessSnapshot::residentBytes).sum());
    }

    /** Not recursive, so that a long chain of processes needs no stack. */
    private void walk(List<ProcessSnapshot> first, BiConsumer<ProcessSnapshot, Integer> visitor) {
        record Step(ProcessSnapshot process, int depth) {}
        Deque<Step> next = new ArrayDeque<>();
        Set<Long> seen = new HashSet<>(); // a damaged table could have a cycle
        first.forEach(process -> next.addLast(new Step(process, 0)));
        while (!next.isEmpty()) {
            Step step = next.removeFirst();
            if (seen.add(step.process.pid())) {
                visitor.accept(step.process, step.depth);
                List<ProcessSnapshot> below = children.getOrDefault(step.process.pid(), List.of());
                for (int i = below.size() - 1; i >= 0; i--) {
                    next.addFirst(new Step(below.get(i), step.depth + 1));
                }
            }
        }
    }
}
