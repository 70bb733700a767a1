package org.processmanager.core.internal.launch.posix;

import java.util.List;
import java.util.Map;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.program.Environments;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.Rlimit;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Privileges;
import org.processmanager.core.internal.posix.Privileges.Capability;

/** Checks requested limits against those of this JVM and against the needs of the command. */
final class LimitChecks {
    /** The size of arguments and environment that the kernel accepts with any stack limit. */
    private static final long LEAST_ROOM = 131_072;
    /** The divisor of the stack limit that bounds them. */
    private static final int STACK_SHARE = 4;

    private LimitChecks() {}

    /**
     * Rejects limits with which the program cannot start.
     *
     * @throws LaunchException with {@link LaunchException.Reason#LIMIT_REFUSED} if one is above the hard limit and may not be
     *     raised
     * @throws LaunchException with {@link LaunchException.Reason#ARGUMENTS_TOO_LONG} if the stack will be too small for the
     *     arguments
     */
    static void check(LaunchSpec spec) {
        Rlimit.Range stack = spec.limits().get(Rlimit.STACK);
        if (stack != null && stack.soft() != Rlimit.UNLIMITED) {
            checkRoom(spec, Math.max(stack.soft() / STACK_SHARE, LEAST_ROOM));
        }
        for (Map.Entry<Rlimit, Rlimit.Range> entry : spec.limits().entrySet()) {
            Rlimit limit = entry.getKey();
            long wanted = entry.getValue().hard();
            long hard = Privileges.hardLimit(limit.number());
            if (Rlimit.isAbove(wanted, hard) && !Privileges.has(Capability.CAP_SYS_RESOURCE)) {
                throw new LaunchException(
                        LaunchException.Reason.LIMIT_REFUSED,
                        "cannot start " + spec.program() + " with "
                                + limit.describe(wanted) + ": the hard limit of this JVM is " + limit.describe(hard)
                                + ", and it has no " + Capability.CAP_SYS_RESOURCE);
            }
        }
    }

    private static void checkRoom(LaunchSpec spec, long room) {
        List<byte[]> environment = Environments.entries(spec.environment());
        long needed = (long) Long.BYTES * (spec.commandLine().size() + environment.size());
        for (byte[] entry : environment) {
            needed += entry.length;
        }
        for (String argument : spec.commandLine()) {
            needed += CStrings.terminated(argument).length;
        }
        if (needed > room) {
            throw new LaunchException(
                    LaunchException.Reason.ARGUMENTS_TOO_LONG,
                    "cannot start " + spec.program() + ": arguments and environment"
                            + " take " + needed + " bytes, and a quarter of the stack limit that it is to have leaves "
                            + room
                            + ". Pass the data by standard input or a file, or allow more stack");
        }
    }
}
