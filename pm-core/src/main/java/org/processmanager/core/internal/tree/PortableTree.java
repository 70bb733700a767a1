package org.processmanager.core.internal.tree;

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
    private final Map<Integer, ProcessHandle> known = new LinkedHashMap<>();

    /** The tree of a child. */
    public PortableTree(ProcessHandle root) {
        this.root = root;
        int pid = Math.toIntExact(root.pid());
        this.walk = ProcStat.of(pid) != null ? new TreeWalk(pid, false) : null;
    }

    @Override
    public Collection<Member> live() {
        // None counts as halted: there is no CONT to send.
        return walk != null ? walk.live().stream().map(Member::identity).toList() : liveHandles();
    }

    @Override
    public Sent send(Member member, Signal signal) {
        Optional<ProcessHandle> handle = handle(member);
        if (handle.isEmpty()) {
            return Sent.GONE;
        }
        return send(handle.get(), signal) ? Sent.YES : handle.get().isAlive() ? Sent.REFUSED : Sent.GONE;
    }

    @Override
    public void killTogether() {
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
     * @throws UnsupportedOperationException if a rung sends another signal than TERM and KILL
     */
    public static void check(StopPolicy policy) {
        for (StopPolicy.Rung rung : policy.rungs()) {
            Signal signal = rung.signal();
            if (signal != null && !signal.equals(Signal.KILL) && !signal.equals(Signal.TERM)) {
                throw unsupported(signal);
            }
        }
    }

    private static UnsupportedOperationException unsupported(Signal signal) {
        return new UnsupportedOperationException(
                "signal " + signal + " needs the native layer: through ProcessBuilder there are only TERM and KILL");
    }

    /** Whether the root is halted by a signal, where there is a {@code /proc} to tell. */
    public boolean isHalted() {
        ProcStat stat = ProcStat.of(Math.toIntExact(root.pid()));
        return stat != null && stat.isHalted();
    }

    /** The handle is made before the start time is compared, and checks it once more when it signals. */
    private Optional<ProcessHandle> handle(Member member) {
        if (walk == null) {
            return Optional.ofNullable(known.get(member.pid())).filter(ProcessHandle::isAlive);
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(member.pid());
        ProcStat now = ProcStat.of(member.pid());
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
