package org.processmanager.core.internal.posix;

import org.jspecify.annotations.Nullable;

/**
 * Waits on a 32-bit word of shared memory, and wake-ups of the waiters. Never uses the PRIVATE flag, which would separate
 * the processes.
 *
 * <p>A wait blocks the calling thread in native code: it must not be called on a virtual thread. It delays no safepoint.
 */
public final class Futex {
    /** The result of a wait. {@link #WOKEN} may be spurious: callers must read the word again. */
    public enum Outcome {
        /** Woken by another thread, by a signal, or spuriously. */
        WOKEN,
        /** The word did not have the expected value; the call did not wait. */
        CHANGED,
        /** The timeout elapsed. */
        TIMED_OUT
    }

    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private Futex() {}

    /**
     * Waits while the word at {@code address} is {@code expected}, for at most {@code nanos} of the monotonic clock.
     *
     * @throws PosixException if the memory is not mapped (EFAULT) or the kernel refuses (ENOSYS, EPERM)
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

    /** Wakes at most {@code count} waiters; returns how many were woken. */
    public static int wake(long address, int count) {
        long woken = SystemCalls.syscall(SystemCalls.FUTEX, address, FUTEX_WAKE, count, 0, 0, 0);
        if (woken < 0) {
            throw new PosixException("futex wake", "", NativeLayer.errno());
        }
        return (int) woken;
    }

    /**
     * Returns why futexes cannot be used on the word at {@code address}, or null if they can. Tries a wait for another
     * value, a wait of a microsecond and a wake-up. A system call filter may report EPERM instead of ENOSYS.
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
