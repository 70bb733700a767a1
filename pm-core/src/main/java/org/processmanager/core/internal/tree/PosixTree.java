package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;

/**
 * A tree found in {@code /proc} and signalled through pidfds, which never reach a later process with the same pid.
 *
 * <p>The root and its group are signalled without a scan and without a new descriptor, so that they can be terminated also
 * when no descriptor is free.
 */
public final class PosixTree implements ProcessTree {
    private final int root;
    private final int rootPidfd;
    private final TreeScope scope;
    private final Runnable onRootSignalled;
    private final TreeWalk walk;
    private Member rootMember;
    private @Nullable String scanFailure;

    /**
     * Creates the tree of a child that is not reaped while the tree is used.
     *
     * @param rootPidfd closed by the caller
     * @param scope which processes belong to it
     * @param onRootSignalled called after a signal was sent to the running root
     */
    public PosixTree(int root, int rootPidfd, TreeScope scope, Runnable onRootSignalled) {
        this(root, 0, rootPidfd, scope, onRootSignalled);
    }

    private PosixTree(int root, long rootTicks, int rootPidfd, TreeScope scope, Runnable onRootSignalled) {
        this.root = root;
        this.rootPidfd = rootPidfd;
        this.scope = scope;
        this.onRootSignalled = onRootSignalled;
        this.walk = new TreeWalk(root, rootTicks, scope);
        this.rootMember = new Member(root, rootTicks, false);
    }

    /**
     * Creates the tree of a process that other code may reap: its pid and group are valid only while it runs.
     *
     * @param rootTicks the start time, with the pid its identity
     * @param rootPidfd closed by the caller
     */
    public static PosixTree ofAdopted(int root, long rootTicks, int rootPidfd) {
        return new PosixTree(root, rootTicks, rootPidfd, TreeScope.PARENTS, () -> {});
    }

    @Override
    public Collection<Member> live() {
        try {
            Collection<Member> live = walk.live();
            scanFailure = null;
            for (Member member : live) {
                if (member.pid() == root) {
                    rootMember = member.identity();
                }
            }
            return live;
        } catch (UncheckedIOException e) {
            scanFailure = String.valueOf(e.getMessage());
            return rootHasExited() ? List.of() : List.of(rootMember);
        }
    }

    @Override
    public int root() {
        return root;
    }

    @Override
    public Optional<String> scanFailure() {
        return Optional.ofNullable(scanFailure);
    }

    /**
     * Without its own session or control group, a process started between the scan and the exit of its parent would be
     * missed. STOP prevents that: a fork was either complete when STOP arrived, and the next scan finds the child, or it
     * does not happen.
     */
    @Override
    public Collection<Member> freeze(Collection<Member> live) {
        if (scope.session() || scope.cgroup() != null) {
            return live;
        }
        Set<Member> suspended = new HashSet<>();
        Collection<Member> now = live;
        boolean more = true;
        while (more) {
            more = false;
            for (Member member : now) {
                if (suspended.add(member.identity())) {
                    more |= send(member, Signal.STOP) == SignalResult.SENT;
                }
            }
            now = live();
        }
        // Each needs CONT to act on the next signal, whether the scan reports it as suspended yet or not.
        List<Member> frozen = new ArrayList<>();
        for (Member member : now) {
            frozen.add(new Member(member.pid(), member.startTicks(), true));
        }
        return frozen;
    }

    @Override
    public SignalResult send(Member member, Signal signal) {
        try {
            if (member.pid() == root) {
                return sendToRoot(signal) ? SignalResult.SENT : SignalResult.GONE;
            }
            return sendThroughPidfd(member, signal) ? SignalResult.SENT : SignalResult.GONE;
        } catch (PosixException e) {
            if (e.is(Errno.EPERM)) {
                return SignalResult.REFUSED;
            }
            return !e.is(Errno.ESRCH) && sendWithoutPidfd(member, signal) ? SignalResult.SENT : SignalResult.GONE;
        } catch (UncheckedIOException e) {
            return sendWithoutPidfd(member, signal) ? SignalResult.SENT : SignalResult.GONE;
        }
    }

    @Override
    public void sendToGroup(Signal signal) {
        boolean exited = rootHasExited();
        Cgroup cgroup = scope.cgroup();
        if (cgroup != null && signal.equals(Signal.KILL) && cgroup.kill() && !exited) {
            onRootSignalled.run();
        }
        if (scope.group()) {
            try {
                if (Wait.killGroup(root, signal.number()) && !exited) {
                    onRootSignalled.run();
                }
            } catch (PosixException e) {
                // no process of the group may be signalled: signalling each one reports which
            }
        }
    }

    /** A zombie accepts signals, but they have no effect. */
    private boolean sendToRoot(Signal signal) {
        if (rootHasExited() || !Wait.signalPidfd(rootPidfd, signal.number())) {
            return false;
        }
        onRootSignalled.run();
        return true;
    }

    /** Returns whether the root has exited: true for a zombie and for a reaped process. */
    private boolean rootHasExited() {
        return Poll.awaitOne(rootPidfd, Poll.IN, 0) != 0;
    }

    private static boolean sendThroughPidfd(Member member, Signal signal) {
        int pidfd = Wait.openPidfd(member.pid());
        try {
            return isUnchanged(member) && Wait.signalPidfd(pidfd, signal.number());
        } finally {
            Files.close(pidfd);
        }
    }

    /** Signals by pid, just checked, if no descriptor is free. */
    private boolean sendWithoutPidfd(Member member, Signal signal) {
        try {
            return (scope.session() && Wait.sessionOf(member.pid()) == root || isUnchanged(member))
                    && Wait.kill(member.pid(), signal.number());
        } catch (UncheckedIOException | PosixException e) {
            return false;
        }
    }

    private static boolean isUnchanged(Member member) {
        ProcStat now = ProcStat.of(member.pid());
        return now != null && now.startTicks() == member.startTicks();
    }
}
