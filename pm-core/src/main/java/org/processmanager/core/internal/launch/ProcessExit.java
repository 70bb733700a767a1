package org.processmanager.core.internal.launch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.stream.Captured;

/**
 * How a child ended.
 *
 * @param status its status
 * @param endReason why it ended
 * @param inputFailure what reading its input from a stream threw, or null
 * @param stdout what was kept of its standard output
 * @param stderr what was kept of its standard error
 * @param duration from the launch to the exit
 * @param exitNanos when the exit was noticed, by the monotonic clock
 * @param reaped what the kernel reported when the child was reaped; null where that is not known
 * @param pipeHolders the processes that had a pipe open when it was given up
 * @param stopReport the report of the last stop that found a process to stop
 */
public record ProcessExit(
        ExitStatus status,
        EndReason endReason,
        @Nullable Throwable inputFailure,
        Captured stdout,
        Captured stderr,
        Duration duration,
        long exitNanos,
        Wait.@Nullable Status reaped,
        List<Long> pipeHolders,
        Optional<StopReport> stopReport) {
    /** Returns what the child used, if that is known. */
    public Optional<ResourceUsage> usage() {
        return reaped == null
                ? Optional.empty()
                : Optional.of(new ResourceUsage(
                        Duration.ofNanos(reaped.userMicros() * 1000),
                        Duration.ofNanos(reaped.systemMicros() * 1000),
                        reaped.maxResidentKib() * 1024));
    }
}
