package org.processmanager.core.internal.launch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.stream.Captured;

/**
 * How a child ended.
 *
 * @param status its status
 * @param cause why
 * @param inputFailure what reading its input from a stream threw, or null
 * @param stdout what was kept of its output
 * @param stderr what was kept of its errors
 * @param duration from the launch to the exit
 * @param exitNanos when the exit was seen, by the monotonic clock
 * @param usage what it used, where that is known
 * @param pipeHolders who held a pipe open when it was given up
 * @param stopReport what the last stop came to that had something to do
 */
public record ProcessExit(
        ExitStatus status,
        EndReason endReason,
        @Nullable Throwable inputFailure,
        Captured stdout,
        Captured stderr,
        Duration duration,
        long exitNanos,
        Optional<ResourceUsage> usage,
        List<Long> pipeHolders,
        Optional<StopReport> stopReport) {}
