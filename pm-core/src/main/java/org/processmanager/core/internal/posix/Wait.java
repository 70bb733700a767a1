package org.processmanager.core.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Pidfds, exit status, signals and processor time. Never waits for "any child". */
public final class Wait {
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int P_PID = 1;
    private static final int KILL = 9;
    /** Clocks of processes have the complement of the pid in their upper bits. */
    private static final int CPU_CLOCK_SHIFT = 3;

    private static final int CPU_CLOCK_OF_SCHEDULER = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long REAP_PAUSE_NANOS = 500_000;
    private static final int SIGINFO_SIZE = 128;
    private static final int RUSAGE_SIZE = 144;
    private static final RefusedCall PIDFD_SEND_SIGNAL = new RefusedCall("pidfd_send_signal", "kill is used");

    private Wait() {}

    /**
     * Exit status and resource usage of a child.
     *
     * @param exited true if it exited with a code, false if a signal killed it
     * @param value the exit code (0 to 255) or the number of the signal
     * @param coreDumped whether a core was written
     * @param userMicros processor time in user mode, in microseconds
     * @param systemMicros processor time in the kernel, in microseconds
     * @param maxResidentKib the largest resident set, in KiB
     */
    public record Status(
            boolean exited, int value, boolean coreDumped, long userMicros, long systemMicros, long maxResidentKib) {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int getpid();

        /** As {@link SystemCalls#syscall}. */
        static native long syscall(long number, long a, long b, long c, long d);

        static native int wait4(int pid, int[] status, int options, byte[] usage);

        static native int waitid(int type, int id, byte[] siginfo, int options);

        static native int kill(int pid, int signal);

        static native int killpg(int group, int signal);

        static native int getsid(int pid);

        static native int getpgid(int pid);

        static native int clock_gettime(int clock, long[] time);
    }

    /** Returns the pid of this process. */
    public static int getpid() {
        return C.getpid();
    }

    /**
     * Returns the processor time that a process has used, all its threads, in nanoseconds; -1 if it does not exist. Needs no
     * permission.
     */
    public static long cpuNanos(int pid) {
        long[] time = new long[2];
        return C.clock_gettime(~pid << CPU_CLOCK_SHIFT | CPU_CLOCK_OF_SCHEDULER, time) == 0
                ? NANOS_PER_SECOND * time[0] + time[1]
                : -1;
    }

    /**
     * Opens a descriptor for a process, close-on-exec. It becomes readable when the process exits.
     *
     * @throws PosixException ESRCH if the process does not exist, ENOSYS before Linux 5.3, EPERM under some filters
     */
    public static int openPidfd(int pid) {
        int fd = (int) C.syscall(SystemCalls.PIDFD_OPEN, pid, 0, 0, 0);
        if (fd < 0) {
            throw new PosixException("pidfd_open", "process " + pid, NativeLayer.errno());
        }
        return fd;
    }

    /**
     * Sends a signal through a pidfd, never to a later process with the same pid; returns false after its exit. Where the call
     * is refused, sends it by pid after a look at the pidfd.
     */
    public static boolean signalPidfd(int pidfd, int pid, int signal) {
        if (!PIDFD_SEND_SIGNAL.isRefused()) {
            if (C.syscall(SystemCalls.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0) == 0) {
                return true;
            }
            int errno = NativeLayer.errno();
            if (!isRefusedForAll(errno)) {
                return falseIfGone("pidfd_send_signal " + signal, "process " + pid, errno);
            }
            PIDFD_SEND_SIGNAL.refuse(errno);
        }
        return Poll.awaitOne(pidfd, Poll.IN, 0) == 0 && kill(pid, signal);
    }

    /** EPERM may be the answer for one process only: this process can always signal itself. */
    private static boolean isRefusedForAll(int errno) {
        if (Errno.ENOSYS.is(errno)) {
            return true;
        }
        if (!Errno.EPERM.is(errno)) {
            return false;
        }
        try {
            int self = openPidfd(getpid());
            boolean refused =
                    C.syscall(SystemCalls.PIDFD_SEND_SIGNAL, self, 0, 0, 0) != 0 && Errno.EPERM.is(NativeLayer.errno());
            Files.close(self);
            return refused;
        } catch (PosixException e) {
            return false; // no descriptor is free: not decided
        }
    }

