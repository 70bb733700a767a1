package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.tree.ProcessTree.Member;

/**
 * Finds a tree in {@code /proc}, repeatedly.
 *
 * <p>A process belongs to the tree if its parent does, or if a member created its session or group, which finds processes
 * whose parents have exited. The group and session of the root count only if it got its own at launch; otherwise they are
 * those of the JVM. The id of a session or group is not reused while it has a member, and the root, which is not reaped
 * while a stop runs, keeps its own. Not found: a process that created its own session, or never had another than that of
 * the JVM, <em>and</em> lost its parent before the first scan.
 *
 * <p>Whether the root is alive is never taken from {@code /proc}, which may hide it, or not be usable: as long as the root has
 * not exited, it is a member.
 */
final class TreeWalk {
    private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());
    /** Process 1, which every pid namespace has. */
    private static final int INIT = 1;

    /** The root as its owner knows it. */
    interface Root {
        /** Returns whether it has exited; a zombie has. */
        boolean hasExited();

        /** Returns whether {@link #hasExited} is true as soon as {@code /proc} shows the exit, and not a moment later. */
        boolean isPrompt();
    }

    private final int pid;
    private final long ticks;
    private final TreeScope scope;
    private final Root root;
    private final Supplier<Map<Integer, ProcStat>> scan;
    private Member rootMember;
    /** The members found so far, by pid; parents come before their children. */
    private final Map<Integer, ProcStat> known = new LinkedHashMap<>();
    /** Ids of sessions and groups that members created. */
    private final Set<Integer> created = new HashSet<>();
    /** This JVM at the last scan. */
    private @Nullable ProcStat self;

    /** Why the last scan failed. */
    private @Nullable String failure;
    /** Why the last scan may have missed members. */
    private @Nullable String doubt;
    /** Whether {@code /proc} did not show the root while it ran. */
    private boolean rootHidden;

    /**
     * Creates a walk.
     *
     * @param ticks the start time of the root; 0 if it is not known
     * @param scan returns the present processes, as {@link ProcScan#fresh} does
     */
    TreeWalk(int pid, long ticks, TreeScope scope, Root root, Supplier<Map<Integer, ProcStat>> scan) {
        this.pid = pid;
        this.ticks = ticks;
        this.scope = scope;
        this.root = root;
        this.scan = scan;
        rootMember = new Member(pid, ticks, false);
        if (scope.group()) {
            created.add(pid);
        }
    }

    /** Returns the members that are alive; the root only if the scan failed. */
    List<Member> live() {
        failure = null;
        doubt = null;
        try {
            Map<Integer, ProcStat> all = scan.get();
            self = all.get(SELF);
            if (self == null) {
                throw ProcFs.unusable();
            }
            return live(all);
        } catch (UncheckedIOException e) {
            failure = String.valueOf(e.getMessage());
            return root.hasExited() ? List.of() : List.of(rootMember);
        }
    }

    /** Returns whether the last {@link #live} failed, so that only the root was returned. */
    boolean hasFailed() {
        return failure != null;
    }

    /** Returns whether {@code /proc} shows the root as long as it runs. */
    boolean showsRoot() {
        return failure == null && !rootHidden;
    }

    /** Returns why the last {@link #live} may have missed members. */
    Optional<String> scanFailure() {
        return Optional.ofNullable(failure != null ? failure : doubt);
    }

    private List<Member> live(Map<Integer, ProcStat> all) {
        known.values().removeIf(old -> !old.isSameProcess(all.get(old.pid())));
        removeEmpty(all.values());
        ProcStat first = all.get(pid);
        if (first != null && isRoot(first)) {
            join(first);
        } else if (isHidden(all)) {
            rootHidden = true;
        }
        joinRelated(all);
        if (scope.cgroup() != null) {
            // Read after the scan: a pid that was reused since is there with its former process, which has exited.
            for (Integer member : scope.cgroup().members()) {
                ProcStat stat = all.get(member);
                if (stat != null && member != SELF && !known.containsKey(member)) {
                    join(stat);
                }
            }
            joinRelated(all);
        }
        return members(all);
    }

    private List<Member> members(Map<Integer, ProcStat> all) {
        List<Member> live = new ArrayList<>();
        if (rootHidden) {
            doubt = "/proc does not show process " + pid + ", so it may hide its descendants";
            if (!known.containsKey(pid) && !root.hasExited()) {
                live.add(rootMember);
            }
        } else if (!all.containsKey(INIT)) {
            doubt = "/proc hides processes of other users";
        }
        for (Integer member : known.keySet()) {
            ProcStat stat = all.get(member);
            if (stat != null && stat.isAlive()) {
                Member found = new Member(stat.pid(), stat.startTicks(), stat.isSuspended());
                if (found.pid() == pid) {
                    rootMember = found.identity();
                }
                live.add(found);
            }
        }
        return live;
    }

    /** A pid whose owner does not know the exit at once may have been reused. */
    private boolean isRoot(ProcStat stat) {
        return ticks != 0 ? stat.startTicks() == ticks : root.isPrompt() || !root.hasExited();
    }

    /** Where an exit is not known at once, a root that is missing is hidden only if other processes are hidden too. */
    private boolean isHidden(Map<Integer, ProcStat> all) {
        return (root.isPrompt() || !all.containsKey(INIT)) && !root.hasExited();
    }

    /** Adds the present children of a member; requires that it was returned by the last {@link #live}. */
    void joinChildren(int member) {
        for (Integer child : ProcFs.children(member)) {
            if (child != SELF && !known.containsKey(child)) {
                try {
                    ProcStat stat = ProcStat.of(child);
                    if (stat != null) {
                        join(stat);
                    }
                } catch (UncheckedIOException e) {
                    return; // the next scan reports the cause
                }
            }
        }
    }

    /** Returns whether all present children of a member are known. */
    boolean knowsChildren(int member) {
        return ProcFs.children(member).stream().allMatch(child -> child == SELF || known.containsKey(child));
    }

    private void joinRelated(Map<Integer, ProcStat> all) {
        boolean grew;
        do {
            grew = false;
            for (ProcStat stat : all.values()) {
                if (!known.containsKey(stat.pid()) && belongs(stat)) {
                    join(stat);
                    grew = true;
                }
            }
        } while (grew);
    }

    /** The id of an empty session or group may be reused by an unrelated process; the root keeps its own. */
    private void removeEmpty(Collection<ProcStat> all) {
        Set<Integer> used = new HashSet<>();
        for (ProcStat stat : all) {
            used.add(stat.session());
            used.add(stat.group());
        }
        created.removeIf(number -> !used.contains(number) && !(scope.group() && number == pid));
    }

    /** Excludes this JVM, even if it is a descendant, and processes related to it alone. */
    private boolean belongs(ProcStat stat) {
        return stat.pid() != SELF && isRelated(stat);
    }

    private boolean isRelated(ProcStat stat) {
        return known.containsKey(stat.parent())
                || rootHidden && stat.parent() == pid && !root.hasExited()
                || created.contains(stat.session())
                || created.contains(stat.group());
    }

    private void join(ProcStat stat) {
        known.put(stat.pid(), stat);
        boolean leads = stat.session() == stat.pid() || stat.group() == stat.pid();
        if (leads && (self == null || stat.pid() != self.session() && stat.pid() != self.group())) {
            created.add(stat.pid());
        }
    }
}
