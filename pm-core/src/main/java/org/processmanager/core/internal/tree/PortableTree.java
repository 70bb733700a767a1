package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;

/**
 * A tree signalled through {@link ProcessHandle}, which checks the start time and so never signals a later process with the
 * same pid. On Linux it is found in {@code /proc}, elsewhere through the handles. Both follow parents only, since
 * ProcessBuilder gives children no session of their own: a process whose parent exited before the first scan is not found.
 */
public final class PortableTree implements ProcessTree, TreeWalk.Root {
    private final ProcessHandle root;
    private final BooleanSupplier rootIsAlive;
    private final @Nullable TreeWalk walk;
    private final Runnable onRootSignalled;
    private final Map<Integer, ProcessHandle> known = new LinkedHashMap<>();

    /**
     * Creates the tree of a child.
     *
     * @param rootTicks what {@link #startTicks} returned at its start
     * @param rootIsAlive returns whether the root is alive, by the JDK
     * @param onRootSignalled called before a signal is sent to the running root
     */
    public PortableTree(ProcessHandle root, long rootTicks, BooleanSupplier rootIsAlive, Runnable onRootSignalled) {
        this(root, rootTicks, rootIsAlive, onRootSignalled, ProcScan::fresh);
    }

    PortableTree(
            ProcessHandle root,
            long rootTicks,
            BooleanSupplier rootIsAlive,
            Runnable onRootSignalled,
            Supplier<Map<Integer, ProcStat>> scan) {
        this.root = root;
        this.rootIsAlive = rootIsAlive;
        this.onRootSignalled = onRootSignalled;
        this.walk = ProcFs.isLinux() ? new TreeWalk(root(), rootTicks, TreeScope.PARENTS, this, scan) : null;
    }

    /** Returns the start time of a process in {@code /proc}, with the pid its identity; 0 if it is unknown. */
    public static long startTicks(ProcessHandle process) {
        ProcStat stat = stat(process);
        return stat == null ? 0 : stat.startTicks();
    }

    @Override
    public Collection<Member> live() {
        // None counts as suspended: the JDK cannot send CONT.
        return walk != null ? identities(walk.live()) : liveHandles();
    }

    @Override
    public boolean hasExited() {
        return !rootIsAlive.getAsBoolean();
    }

    /** The JDK reaps a child, and then takes a moment to report its exit. */
    @Override
    public boolean isPrompt() {
        return false;
    }

    @Override
    public int root() {
        return Math.toIntExact(root.pid());
    }

    @Override
    public boolean hasFailed() {
        return walk != null && walk.hasFailed();
    }

    @Override
    public Optional<String> scanFailure() {
        return walk != null ? walk.scanFailure() : Optional.empty();
    }

    @Override
    public SignalResult send(Member member, Signal signal) {
        if (member.pid() == root()) {
            if (rootHasGone()) {
                return SignalResult.GONE;
            }
            onRootSignalled.run(); // before: the exit may be handled at once
            return sendAndFollow(root, signal)
                    ? SignalResult.SENT
                    : rootHasGone() ? SignalResult.GONE : SignalResult.REFUSED;
        }
        Optional<ProcessHandle> handle = handle(member);
        if (handle.isEmpty()) {
            return SignalResult.GONE;
        }
        return sendAndFollow(handle.get(), signal)
                ? SignalResult.SENT
                : handle.get().isAlive() ? SignalResult.REFUSED : SignalResult.GONE;
    }

    /** Returns whether the root has exited, also if the JDK has not noticed yet, but {@code /proc} shows it. */
    private boolean rootHasGone() {
        boolean shown = walk == null || walk.showsRoot();
        return hasExited() || shown && (isZombie(root) || !root.isAlive());
    }

    /**
     * Sends a signal to a member that may have started a process since the scan, and may do so until the signal ends it: its
     * children are looked up right before and after, while their parent identifies them.
     */
    private boolean sendAndFollow(ProcessHandle member, Signal signal) {
        joinChildren(member);
        boolean sent = send(member, signal);
        joinChildren(member);
        return sent;
    }

    private void joinChildren(ProcessHandle member) {
        if (walk != null) {
            walk.joinChildren(Math.toIntExact(member.pid()));
        }
    }

    @Override
    public boolean sendToGroup(Signal signal) {
        return false; // the JDK cannot signal groups
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

    /** Returns whether {@code /proc} shows a process as a zombie; the JDK takes it for alive. */
    public static boolean isZombie(ProcessHandle process) {
        ProcStat stat = stat(process);
        return stat != null && !stat.isAlive();
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
