package org.processmanager.core.internal.tree;

import java.util.Collection;
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
