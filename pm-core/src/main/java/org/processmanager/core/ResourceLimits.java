package org.processmanager.core;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.processmanager.core.internal.launch.spec.Rlimit;

/**
 * Resource limits of a program and of all that it starts, for each process separately: the limits of {@code setrlimit}.
 * Immutable; each method returns a changed copy. Limits that are not set stay as the JVM has them.
 *
 * <pre>{@code
 * command.limits(l -> l.openFiles(256).cpuTime(Duration.ofMinutes(5)).memory(2L << 30)).run();
 * }</pre>
 *
 * <p>One value sets the soft and the hard limit. Two values set the soft limit, which is in force, and the hard limit, up to
 * which the program may raise it. {@link #UNLIMITED} removes a limit. A launch with a limit above the hard limit of the JVM
 * throws {@link LaunchException} with {@link LaunchException.Reason#LIMIT_REFUSED}, unless the JVM has the privilege to raise
 * it (CAP_SYS_RESOURCE).
 */
@CheckReturnValue
public final class ResourceLimits {
    /** No limit. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private static final int HIGHEST_NICE = 40;
    private static final int HIGHEST_PRIORITY = 99;

    private static final ResourceLimits NONE = new ResourceLimits(Map.of());

    private final Map<Rlimit, Rlimit.Range> ranges;

    ResourceLimits(Map<Rlimit, Rlimit.Range> ranges) {
        this.ranges = ranges;
    }

    /**
     * Returns limits that change nothing: all stay as the JVM has them.
     *
     * @return the value to start from
     */
    public static ResourceLimits none() {
        return NONE;
    }

    Map<Rlimit, Rlimit.Range> ranges() {
        return ranges;
    }

    /**
     * Returns a copy with a bound for descriptors (RLIMIT_NOFILE): no descriptor can have this number or a higher one.
     *
     * @param count at least 1
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits openFiles(long count) {
        return openFiles(count, count);
    }

    /**
     * Returns a copy with bounds for descriptors (RLIMIT_NOFILE).
     *
     * @param soft at least 1
     * @param hard at least as much
     * @return the copy
     * @throws IllegalArgumentException if one is less
     */
    public ResourceLimits openFiles(long soft, long hard) {
        return with(Rlimit.NOFILE, 1, soft, hard);
    }

    /**
     * Returns a copy with a bound for processor time (RLIMIT_CPU). A process that reaches it is killed by
     * {@link Signal#KILL}.
     *
     * @param time positive; rounded up to seconds
     * @return the copy
     * @throws IllegalArgumentException if it is not positive
     */
    public ResourceLimits cpuTime(Duration time) {
        return cpuTime(Objects.requireNonNull(time, "time"), time);
    }

    /**
     * Returns a copy with bounds for processor time (RLIMIT_CPU). A process that reaches the soft limit receives signal
     * XCPU every second; at the hard limit it is killed by {@link Signal#KILL}.
     *
     * @param soft positive; rounded up to seconds
     * @param hard at least as much
     * @return the copy
     * @throws IllegalArgumentException if one is not positive, or hard below soft
     */
    public ResourceLimits cpuTime(Duration soft, Duration hard) {
        return with(
                Rlimit.CPU,
                1,
                seconds(Objects.requireNonNull(soft, "soft")),
                seconds(Objects.requireNonNull(hard, "hard")));
    }

    /**
     * Returns a copy with a bound for the address space of each process (RLIMIT_AS): allocations beyond it
     * fail. The address space is larger than the memory in use; a JVM or a browser reserves gigabytes of it.
     *
     * @param bytes at least 1
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits memory(long bytes) {
        return memory(bytes, bytes);
    }

    /**
     * Returns a copy with bounds for the address space of each process (RLIMIT_AS).
     *
     * @param soft bytes, at least 1
     * @param hard bytes, at least as many
     * @return the copy
     * @throws IllegalArgumentException if one is less
     */
    public ResourceLimits memory(long soft, long hard) {
        return with(Rlimit.AS, 1, soft, hard);
    }

    /**
     * Returns a copy with a bound for the writable memory of each process without its stacks (RLIMIT_DATA).
     *
     * @param bytes at least 1
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits data(long bytes) {
        return with(Rlimit.DATA, 1, bytes, bytes);
    }

    /**
     * Returns a copy with a bound for the stack of the main thread (RLIMIT_STACK). Arguments and environment may take a quarter
     * of it.
     *
     * @param bytes at least 1
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits stack(long bytes) {
        return stack(bytes, bytes);
    }

    /**
     * Returns a copy with bounds for the stack of the main thread (RLIMIT_STACK).
     *
     * @param soft bytes, at least 1
     * @param hard bytes, at least as many
     * @return the copy
     * @throws IllegalArgumentException if one is less
     */
    public ResourceLimits stack(long soft, long hard) {
        return with(Rlimit.STACK, 1, soft, hard);
    }

