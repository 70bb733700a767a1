package org.processmanager.core.internal.launch;

import java.util.Map;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.posix.Privileges;
import org.processmanager.core.internal.posix.Privileges.Capability;

/** Holds wanted limits against those of this JVM. */
final class Limits {
    private Limits() {}

    /** @throws LaunchException.LimitRefused if one is above the hard limit and may not be raised */
    static void check(LaunchSpec spec) {
        for (Map.Entry<Rlimit, Rlimit.Range> entry : spec.attributes().limits().entrySet()) {
            Rlimit limit = entry.getKey();
            long wanted = entry.getValue().hard();
            long hard = Privileges.hardLimit(limit.number());
            if (Rlimit.isAbove(wanted, hard) && !Privileges.has(Capability.CAP_SYS_RESOURCE)) {
                throw new LaunchException.LimitRefused("cannot start " + spec.program() + " with "
                        + limit.describe(wanted) + ": the hard limit of this JVM is " + limit.describe(hard)
                        + ", and it has no " + Capability.CAP_SYS_RESOURCE);
            }
        }
    }
}
