package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.util.BootId;

/** Identities of processes, from {@code /proc} where there is one, else as the JDK tells them. */
public final class Identities {
    private Identities() {}

    /**
     * The identity of a process that is there, be it a zombie.
     *
     * @throws ResourcesExhaustedException if it could not be looked, as without a free descriptor
     */
    public static Optional<ProcessIdentity> of(long pid) {
        if (pid <= 0 || pid > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        ProcStat stat = look(pid);
        return stat != null
                ? Optional.of(known(pid, stat.startTicks()))
                : BootId.text().isEmpty() ? ofHandle(pid) : Optional.empty();
    }

    /** The identity of a member that was just seen. */
    static Optional<ProcessIdentity> of(ProcessTree.Member member) {
        return member.startTicks() != 0 ? Optional.of(known(member.pid(), member.startTicks())) : of(member.pid());
    }

    /**
     * Whether that very process is there and no zombie.
     *
     * @throws ResourcesExhaustedException if it could not be looked, as without a free descriptor
     */
    public static boolean isAlive(ProcessIdentity identity) {
        if (!of(identity.pid()).equals(Optional.of(identity))) {
            return false;
        }
        ProcStat stat = look(identity.pid());
        return stat == null ? BootId.text().isEmpty() : stat.isAlive() && stat.startTicks() == identity.startTicks();
    }

    private static @Nullable ProcStat look(long pid) {
        try {
            return ProcStat.of((int) pid);
        } catch (UncheckedIOException e) {
            throw new ResourcesExhaustedException(e.getMessage() + "; is a descriptor free?", e);
        }
    }

    private static ProcessIdentity known(long pid, long startTicks) {
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
