package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.util.Threads;

/**
 * A tree found in {@code /proc} and signalled through pidfds, which never reach a later process with the same pid.
 *
 * <p>The root and its group are signalled without a scan and without a new descriptor, so that they can be terminated also
 * when no descriptor is free.
 */
public final class PosixTree implements ProcessTree, TreeWalk.Root {
    /** The longest wait for the threads of suspended members to halt. */
    private static final long LONGEST_FREEZE_NANOS = 20_000_000;

    private static final long FREEZE_PAUSE_NANOS = 100_000;

    /** Whether this JVM is process 1, as in a container. */
    private static final boolean IS_FIRST = Wait.getpid() == 1;

    private final int root;
    private final int rootPidfd;
    private final TreeScope scope;
    private final Runnable onRootSignalled;
    private final TreeWalk walk;
    /** The members found by any look, if this JVM is process 1. */
    private final Set<Member> seen = new HashSet<>();

    /**
     * Creates the tree of a child that is not reaped while the tree is used.
     *
     * @param rootPidfd closed by the caller
     * @param scope which processes belong to it
     * @param onRootSignalled called after a signal was sent to the running root
     */
    public PosixTree(int root, int rootPidfd, TreeScope scope, Runnable onRootSignalled) {
        this(root, 0, rootPidfd, scope, onRootSignalled, ProcScan::fresh);
    }

    PosixTree(
            int root,
            long rootTicks,
            int rootPidfd,
            TreeScope scope,
            Runnable onRootSignalled,
            Supplier<Map<Integer, ProcStat>> scan) {
        this.root = root;
        this.rootPidfd = rootPidfd;
        this.scope = scope;
        this.onRootSignalled = onRootSignalled;
        this.walk = new TreeWalk(root, rootTicks, scope, this, scan);
    }

    /**
     * Creates the tree of a process that other code may reap: its pid and group are valid only while it runs.
     *
     * @param rootTicks the start time, with the pid its identity
     * @param rootPidfd closed by the caller
     */
    public static PosixTree ofAdopted(int root, long rootTicks, int rootPidfd) {
        return new PosixTree(root, rootTicks, rootPidfd, TreeScope.PARENTS, () -> {}, ProcScan::fresh);
    }

    @Override
    public Collection<Member> live() {
        Collection<Member> live = walk.live();
        if (IS_FIRST) {
            live.forEach(member -> seen.add(member.identity()));
        }
        return live;
    }

    /**
     * A process whose parent has exited becomes a child of process 1. If that is this JVM, it stays a zombie until it is reaped
     * here. The root is left to its owner, and so is, in a control group, a process of another session.
     */
    @Override
    public void reapOrphans() {
        for (Member member : seen) {
            try {
                ProcStat stat = member.pid() == root ? null : ProcStat.of(member.pid());
                if (stat != null
                        && !stat.isAlive()
                        && stat.parent() == 1
                        && stat.startTicks() == member.startTicks()
                        && (scope.cgroup() == null || stat.session() == root)) {
                    Wait.reap(member.pid());
                }
            } catch (UncheckedIOException | PosixException e) {
                // reaped by other code, or its state is unknown
            }
        }
    }

    @Override
    public int root() {
        return root;
    }

    @Override
    public boolean hasFailed() {
        return walk.hasFailed();
    }

    @Override
    public Optional<String> scanFailure() {
        return walk.scanFailure();
    }

    /**
     * A process started between the scan and the exit of its parent would be missed, unless it is in the session or control
     * group of the root. STOP prevents that: after it, no fork begins, and once all threads have halted, each child is listed.
     * With a session of its own, a tree is suspended before KILL only: a process that gets any other signal may act on it, and
     * its parent would see it suspended.
     */
    @Override
    public Collection<Member> freeze(Collection<Member> live, Signal signal) {
        if (scope.cgroup() != null || scope.session() && !signal.equals(Signal.KILL)) {
            return live;
        }
        Set<Member> suspended = new HashSet<>();
        Collection<Member> now = live;
        while (suspend(now, suspended)) {
            awaitHalt(now);
            if (ProcFs.listsChildren() && now.stream().allMatch(member -> walk.knowsChildren(member.pid()))) {
                break;
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

    /** Sends STOP to members that have not got it; returns whether there were any. */
    private boolean suspend(Collection<Member> members, Set<Member> suspended) {
        boolean sent = false;
        for (Member member : members) {
            if (suspended.add(member.identity())) {
                sent |= send(member, Signal.STOP) == SignalResult.SENT;
            }
        }
        return sent;
    }

    /** Waits until no thread of suspended members runs: a fork that had begun is then over. */
    private static void awaitHalt(Collection<Member> members) {
        long start = System.nanoTime();
        for (Member member : members) {
            while (!ProcStat.isHalted(member.pid()) && System.nanoTime() - start < LONGEST_FREEZE_NANOS) {
                Threads.pause(FREEZE_PAUSE_NANOS);
            }
        }
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
    public boolean sendToGroup(Signal signal) {
        boolean exited = hasExited();
        Cgroup cgroup = scope.cgroup();
        boolean sent = cgroup != null && signal.equals(Signal.KILL) && cgroup.kill();
        if (scope.group()) {
            try {
                sent |= Wait.killGroup(root, signal.number());
            } catch (PosixException e) {
                // no process of the group may be signalled: signalling each one reports which
            }
        }
        if (sent && !exited) {
            onRootSignalled.run();
        }
        return sent;
    }

    @Override
    public boolean isInGroup(Member member) {
        return scope.group() && Wait.groupOf(member.pid()) == root;
    }

    /** A zombie accepts signals, but they have no effect. */
    private boolean sendToRoot(Signal signal) {
        if (hasExited() || !Wait.signalPidfd(rootPidfd, root, signal.number())) {
            return false;
        }
        onRootSignalled.run();
        return true;
    }

    /** Returns whether the root has exited: true for a zombie and for a reaped process. */
    @Override
    public boolean hasExited() {
        return Poll.awaitOne(rootPidfd, Poll.IN, 0) != 0;
    }

    @Override
    public boolean isPrompt() {
        return true;
    }

    private static boolean sendThroughPidfd(Member member, Signal signal) {
        int pidfd = Wait.openPidfd(member.pid());
        try {
            return isUnchanged(member) && Wait.signalPidfd(pidfd, member.pid(), signal.number());
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
