package org.processmanager.core.thread;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A managed thread as it was when asked; it may have changed since.
 *
 * @param name its name, unique among the managed threads that live
 * @param kind platform or virtual
 * @param javaId the JVM's number of it ({@code Thread.threadId()})
 * @param nativeId the kernel's number of it, as in {@code /proc/<pid>/task}; empty for virtual threads, where the system has
 *     no such folder, and in the instant before the thread has begun
 * @param state the JVM's word for what it does
 * @param cancelRequested whether it was asked to end
 * @param cpuTime processor time that it has used; empty for virtual threads, where the JVM does not measure it, and after
 *     its end
 */
public record ThreadSnapshot(
        String name,
        ThreadKind kind,
        long javaId,
        OptionalLong nativeId,
        Thread.State state,
        boolean cancelRequested,
        Optional<Duration> cpuTime) {}
