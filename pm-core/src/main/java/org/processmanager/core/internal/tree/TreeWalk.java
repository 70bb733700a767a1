package org.processmanager.core.internal.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 */
final class TreeWalk {
    private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());

    private final int root;
    private final long rootTicks;
    private final TreeScope scope;
    /** The members found so far, by pid; parents come before their children. */
    private final Map<Integer, ProcStat> known = new LinkedHashMap<>();
    /** Ids of sessions and groups that members created. */
    private final Set<Integer> created = new HashSet<>();
    /** This JVM at the last scan. */
    private @Nullable ProcStat self;

    /** Creates a walk; {@code rootTicks} is the start time of the root, or 0 if its pid cannot be reused meanwhile. */
    TreeWalk(int root, long rootTicks, TreeScope scope) {
        this.root = root;
        this.rootTicks = rootTicks;
        this.scope = scope;
        if (scope.group()) {
            created.add(root);
        }
    }

    /**
     * Returns the members that are alive.
     *
     * @throws java.io.UncheckedIOException if {@code /proc} could not be read
     */
    List<Member> live() {
        Map<Integer, ProcStat> all = ProcScan.fresh();
        known.values().removeIf(old -> !old.isSameProcess(all.get(old.pid())));
        self = all.get(SELF);
        removeEmpty(all.values());
        ProcStat first = all.get(root);
        if (first != null && (rootTicks == 0 || first.startTicks() == rootTicks)) {
            join(first);
        }
        joinRelated(all);
        if (scope.cgroup() != null) {
            // Read after the scan: a pid that was reused since is there with its former process, which has exited.
            for (Integer pid : scope.cgroup().members()) {
                ProcStat stat = all.get(pid);
                if (stat != null && pid != SELF && !known.containsKey(pid)) {
                    join(stat);
                }
            }
            joinRelated(all);
        }
        List<Member> live = new ArrayList<>();
        for (Integer pid : known.keySet()) {
            ProcStat stat = all.get(pid);
            if (stat != null && stat.isAlive()) {
                live.add(new Member(stat.pid(), stat.startTicks(), stat.isSuspended()));
            }
        }
        return live;
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
        created.removeIf(number -> !used.contains(number) && !(scope.group() && number == root));
    }

    /** Excludes this JVM, even if it is a descendant, and processes related to it alone. */
    private boolean belongs(ProcStat stat) {
        return stat.pid() != SELF && isRelated(stat);
    }

    private boolean isRelated(ProcStat stat) {
        return known.containsKey(stat.parent()) || created.contains(stat.session()) || created.contains(stat.group());
    }

    private void join(ProcStat stat) {
        known.put(stat.pid(), stat);
        boolean leads = stat.session() == stat.pid() || stat.group() == stat.pid();
        if (leads && (self == null || stat.pid() != self.session() && stat.pid() != self.group())) {
            created.add(stat.pid());
        }
    }
}
