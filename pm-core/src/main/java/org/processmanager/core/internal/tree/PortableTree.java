package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;

/**
 * A tree signalled through {@link ProcessHandle}, which checks the start time and so never signals a later process with the
 * same pid. It is found in {@code /proc} where that exists, else through the handles. Both follow parents only, since
 * ProcessBuilder gives children no session of their own: a process whose parent exited before the first scan is not found.
 */
public final class PortableTree implements ProcessTree {
    private final ProcessHandle root;
    private final @Nullable TreeWalk walk;
    private final Runnable onRootSignalled;
    private @Nullable String scanFailure;
    private final Map<Integer, ProcessHandle> known = new LinkedHashMap<>();

    /**
     * Creates the tree of a child.
     *
     * @param rootTicks what {@link #startTicks} returned at its start
     * @param onRootSignalled called before a signal is sent to the running root
     */
    public PortableTree(ProcessHandle root, long rootTicks, Runnable onRootSignalled) {
        this.root = root;
        this.onRootSignalled = onRootSignalled;
        this.walk = rootTicks != 0 ? new TreeWalk(root(), rootTicks, TreeScope.PARENTS) : null;
    }

    /** Returns the start time of a process in {@code /proc}, with the pid its identity; 0 if it is unknown. */
    public static long startTicks(ProcessHandle process) {
        ProcStat stat = stat(process);
        return stat == null ? 0 : stat.startTicks();
    }

    @Override
    public Collection<Member> live() {
        // None counts as suspended: the JDK cannot send CONT.
        try {
            Collection<Member> live = walk != null ? identities(walk.live()) : liveHandles();
            scanFailure = null;
            return live;
        } catch (UncheckedIOException e) {
            scanFailure = String.valueOf(e.getMessage());
            return hasExited(root) ? List.of() : List.of(new Member(root(), 0, false));
        }
    }

    @Override
    public int root() {
        return Math.toIntExact(root.pid());
    }

    @Override
    public Optional<String> scanFailure() {
        return Optional.ofNullable(scanFailure);
    }

    @Override
    public SignalResult send(Member member, Signal signal) {
        if (member.pid() == root()) {
            if (hasExited(root)) {
                return SignalResult.GONE;
            }
            onRootSignalled.run(); // before: the exit may be handled at once
            return send(root, signal) ? SignalResult.SENT : SignalResult.GONE;
        }
        Optional<ProcessHandle> handle = handle(member);
        if (handle.isEmpty()) {
            return SignalResult.GONE;
        }
        return send(handle.get(), signal)
                ? SignalResult.SENT
                : handle.get().isAlive() ? SignalResult.REFUSED : SignalResult.GONE;
    }

    @Override
    public void sendToGroup(Signal signal) {
        // the JDK cannot signal groups
    }

    /**
     * Sends a signal through the JDK; returns whether it was sent.
     *
     * @throws UnsupportedOperationException for others than TERM and KILL
     */
    public static boolean send(ProcessHandle handle, Signal signal) {
        if (signal.equals(Signal.KILL)) {
            return handle.destroyForcibly();
        }
        if (signal.equals(Signal.TERM)) {
            return handle.destroy();
        }
        throw unsupported(signal);
    }

    /**
     * Checks that the signals of a policy can be sent.
     *
     * @throws UnsupportedOperationException if a step sends a signal other than TERM and KILL
     */
    public static void check(StopPolicy policy) {
        for (StopPolicy.Step step : policy.steps()) {
            Signal signal = step.signal().orElse(null);
            if (signal != null && !signal.equals(Signal.KILL) && !signal.equals(Signal.TERM)) {
                throw unsupported(signal);
            }
        }
    }

    private static UnsupportedOperationException unsupported(Signal signal) {
        return new UnsupportedOperationException(
                "signal " + signal + " needs the native layer: ProcessBuilder can send only TERM and KILL");
    }

    /** Returns whether a signal has suspended a process; false without {@code /proc}. */
    public static boolean isSuspended(ProcessHandle process) {
        ProcStat stat = stat(process);
        return stat != null && stat.isSuspended();
    }

    /** Returns whether a process has exited, also if the JDK, which takes a moment, has not noticed yet. */
    public static boolean hasExited(ProcessHandle process) {
        ProcStat stat = stat(process);
        return !process.isAlive() || stat != null && !stat.isAlive();
    }

    private static @Nullable ProcStat stat(ProcessHandle process) {
        return stat(Math.toIntExact(process.pid()));
    }

    private static @Nullable ProcStat stat(int pid) {
        try {
            return ProcStat.of(pid);
        } catch (UncheckedIOException e) {
            return null;
        }
    }

    /** The handle is created before the start time is compared, and checks it once more when it signals. */
    private Optional<ProcessHandle> handle(Member member) {
        if (walk == null) {
            return Optional.ofNullable(known.get(member.pid())).filter(ProcessHandle::isAlive);
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(member.pid());
        ProcStat now = stat(member.pid());
        return now != null && now.startTicks() == member.startTicks() ? handle : Optional.empty();
    }

    private static List<Member> identities(List<Member> members) {
        List<Member> identities = new ArrayList<>(members.size());
        for (Member member : members) {
            identities.add(member.identity());
        }
        return identities;
    }

    private Collection<Member> liveHandles() {
        known.values().removeIf(handle -> !handle.isAlive());
        List<ProcessHandle> parents = new ArrayList<>(known.values());
        parents.add(root);
        while (!parents.isEmpty()) {
            List<ProcessHandle> children = new ArrayList<>();
            for (ProcessHandle parent : parents) {
                if (parent.isAlive()) {
                    known.putIfAbsent(Math.toIntExact(parent.pid()), parent);
                }
                parent.children()
                        .filter(child -> !known.containsKey(Math.toIntExact(child.pid())))
                        .forEach(children::add);
            }
            parents = children;
        }
        return known.keySet().stream().map(pid -> new Member(pid, 0, false)).toList();
    }
}
