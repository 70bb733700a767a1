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
 * @param inputFailure the exception thrown by the input stream of the caller, or null
 * @param stdout the retained part of standard output
 * @param stderr the retained part of standard error
 * @param duration from the launch to the exit
 * @param exitNanos the time at which the exit was detected, by the monotonic clock
 * @param reaped the result of wait4 when the child was reaped; null if unknown
 * @param streamsIncomplete whether an output stream was closed before its end
 * @param pipeHolders the processes that held a pipe open when it was abandoned
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
        boolean streamsIncomplete,
        List<Long> pipeHolders,
        Optional<StopReport> stopReport) {
    /** Returns the resources used by the child, if known. */
    public Optional<ResourceUsage> usage() {
        return reaped == null
                ? Optional.empty()
                : Optional.of(new ResourceUsage(
                        Duration.ofNanos(reaped.userMicros() * 1000),
                        Duration.ofNanos(reaped.systemMicros() * 1000),
                        reaped.maxResidentKib() * 1024));
    }
}
