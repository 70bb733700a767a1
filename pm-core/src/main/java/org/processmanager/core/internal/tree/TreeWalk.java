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
 * Finds a tree in {@code /proc}, again and again.
 *
 * <p>A process belongs to it if its parent does; or if its session or group was made by a member, which finds those whose
 * parents are dead. The groups and sessions of the root count only if it got its own at launch: otherwise they are the
 * JVM's. The number of a session or group cannot be given to a new process while anybody is in it, and the root's own is
 * pinned by the root, which is not reaped while a stop runs. Out of reach: a process that made a session of its own, or
 * never had another than the JVM's, <em>and</em> lost its parent before it was first seen.
 */
final class TreeWalk {
    private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());

    private final int root;
    private final long rootTicks;
    private final TreeScope reach;
    /** Identities of members seen so far, by number; parents come before their children. */
    private final Map<Integer, ProcStat> known = new LinkedHashMap<>();
    /** Numbers of sessions and groups that members made. */
    private final Set<Integer> made = new HashSet<>();
    /** This JVM as last seen. */
    private @Nullable ProcStat self;

    /** {@code rootTicks} is when the root started, or 0 where its number is pinned. */
    TreeWalk(int root, long rootTicks, TreeScope reach) {
        this.root = root;
        this.rootTicks = rootTicks;
        this.reach = reach;
        if (reach.group()) {
            made.add(root);
        }
    }

    /**
     * Those that live now.
     *
     * @throws java.io.UncheckedIOException if it could not be looked
     */
    List<Member> live() {
        Map<Integer, ProcStat> all = ProcScan.fresh();
        known.values().removeIf(old -> !old.isSameProcess(all.get(old.pid())));
        self = all.get(SELF);
        forgetEmptyOnes(all.values());
        ProcStat first = all.get(root);
        if (first != null && (rootTicks == 0 || first.startTicks() == rootTicks)) {
            join(first);
        }
        joinRelated(all);
        if (reach.cgroup() != null) {
            // Asked after the look: a number that was given away since stands there with who had it before, who is
            // gone.
            for (Integer pid : reach.cgroup().members()) {
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
                live.add(new Member(stat.pid(), stat.startTicks(), stat.isHalted()));
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

    /** The number of a session or group that has nobody any more may be a stranger's next; the root's own is pinned. */
    private void forgetEmptyOnes(Collection<ProcStat> all) {
        Set<Integer> used = new HashSet<>();
        for (ProcStat stat : all) {
            used.add(stat.session());
            used.add(stat.group());
        }
        made.removeIf(number -> !used.contains(number) && !(reach.group() && number == root));
    }

    /** Never this JVM, whosever descendant it is, nor those who are with it alone. */
    private boolean belongs(ProcStat stat) {
        return stat.pid() != SELF && isOfUs(stat);
    }

    private boolean isOfUs(ProcStat stat) {
        return known.containsKey(stat.parent()) || made.contains(stat.session()) || made.contains(stat.group());
    }

    private void join(ProcStat stat) {
        known.put(stat.pid(), stat);
        boolean leads = stat.session() == stat.pid() || stat.group() == stat.pid();
        if (leads && (self == null || stat.pid() != self.session() && stat.pid() != self.group())) {
            made.add(stat.pid());
        }
    }
}
