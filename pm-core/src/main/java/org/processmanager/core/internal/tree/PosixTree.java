package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
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
 * A tree found in {@code /proc} and signalled through pidfds: a process that took over a number is never hit.
 *
 * <p>The root and its group are reached without looking and without a new descriptor, so that they can be ended also when
 * none is left.
 */
public final class PosixTree implements ProcessTree {
    private final int root;
    private final int rootPidfd;
    private final TreeScope reach;
    private final Runnable onRootSignalled;
    private final TreeWalk walk;
    private Member rootMember;
    private @Nullable String scanFailure;

    /**
     * The tree of a child that is not reaped while this is used.
     *
     * @param rootPidfd stays the caller's to close
     * @param reach what holds it together
     * @param onRootSignalled run when a signal was sent to the root before its end
     */
    public PosixTree(int root, int rootPidfd, TreeScope reach, Runnable onRootSignalled) {
        this(root, 0, rootPidfd, reach, onRootSignalled);
    }

    private PosixTree(int root, long rootTicks, int rootPidfd, TreeScope reach, Runnable onRootSignalled) {
        this.root = root;
        this.rootPidfd = rootPidfd;
        this.reach = reach;
        this.onRootSignalled = onRootSignalled;
        this.walk = new TreeWalk(root, rootTicks, reach);
        this.rootMember = new Member(root, rootTicks, false);
    }

    /**
     * The tree of a process that others may reap: its number and group are relied on no longer than it lives.
     *
     * @param rootTicks with the number its identity
     * @param rootPidfd stays the caller's to close
     */
    public static PosixTree ofStranger(int root, long rootTicks, int rootPidfd) {
        return new PosixTree(root, rootTicks, rootPidfd, TreeScope.PARENTS, () -> {});
    }

    @Override
    public Collection<Member> live() {
        try {
            Collection<Member> live = walk.live();
            scanFailure = null;
            live.stream().filter(member -> member.pid() == root).forEach(member -> rootMember = member.identity());
            return live;
        } catch (UncheckedIOException e) {
            scanFailure = String.valueOf(e.getMessage());
            return rootHasEnded() ? List.of() : List.of(rootMember);
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
     * Without a session or control group of its own a process that is started between the walk and its parent's end is lost. STOP keeps them
     * from starting any: a fork either was over when STOP came, and the next walk sees the child, or it does not happen.
     */
    @Override
    public Collection<Member> freeze(Collection<Member> live) {
        if (reach.session() || reach.cgroup() != null) {
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
            now = live();
        }
        // Whether it shows as halted yet or not, it needs CONT to act on what comes next.
        return now.stream()
                .map(member -> new Member(member.pid(), member.startTicks(), true))
                .toList();
    }

    @Override
    public Sent send(Member member, Signal signal) {
        try {
            if (member.pid() == root) {
                return sendToRoot(signal) ? Sent.YES : Sent.GONE;
            }
            return sendThroughPidfd(member, signal) ? Sent.YES : Sent.GONE;
        } catch (PosixException e) {
            if (e.is(Errno.EPERM)) {
                return Sent.REFUSED;
            }
            return !e.is(Errno.ESRCH) && sendWithoutPidfd(member, signal) ? Sent.YES : Sent.GONE;
        } catch (UncheckedIOException e) {
            return sendWithoutPidfd(member, signal) ? Sent.YES : Sent.GONE;
        }
    }

    @Override
    public void sendTogether(Signal signal) {
        boolean ended = rootHasEnded();
        Cgroup cgroup = reach.cgroup();
        if (cgroup != null && signal.equals(Signal.KILL) && cgroup.kill() && !ended) {
            onRootSignalled.run();
        }
        if (reach.group()) {
            try {
                if (Wait.killGroup(root, signal.number()) && !ended) {
                    onRootSignalled.run();
                }
            } catch (PosixException e) {
                // not one of the group may be signalled: sending to each tells which
            }
        }
    }

    /** A zombie takes signals too, but it is not ended by them. */
    private boolean sendToRoot(Signal signal) {
        if (rootHasEnded() || !Wait.signalPidfd(rootPidfd, signal.number())) {
            return false;
        }
        onRootSignalled.run();
        return true;
    }

    /** As the kernel knows it: true for a zombie, and for one that was reaped. */
    private boolean rootHasEnded() {
        return Poll.awaitOne(rootPidfd, Poll.IN, 0) != 0;
    }

    private static boolean sendThroughPidfd(Member member, Signal signal) {
        int pidfd = Wait.openPidfd(member.pid());
        try {
            return isStill(member) && Wait.signalPidfd(pidfd, signal.number());
        } finally {
            Files.close(pidfd);
        }
    }

    /** No descriptor left, say: the number, checked just now, must do. */
    private boolean sendWithoutPidfd(Member member, Signal signal) {
        try {
            return (reach.session() && Wait.sessionOf(member.pid()) == root || isStill(member))
                    && Wait.kill(member.pid(), signal.number());
        } catch (UncheckedIOException | PosixException e) {
            return false;
        }
    }

    private static boolean isStill(Member member) {
        ProcStat now = ProcStat.of(member.pid());
        return now != null && now.startTicks() == member.startTicks();
    }
}
