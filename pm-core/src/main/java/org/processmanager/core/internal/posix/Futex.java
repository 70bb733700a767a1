package org.processmanager.core.internal.posix;

import org.jspecify.annotations.Nullable;

/**
 * Sleeping on a 32-bit word of shared memory, and waking who sleeps there. Never with the PRIVATE flag, which would
 * separate the processes.
 *
 * <p>A wait blocks the calling thread in native code: never call it on a virtual thread. It holds up no safepoint.
 */
public final class Futex {
    /** What a wait ended with. A {@link #WOKEN} may be spurious: re-read the word after every return. */
    public enum Outcome {
        /** Woken by somebody, by a signal, or for no reason. */
        WOKEN,
        /** The word was not what was expected: there was no sleep. */
        CHANGED,
        /** The time was over. */
        TIMED_OUT
    }

    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private Futex() {}

    /**
     * Sleeps while the word at {@code address} is {@code expected}, at most {@code nanos} of the monotonic clock.
     *
     * @throws PosixException if the memory is gone (EFAULT) or the kernel refuses (ENOSYS, EPERM)
     */
    public static Outcome await(long address, int expected, long nanos) {
        long[] timeout = {Math.max(nanos, 0) / NANOS_PER_SECOND, Math.max(nanos, 0) % NANOS_PER_SECOND};
        if (SystemCalls.syscall(SystemCalls.FUTEX, address, FUTEX_WAIT, expected, timeout, 0, 0) == 0) {
            return Outcome.WOKEN;
        }
        int errno = NativeLayer.errno();
        if (Errno.EAGAIN.is(errno)) {
            return Outcome.CHANGED;
        }
        if (Errno.ETIMEDOUT.is(errno)) {
            return Outcome.TIMED_OUT;
        }
        if (Errno.EINTR.is(errno)) {
            return Outcome.WOKEN;
        }
        throw new PosixException("futex wait", "", errno);
    }

    /** Wakes at most {@code count} sleepers; how many it woke. */
    public static int wake(long address, int count) {
        long woken = SystemCalls.syscall(SystemCalls.FUTEX, address, FUTEX_WAKE, count, 0, 0, 0);
        if (woken < 0) {
            throw new PosixException("futex wake", "", NativeLayer.errno());
        }
        return (int) woken;
    }

    /** Wakes all sleepers. */
    public static int wakeAll(long address) {
        return wake(address, Integer.MAX_VALUE);
    }

    /**
     * Why futexes cannot be used on the word at {@code address}, or null if they can: tried with a wait for another value,
     * a wait of a microsecond and a wake. A filter of system calls answers EPERM where it means ENOSYS.
     */
    public static @Nullable String unavailableReason(long address, int value) {
        try {
            if (await(address, value + 1, 1_000) != Outcome.CHANGED) {
                return "a wait for another value did not return at once";
            }
            await(address, value, 1_000);
            wake(address, 1);
            return null;
        } catch (PosixException e) {
            return e.getMessage();
        }
    }
}