    /**
     * Returns a copy with a bound for the files that it writes (RLIMIT_FSIZE). A write beyond it raises signal XFSZ, which
     * kills a program that does not handle it.
     *
     * @param bytes at least 0
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits fileSize(long bytes) {
        return with(Rlimit.FSIZE, 0, bytes, bytes);
    }

    /**
     * Returns a copy with a bound for core dumps (RLIMIT_CORE).
     *
     * @param bytes at least 0, which means none
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits coreDump(long bytes) {
        return coreDump(bytes, bytes);
    }

    /**
     * Returns a copy with bounds for core dumps (RLIMIT_CORE).
     *
     * @param soft bytes, at least 0
     * @param hard bytes, at least as many
     * @return the copy
     * @throws IllegalArgumentException if one is less
     */
    public ResourceLimits coreDump(long soft, long hard) {
        return with(Rlimit.CORE, 0, soft, hard);
    }

    /**
     * Returns a copy with a bound for the processes and threads of its user, all of them together (RLIMIT_NPROC). The kernel
     * does not apply it to the superuser.
     *
     * @param count at least 0
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits processes(long count) {
        return with(Rlimit.NPROC, 0, count, count);
    }

    /**
     * Returns a copy with a bound for memory that cannot be swapped out (RLIMIT_MEMLOCK).
     *
     * @param bytes at least 0
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits lockedMemory(long bytes) {
        return with(Rlimit.MEMLOCK, 0, bytes, bytes);
    }

    /**
     * Returns a copy with a bound for the queued signals of its user (RLIMIT_SIGPENDING).
     *
     * @param count at least 0
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits pendingSignals(long count) {
        return with(Rlimit.SIGPENDING, 0, count, count);
    }

    /**
     * Returns a copy with a bound for the POSIX message queues of its user (RLIMIT_MSGQUEUE).
     *
     * @param bytes at least 0
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits messageQueues(long bytes) {
        return with(Rlimit.MSGQUEUE, 0, bytes, bytes);
    }

    /**
     * Returns a copy with a bound for how far the program may raise its own priority (RLIMIT_NICE).
     *
     * @param lowest the lowest niceness that it may set, -20 to 20, where 20 means none
     * @return the copy
     * @throws IllegalArgumentException if it is out of range
     */
    public ResourceLimits niceness(int lowest) {
        if (lowest < -20 || lowest > 20) {
            throw new IllegalArgumentException("lowest: " + lowest + " (expected: -20 to 20)");
        }
        return with(Rlimit.NICE, 0, HIGHEST_NICE / 2 - lowest, HIGHEST_NICE / 2 - lowest);
    }

    /**
     * Returns a copy with a bound for the real-time priority that the program may set (RLIMIT_RTPRIO).
     *
     * @param highest 0, which means none, to 99
     * @return the copy
     * @throws IllegalArgumentException if it is out of range
     */
    public ResourceLimits realTimePriority(int highest) {
        if (highest < 0 || highest > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException("highest: " + highest + " (expected: 0 to " + HIGHEST_PRIORITY + ")");
        }
        return with(Rlimit.RTPRIO, 0, highest, highest);
    }

    /**
     * Returns a copy with a bound for the processor time that a process may use under real-time scheduling without a
     * blocking system call (RLIMIT_RTTIME). A process that reaches it is killed by {@link Signal#KILL}.
     *
     * @param time at least a microsecond
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public ResourceLimits realTimeCpu(Duration time) {
        Objects.requireNonNull(time, "time");
        long micros = time.compareTo(Duration.ofDays(36_500)) > 0 ? UNLIMITED : time.toNanos() / 1000;
        return with(Rlimit.RTTIME, 1, micros, micros);
    }

    /** Returns whether the other object has the same limits. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceLimits limits && ranges.equals(limits.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** Returns the limits that are set. */
    @Override
    public String toString() {
        return ranges.toString();
    }

    private static long seconds(Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("time: " + time + " (expected: > 0)");
        }
        return time.getNano() == 0 || time.getSeconds() == UNLIMITED ? time.getSeconds() : time.getSeconds() + 1;
    }

    private ResourceLimits with(Rlimit limit, long least, long soft, long hard) {
        if (soft < least) {
            throw new IllegalArgumentException(name(limit) + ": " + soft + " (expected: at least " + least + ")");
        }
        if (hard < soft) {
            throw new IllegalArgumentException(
                    name(limit) + ": " + hard + " as hard limit (expected: at least the soft one, " + soft + ")");
        }
        Map<Rlimit, Rlimit.Range> changed = new EnumMap<>(Rlimit.class);
        changed.putAll(ranges);
        changed.put(limit, new Rlimit.Range(kernel(soft), kernel(hard)));
        return new ResourceLimits(Map.copyOf(changed));
    }

    private static long kernel(long value) {
        return value == UNLIMITED ? Rlimit.UNLIMITED : value;
    }

    private static String name(Rlimit limit) {
        return switch (limit) {
            case CPU -> "cpuTime";
            case FSIZE -> "fileSize";
            case DATA -> "data";
            case STACK -> "stack";
            case CORE -> "coreDump";
            case NPROC -> "processes";
            case NOFILE -> "openFiles";
            case MEMLOCK -> "lockedMemory";
            case AS -> "memory";
            case SIGPENDING -> "pendingSignals";
            case MSGQUEUE -> "messageQueues";
            case NICE -> "niceness";
            case RTPRIO -> "realTimePriority";
            case RTTIME -> "realTimeCpu";
        };
    }
}
