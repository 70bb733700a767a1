package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.internal.util.BootId;

/** Identities of processes, from {@code /proc} where it exists, else from the JDK. */
public final class Identities {
    private Identities() {}

    /**
     * Returns the identity of an existing process, possibly a zombie; empty if there is none, or if it is not visible.
     *
     * @throws ProcessManagerException if {@code /proc} could not be read, or is not {@linkplain ProcFs usable}
     */
    public static Optional<ProcessIdentity> of(long pid) {
        if (pid <= 0 || pid > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        if (!ProcFs.isLinux()) {
            return ofHandle(pid);
        }
        ProcStat stat = stat(pid);
        return stat == null || ProcFs.isThread((int) pid)
                ? Optional.empty()
                : Optional.of(identity(pid, stat.startTicks()));
    }

    /** Returns the identity of a member that was just found. */
    static Optional<ProcessIdentity> of(ProcessTree.Member member) {
        return member.startTicks() != 0 ? Optional.of(identity(member.pid(), member.startTicks())) : of(member.pid());
    }

    /**
     * Returns whether exactly that process exists and is not a zombie.
     *
     * @throws ProcessManagerException if {@code /proc} could not be read, or is not {@linkplain ProcFs usable}
     */
    public static boolean isAlive(ProcessIdentity identity) {
        if (!of(identity.pid()).equals(Optional.of(identity))) {
            return false;
        }
        if (!ProcFs.isLinux()) {
            return true;
        }
        ProcStat stat = stat(identity.pid());
        return stat != null && stat.isAlive() && stat.startTicks() == identity.startTicks();
    }

    private static @Nullable ProcStat stat(long pid) {
        try {
            return ProcStat.of((int) pid);
        } catch (UncheckedIOException e) {
            throw ProcFs.failure(String.valueOf(e.getMessage()), e);
        }
    }

    private static ProcessIdentity identity(long pid, long startTicks) {
        return new ProcessIdentity(pid, startTicks, BootId.text());
    }

    private static Optional<ProcessIdentity> ofHandle(long pid) {
        return ProcessHandle.of(pid)
                .map(handle -> new ProcessIdentity(
                        pid,
                        handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L),
                        BootId.text()));
    }
}
