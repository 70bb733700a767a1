package org.processmanager.core.internal.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Uninterruptibles;

/**
 * Attributes that Linux keeps per thread and that a process inherits from the thread that launches it. Only for a thread of
 * this library that terminates afterwards: without privileges they cannot be undone.
 */
public final class ThreadSettings {
    private static final int CLONE_FS = 0x200;
    private static final int PRIO_PROCESS = 0;
    private static final int IOPRIO_WHO_PROCESS = 1;
    private static final int IOPRIO_CLASS_SHIFT = 13;
    private static final int CALLING_THREAD = 0;
    /** In bytes, for 8192 processors: the kernel accepts more than it needs. */
    private static final int MASK_SIZE = 1024;

    private static final RefusedCall UNSHARE = new RefusedCall("unshare", "a shell sets the umask of processes");
    private static volatile boolean unshareTried;

    private ThreadSettings() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int unshare(int flags);

        static native int umask(int mask);

        static native int setpriority(int which, int who, int priority);

        static native int sched_setaffinity(int thread, long size, byte[] mask);

        static native int sched_getaffinity(int thread, long size, byte[] mask);
    }

    /**
     * Returns whether a thread can have its own {@link #umask}. Container runtimes refuse {@code unshare} to processes without
     * CAP_SYS_ADMIN. The first call tries it on a thread that then terminates.
     */
    public static boolean separatesUmask() {
        if (!unshareTried) {
            FutureTask<Integer> attempt = new FutureTask<>(() -> C.unshare(CLONE_FS) == 0 ? 0 : NativeLayer.errno());
            try {
                Threads.daemon("pm-unshare", attempt).start();
                UNSHARE.isRefusedBy(Uninterruptibles.get(attempt));
                unshareTried = true;
            } catch (OutOfMemoryError e) {
                return true; // unknown
            } catch (ExecutionException e) {
                throw new IllegalStateException("unshare failed", e.getCause());
            }
        }
        return !UNSHARE.isRefused();
    }

    /**
     * Gives the calling thread its own file mode creation mask, and with it its own working directory and root.
     *
     * @throws PosixException if it cannot be separated from the other threads
     */
    public static void umask(int mask) {
        check("unshare", "the umask", C.unshare(CLONE_FS));
        C.umask(mask);
    }

    /**
     * Sets the niceness of the calling thread.
     *
     * @throws PosixException EACCES or EPERM if it is not permitted
     */
    public static void nice(int niceness) {
        check("setpriority", Integer.toString(niceness), C.setpriority(PRIO_PROCESS, CALLING_THREAD, niceness));
    }

    /**
     * Sets the I/O priority of the calling thread.
     *
     * @param priorityClass 1 real time, 2 best effort, 3 idle
     * @throws PosixException EPERM if it is not permitted
     */
    public static void ioPriority(int priorityClass, int level) {
        long value = (long) priorityClass << IOPRIO_CLASS_SHIFT | level;
        long result = SystemCalls.syscall(SystemCalls.IOPRIO_SET, IOPRIO_WHO_PROCESS, CALLING_THREAD, value, 0L, 0, 0);
        check("ioprio_set", "class " + priorityClass + ", level " + level, (int) result);
    }

    /**
     * Binds the calling thread to processors.
     *
     * @return the processors that are missing or not permitted
     * @throws PosixException EINVAL if that holds for all of them
     */
    public static List<Integer> affinity(List<Integer> cpus) {
        byte[] wanted = new byte[MASK_SIZE];
        for (int cpu : cpus) {
            wanted[cpu / Byte.SIZE] |= (byte) (1 << cpu % Byte.SIZE);
        }
        check("sched_setaffinity", "processors " + cpus, C.sched_setaffinity(CALLING_THREAD, MASK_SIZE, wanted));
        byte[] got = new byte[MASK_SIZE];
        // glibc returns 0, musl the size.
        if (C.sched_getaffinity(CALLING_THREAD, MASK_SIZE, got) < 0) {
            throw new PosixException("sched_getaffinity", "", NativeLayer.errno());
        }
        List<Integer> missing = new ArrayList<>(cpus);
        missing.removeIf(cpu -> (got[cpu / Byte.SIZE] >> cpu % Byte.SIZE & 1) != 0);
        return missing;
    }

    private static void check(String call, String subject, int result) {
        if (result != 0) {
            throw new PosixException(call, subject, NativeLayer.errno());
        }
    }
}
