package org.processmanager.core.internal.tree;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.processmanager.core.Signal;

/**
 * A tree found through {@link ProcessHandle}, which knows parents alone: a process whose parent ended before it was first
 * seen is not found. A handle of the JDK carries the start time and never signals a stranger.
 */
public final class PortableTree implements ProcessTree {
    private final ProcessHandle root;
    private final Map<Member, ProcessHandle> known = new HashMap<>();

    /** The tree of a child. */
    public PortableTree(ProcessHandle root) {
        this.root = root;
    }

    @Override
    public Collection<Member> live() {
        known.values().removeIf(handle -> !isAlive(handle));
        List<ProcessHandle> roots = new ArrayList<>(known.values());
        roots.add(root);
        for (ProcessHandle handle : roots) {
            Stream.concat(Stream.of(handle), handle.descendants())
                    .filter(PortableTree::isAlive)
                    .forEach(member -> known.put(member(member), member));
        }
        return List.copyOf(known.keySet());
    }

    @Override
    public Sent send(Member member, Signal signal) {
        ProcessHandle handle = known.get(member.identity());
        if (handle == null || !handle.isAlive()) {
            return Sent.GONE;
        }
        return send(handle, signal) ? Sent.YES : handle.isAlive() ? Sent.REFUSED : Sent.GONE;
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
        throw new UnsupportedOperationException(
                "signal " + signal + " needs the native layer: through ProcessBuilder there are only TERM and KILL");
    }

    /** Whether the root is halted by a signal, where there is a {@code /proc} to tell. */
    public boolean isHalted() {
        ProcStat stat = ProcStat.of(Math.toIntExact(root.pid()));
        return stat != null && stat.isHalted();
    }

    @Override
    public void killTogether() {
        // the JDK has no such call
    }

    private static Member member(ProcessHandle handle) {
        long start = handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new Member(Math.toIntExact(handle.pid()), start, false);
    }

    /** A zombie counts as alive for {@link ProcessHandle}; where there is a {@code /proc} it tells. */
    private static boolean isAlive(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return false;
        }
        ProcStat stat = ProcStat.of(Math.toIntExact(handle.pid()));
        return stat == null || stat.isAlive();
    }
}
