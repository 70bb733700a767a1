package org.processmanager.core.internal.launch.io;

import java.util.List;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.QuietLog;

/**
 * How long output is read after the exit if another process holds its pipe open.
 *
 * @param quietNanos the time without new data
 * @param longestNanos the limit of the whole time
 */
public record StreamGrace(long quietNanos, long longestNanos) {
    private static final int QUIET_TIMES = 8;

    /** Returns the grace of a command. */
    public static StreamGrace of(LaunchSpec spec) {
        long quiet = Nanos.of(spec.streamGrace());
        return new StreamGrace(quiet, quiet < Nanos.FOREVER / QUIET_TIMES ? quiet * QUIET_TIMES : Nanos.FOREVER);
    }

    /**
     * Logs that output of a process was closed before its end.
     *
     * @param holders the processes that hold it open; empty if unknown
     */
    public static void report(LaunchSpec spec, long pid, List<Long> holders) {
        QuietLog.warn(
                StreamGrace.class,
                "the output of process " + pid + " (" + spec.name() + ") was closed before its end, since "
                        + (holders.isEmpty() ? "another process holds" : "processes " + holders + " hold")
                        + " it open after the exit: what is written later is lost; Command.streamGrace(..) waits longer");
    }
}
