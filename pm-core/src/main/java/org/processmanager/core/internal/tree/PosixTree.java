package org.processmanager.core.internal.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;

/**
 * A tree found by walking {@code /proc}.
 *
 * <p>A process belongs to it if its parent does; or if its session or group was made by a member, which finds those whose
 * parents are dead. The groups and sessions of the root count only if it got its own at launch: otherwise they are the
 * JVM's. The number of a session or group cannot be given to a new process while anybody is in it, and the root's own is
 * pinned by the root, which is not reaped while a stop runs. Out of reach: a process that made a session of its own
 * <em>and</em> lost its parent before it was first seen.
 */
public final class PosixTree implements ProcessTree {
    private final int root;
    private final boolean ownSession;
    /** Identities of members seen so far, by number. */
    private final Map<Integer, ProcStat> known = new HashMap<>();
    /** Numbers of sessions and groups that members made. */
    private final Set<Integer> made = new HashSet<>();

    /** The tree of a child that is not reaped yet; {@code ownSession} if it leads one. */
    public PosixTree(int root, boolean ownSession) {
        this.root = root;
        this.ownSession = ownSession;
        if (ownSession) {
            made.add(root);
        }
    }

    @Override
    public Collection<Member> live() {
        Map<Integer, ProcStat> all = ProcStat.all();
        known.values().removeIf(old -> !old.isSameProcess(all.get(old.pid())));
        ProcStat first = all.get(root);
        if (first != null) {
            join(first);
        }
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
        List<Member> live = new ArrayList<>();
        for (Integer pid : known.keySet()) {
            ProcStat stat = all.get(pid);
            if (stat != null && stat.isAlive()) {
                live.add(new Member(stat.pid(), stat.startTicks(), stat.isHalted()));
            }
        }
        return live;
    }

    @Override
    public Sent send(Member member, Signal signal) {
        try {
            return sendThroughPidfd(member, signal) ? Sent.YES : Sent.GONE;
        } catch (PosixException e) {
            if (e.is(Errno.EPERM)) {
                return Sent.REFUSED;
            }
            if (e.is(Errno.ESRCH)) {
                return Sent.GONE;
            }
            // No descriptor left, say: the number, checked just now, must do.
            ProcStat now = ProcStat.of(member.pid());
            boolean same = now != null && now.startTicks() == member.startTicks();
            return same && Wait.kill(member.pid(), signal.number()) ? Sent.YES : Sent.GONE;
        }
    }

    @Override
    public void killTogether() {
        if (ownSession) {
            try {
                Wait.killGroup(root, Signal.KILL.number());
            } catch (PosixException e) {
                // not one of the group may be signalled: sending to each tells which
            }
        }
    }

    private static boolean sendThroughPidfd(Member member, Signal signal) {
        int pidfd = Wait.openPidfd(member.pid());
        try {
            ProcStat now = ProcStat.of(member.pid());
            return now != null && now.startTicks() == member.startTicks() && Wait.signalPidfd(pidfd, signal.number());
        } finally {
            Files.close(pidfd);
        }
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
