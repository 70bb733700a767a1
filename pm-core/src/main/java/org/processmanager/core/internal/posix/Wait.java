package org.processmanager.core.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Pidfds, exit status and signals. Never waits for "any child". */
public final class Wait {
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int P_PID = 1;
    private static final int SIGINFO_SIZE = 128;
    private static final int RUSAGE_SIZE = 144;

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
    }

    /** Returns the pid of this process. */
    public static int getpid() {
        return C.getpid();
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

    /** Sends a signal through a pidfd, never to a later process with the same pid; returns false after its exit. */
    public static boolean signalPidfd(int pidfd, int signal) {
        if (C.syscall(SystemCalls.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0) == 0) {
            return true;
        }
        return falseIfGone("pidfd_send_signal " + signal, "pidfd " + pidfd);
    }

    /** Sends a signal by pid, which must not be reusable meanwhile; returns false if the process does not exist. */
    public static boolean kill(int pid, int signal) {
        if (pid <= 0) {
            throw new IllegalArgumentException("pid: " + pid + " (expected: > 0)");
        }
        return C.kill(pid, signal) == 0 || falseIfGone("kill " + signal, "process " + pid);
    }

    /** Sends a signal to a process group that this library created; returns false if it is empty. */
    public static boolean killGroup(int group, int signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("group: " + group + " (expected: > 1)");
        }
        return C.killpg(group, signal) == 0 || falseIfGone("killpg " + signal, "group " + group);
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

    private static boolean falseIfGone(String call, String subject) {
        int errno = NativeLayer.errno();
        if (Errno.ESRCH.is(errno)) {
            return false;
        }
        throw new PosixException(call, subject, errno);
    }
}
