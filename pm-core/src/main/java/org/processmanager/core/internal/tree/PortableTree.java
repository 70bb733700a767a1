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
 * A tree signalled through {@link ProcessHandle}, which carries the start time and never signals a stranger. Where there is
 * a {@code /proc} it is found there, else through the handles; both follow parents alone, since ProcessBuilder gives
 * children no session of their own: a process whose parent ended before it was first seen is not found.
 */
public final class PortableTree implements ProcessTree {
    private final ProcessHandle root;
    private final @Nullable TreeWalk walk;
    private final Runnable onRootSignalled;
    private @Nullable String scanFailure;
    private final Map<Integer, ProcessHandle> known = new LinkedHashMap<>();

    /**
     * The tree of a child.
     *
     * @param rootTicks what {@link #startTicks} told at its start
     * @param onRootSignalled run when a signal is about to be sent to the root before its end
     */
    public PortableTree(ProcessHandle root, long rootTicks, Runnable onRootSignalled) {
        this.root = root;
        this.onRootSignalled = onRootSignalled;
        this.walk = rootTicks != 0 ? new TreeWalk(root(), rootTicks, TreeScope.PARENTS) : null;
    }

    /** When a process started, by {@code /proc}: with the number its identity. 0 where that cannot be told. */
    public static long startTicks(ProcessHandle process) {
        ProcStat stat = look(process);
        return stat == null ? 0 : stat.startTicks();
    }

    @Override
    public Collection<Member> live() {
        // None counts as halted: there is no CONT to send.
        try {
            Collection<Member> live =
                    walk != null ? walk.live().stream().map(Member::identity).toList() : liveHandles();
            scanFailure = null;
            return live;
        } catch (UncheckedIOException e) {
            scanFailure = String.valueOf(e.getMessage());
            return hasEnded(root) ? List.of() : List.of(new Member(root(), 0, false));
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
    public Sent send(Member member, Signal signal) {
        if (member.pid() == root()) {
            if (hasEnded(root)) {
                return Sent.GONE;
            }
            onRootSignalled.run(); // before: the end may be told at once
            return send(root, signal) ? Sent.YES : Sent.GONE;
        }
        Optional<ProcessHandle> handle = handle(member);
        if (handle.isEmpty()) {
            return Sent.GONE;
        }
        return send(handle.get(), signal) ? Sent.YES : handle.get().isAlive() ? Sent.REFUSED : Sent.GONE;
    }

    @Override
    public void sendTogether(Signal signal) {
        // the JDK has no such call
    }

    /**
     * Sends a signal through the JDK; false if that did not work.
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
     * Refuses a policy that could not be followed to its end.
     *
     * @throws UnsupportedOperationException if a step sends another signal than TERM and KILL
     */
    public static void check(StopPolicy policy) {
        for (StopPolicy.Step step : policy.steps()) {
            Signal signal = step.signal();
            if (signal != null && !signal.equals(Signal.KILL) && !signal.equals(Signal.TERM)) {
                throw unsupported(signal);
            }
        }
    }

    private static UnsupportedOperationException unsupported(Signal signal) {
        return new UnsupportedOperationException(
                "signal " + signal + " needs the native layer: through ProcessBuilder there are only TERM and KILL");
    }

    /** Whether a process is halted by a signal, where there is a {@code /proc} to tell. */
    public static boolean isHalted(ProcessHandle process) {
        ProcStat stat = look(process);
        return stat != null && stat.isHalted();
    }

    /** Whether a process has ended, also if the JDK, which takes a moment, has not seen it. */
    public static boolean hasEnded(ProcessHandle process) {
        ProcStat stat = look(process);
        return !process.isAlive() || stat != null && !stat.isAlive();
    }

    private static @Nullable ProcStat look(ProcessHandle process) {
        return look(Math.toIntExact(process.pid()));
    }

    private static @Nullable ProcStat look(int pid) {
        try {
            return ProcStat.of(pid);
        } catch (UncheckedIOException e) {
            return null;
        }
    }

    /** The handle is made before the start time is compared, and checks it once more when it signals. */
    private Optional<ProcessHandle> handle(Member member) {
        if (walk == null) {
            return Optional.ofNullable(known.get(member.pid())).filter(ProcessHandle::isAlive);
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(member.pid());
        ProcStat now = look(member.pid());
        return now != null && now.startTicks() == member.startTicks() ? handle : Optional.empty();
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
