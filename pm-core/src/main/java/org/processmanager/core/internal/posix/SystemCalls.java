package org.processmanager.core.internal.posix;

import com.sun.jna.Platform;

/**
 * System calls that have no function in every C library, through {@code syscall(2)}.
 *
 * <p>Declared with a fixed number of arguments, since direct mapping has no varargs: on 64-bit Linux both calling
 * conventions pass integer arguments alike.
 */
final class SystemCalls {
    static final long PIDFD_OPEN = 434;
    static final long PIDFD_SEND_SIGNAL = 424;
    static final long FUTEX = Platform.isARM() ? 98 : 202;
    static final long IOPRIO_SET = Platform.isARM() ? 30 : 251;
    static final long MEMBARRIER = Platform.isARM() ? 283 : 324;
    static final long RENAMEAT2 = Platform.isARM() ? 276 : 316;
    static final long NEWFSTATAT = Platform.isARM() ? 79 : 262;

    static {
        NativeLayer.bind(SystemCalls.class);
    }

    private SystemCalls() {}

    static native long syscall(long number, long a, long b, long c, long d, long e, long f);

    /** Takes a {@code struct timespec} of two longs, or null, as the fourth argument. */
    static native long syscall(long number, long a, long b, long c, long[] d, long e, long f);
}
