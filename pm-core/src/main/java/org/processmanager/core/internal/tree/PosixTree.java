package org.processmanager.core.internal.tree;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;

/** A tree found in {@code /proc} and signalled through pidfds: a process that took over a number is never hit. */
public final class PosixTree implements ProcessTree {
    private final int root;
    private final boolean ownSession;
    private final TreeWalk walk;

    /** The tree of a child that is not reaped yet; {@code ownSession} if it leads one. */
    public PosixTree(int root, boolean ownSession) {
        this.root = root;
        this.ownSession = ownSession;
        this.walk = new TreeWalk(root, ownSession);
    }

    @Override
    public Collection<Member> live() {
        return walk.live();
    }

    /**
     * Without a session of its own a process that is started between the walk and its parent's end is lost. STOP keeps them
     * from starting any: a fork either was over when STOP came, and the next walk sees the child, or it does not happen.
     */
    @Override
    public Collection<Member> freeze(Collection<Member> live) {
        if (ownSession) {
            return live;
        }
        Set<Member> stopped = new HashSet<>();
        Collection<Member> now = live;
        boolean more = true;
        while (more) {
            more = false;
            for (Member member : now) {
                if (stopped.add(member.identity())) {
                    more |= send(member, Signal.STOP) == Sent.YES;
                }
            }
            now = walk.live();
        }
        // Whether it shows as halted yet or not, it needs CONT to act on what comes next.
        return now.stream()
                .map(member -> new Member(member.pid(), member.startTicks(), true))
                .toList();
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
}
