package org.processmanager.core;

import java.util.Optional;
import org.processmanager.core.internal.tree.Identities;

/**
 * Which process it is: its number alone will be another's some day. Two are equal if they mean the same process, on this
 * machine and since its last start. Can be kept, as in a file, and given to {@link ProcessManager#adopt(ProcessIdentity)}.
 *
 * @param pid its number
 * @param startTicks when it started, in clock ticks since the machine did; where the system does not tell that, in
 *     milliseconds since 1970
 * @param bootId the machine's present run, from {@code /proc/sys/kernel/random/boot_id}; empty where there is none
 */
public record ProcessIdentity(long pid, long startTicks, String bootId) {
    /**
     * The identity of a process that is there now.
     *
     * @param pid its number
     * @return the identity, or empty if there is no such process
     * @throws ResourcesExhaustedException if it could not be looked, as without a free descriptor
     */
    public static Optional<ProcessIdentity> of(long pid) {
        return Identities.of(pid);
    }

    /**
     * Whether the process has not ended.
     *
     * @return false if it has, also if its number is another's now
     * @throws ResourcesExhaustedException if it could not be looked, as without a free descriptor
     */
    public boolean isAlive() {
        return Identities.isAlive(this);
    }
}
