package org.processmanager.core;

import java.util.Optional;
import org.processmanager.core.internal.tree.Identities;

/**
 * The identity of a process. A pid alone is reused; two identities are equal only if they mean the same process, on this
 * machine and since its last boot. Can be stored, for example in a file, and passed to
 * {@link ProcessManager#adopt(ProcessIdentity)}.
 *
 * @param pid the process id
 * @param startTicks when it started, in clock ticks since the boot; where the system does not report that, in milliseconds
 *     since 1970
 * @param bootId the current boot of the machine, from {@code /proc/sys/kernel/random/boot_id}; empty where there is none
 */
public record ProcessIdentity(long pid, long startTicks, String bootId) {
    /**
     * Returns the identity of a process that exists now.
     *
     * @param pid the process id
     * @return the identity, or empty if there is no such process
     * @throws ResourcesExhaustedException if the system cannot be asked, for example without a free descriptor
     * @throws ProcessManagerException if {@code /proc} is not mounted, or that of another pid namespace
     */
    public static Optional<ProcessIdentity> of(long pid) {
        return Identities.of(pid);
    }

    /**
     * Returns whether the process has not exited.
     *
     * @return false if it has, also if another process has its pid now
     * @throws ResourcesExhaustedException if the system cannot be asked, for example without a free descriptor
     * @throws ProcessManagerException if {@code /proc} is not mounted, or that of another pid namespace
     */
    public boolean isAlive() {
        return Identities.isAlive(this);
    }
}