    /** Sends a signal by pid, which must not be reusable meanwhile; returns false if the process does not exist. */
    public static boolean kill(int pid, int signal) {
        if (pid <= 0) {
            throw new IllegalArgumentException("pid: " + pid + " (expected: > 0)");
        }
        return C.kill(pid, signal) == 0 || falseIfGone("kill " + signal, "process " + pid, NativeLayer.errno());
    }

    /** Sends a signal to a process group that this library created; returns false if it is empty. */
    public static boolean killGroup(int group, int signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("group: " + group + " (expected: > 1)");
        }
        return C.killpg(group, signal) == 0 || falseIfGone("killpg " + signal, "group " + group, NativeLayer.errno());
    }

    /** Returns the session of a process (0: of this one), or -1 after its exit. */
    public static int sessionOf(int pid) {
        return C.getsid(pid);
    }

    /** Returns the process group of a process, or -1 after its exit. */
    public static int groupOf(int pid) {
        return C.getpgid(pid);
    }

    /**
     * Returns the status of an exited child without reaping it, or null while it runs; its resource usage is zero. The pid
     * cannot be reused until {@link #reap}.
     *
     * @throws PosixException ECHILD if it is not a child, or was reaped by other code
     */
    public static @Nullable Status peek(int pid) {
        byte[] bytes = new byte[SIGINFO_SIZE];
        if (C.waitid(P_PID, pid, bytes, WEXITED | WNOHANG | WNOWAIT) != 0) {
            throw new PosixException("waitid", "process " + pid, NativeLayer.errno());
        }
        ByteBuffer info = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (info.getInt(0) == 0) {
            return null;
        }
        // si_code s32 at 8 (1 exited, 2 killed, 3 dumped), si_pid s32 at 16, si_uid at 20, si_status s32 at 24
        int code = info.getInt(8);
        return new Status(code == 1, info.getInt(24), code == 3, 0, 0, 0);
    }

    /**
     * Reaps an exited child and returns its status, once; null while it runs.
     *
     * @throws PosixException ECHILD if it is not a child, or was reaped by other code
     */
    public static @Nullable Status reap(int pid) {
        int[] status = new int[1];
        byte[] usage = new byte[RUSAGE_SIZE];
        int reaped;
        do {
            reaped = C.wait4(pid, status, WNOHANG, usage);
        } while (reaped < 0 && Errno.EINTR.is(NativeLayer.errno()));
        if (reaped < 0) {
            throw new PosixException("wait4", "process " + pid, NativeLayer.errno());
        }
        return reaped == 0 ? null : status(status[0], usage);
    }

    /** Kills and reaps a child that has no owner. The interrupt status is preserved. */
    public static void killAndReap(int pid) {
        boolean interrupted = Thread.interrupted(); // with which no pause would last
        try {
            C.kill(pid, KILL);
            while (reap(pid) == null) {
                LockSupport.parkNanos(REAP_PAUSE_NANOS);
                interrupted |= Thread.interrupted();
            }
        } catch (PosixException e) {
            // reaped by other code
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Status status(int bits, byte[] usage) {
        // struct rusage: utime {s64 seconds, s64 micros} at 0, stime at 16, maxrss s64 (KiB) at 32
        ByteBuffer times = ByteBuffer.wrap(usage).order(ByteOrder.nativeOrder());
        long user = times.getLong(0) * 1_000_000 + times.getLong(8);
        long system = times.getLong(16) * 1_000_000 + times.getLong(24);
        int signal = bits & 0x7f;
        boolean exited = signal == 0;
        return new Status(
                exited,
                exited ? (bits >> 8) & 0xff : signal,
                !exited && (bits & 0x80) != 0,
                user,
                system,
                times.getLong(32));
    }

    private static boolean falseIfGone(String call, String subject, int errno) {
        if (Errno.ESRCH.is(errno)) {
            return false;
        }
        throw new PosixException(call, subject, errno);
    }
}
