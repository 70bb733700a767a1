package org.processmanager.core.internal.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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
    private final int root;
    private final long rootTicks;
    private final Supplier<List<Integer>> others;
    /** Identities of members seen so far, by number; parents come before their children. */
    private final Map<Integer, ProcStat> known = new LinkedHashMap<>();
    /** Numbers of sessions and groups that members made. */
    private final Set<Integer> made = new HashSet<>();

    /** {@code rootTicks} is when the root started, or 0 where its number is pinned. */
    TreeWalk(int root, long rootTicks, boolean leadsGroup) {
        this(root, rootTicks, leadsGroup, List::of);
    }

    /** With others, by their numbers, that belong to the tree too. */
    TreeWalk(int root, long rootTicks, boolean leadsGroup, Supplier<List<Integer>> others) {
        this.root = root;
        this.rootTicks = rootTicks;
        this.others = others;
        if (leadsGroup) {
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
        ProcStat first = all.get(root);
        if (first != null && (rootTicks == 0 || first.startTicks() == rootTicks)) {
            join(first);
        }
        joinRelated(all);
        // Asked after the look: a number that was given away between them stands there with who had it before, who is
        // gone.
        for (Integer pid : others.get()) {
            ProcStat stat = all.get(pid);
            if (stat != null && !known.containsKey(pid)) {
                join(stat);
            }
        }
        joinRelated(all);
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

    private boolean belongs(ProcStat stat) {
        return known.containsKey(stat.parent()) || made.contains(stat.session()) || made.contains(stat.group());
    }

    private void join(ProcStat stat) {
        known.put(stat.pid(), stat);
        if (stat.session() == stat.pid() || stat.group() == stat.pid()) {
            made.add(stat.pid());
        }
    }
}
