package org.processmanager.core.thread;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of a managed thread at one moment. It may have changed when it is read.
 *
 * @param name the name, unique among the live managed threads
 * @param kind platform or virtual
 * @param javaId the id in the JVM ({@code Thread.threadId()})
 * @param nativeId the id in the kernel, as in {@code /proc/<pid>/task}; empty for virtual threads, without {@code /proc},
 *     and before the thread has begun to run
 * @param state the state in the JVM
 * @param cancelRequested whether cancellation was requested
 * @param cpuTime the processor time used so far; empty for virtual threads, where the JVM does not measure it, and after
 *     termination
 */
public record ThreadSnapshot(
        String name,
        ThreadKind kind,
        long javaId,
        OptionalLong nativeId,
        Thread.State state,
        boolean cancelRequested,
        Optional<Duration> cpuTime) {}
