package org.processmanager.core.internal.posix;

import java.util.ArrayList;
import java.util.List;

/**
 * What Linux keeps for each thread, and what a process inherits from the thread that starts it. Only for a thread of our own
 * that ends afterwards: nothing of it can be taken back without privileges.
 */
public final class ThreadSettings {
    private static final int CLONE_FS = 0x200;
    private static final int PRIO_PROCESS = 0;
    private static final int IOPRIO_WHO_PROCESS = 1;
    private static final int IOPRIO_CLASS_SHIFT = 13;
    private static final int CALLING_THREAD = 0;
    /** Bytes, for 8192 processors: the kernel takes more than it needs, and answers with fewer. */
    private static final int MASK_SIZE = 1024;

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
     * Gives the calling thread a file mode creation mask of its own; with it a working directory and root of its own.
     *
     * @throws PosixException if it cannot be parted from the other threads
     */
    public static void umask(int mask) {
        check("unshare", "the umask", C.unshare(CLONE_FS));
        C.umask(mask);
    }

    /** @throws PosixException EACCES or EPERM if the calling thread may not have that niceness */
    public static void nice(int niceness) {
        check("setpriority", Integer.toString(niceness), C.setpriority(PRIO_PROCESS, CALLING_THREAD, niceness));
    }

    /** @throws PosixException EPERM if the calling thread may not have that priority; classes: 1 real time, 2, 3 idle */
    public static void ioPriority(int priorityClass, int level) {
        long value = (long) priorityClass << IOPRIO_CLASS_SHIFT | level;
        long result = SystemCalls.syscall(SystemCalls.IOPRIO_SET, IOPRIO_WHO_PROCESS, CALLING_THREAD, value, 0L, 0, 0);
        check("ioprio_set", "class " + priorityClass + ", level " + level, (int) result);
    }

    /**
     * Binds the calling thread to processors.
     *
     * @return those of them that it did not get
     * @throws PosixException EINVAL if it could get none of them
     */
    public static List<Integer> affinity(List<Integer> cpus) {
        byte[] wanted = new byte[MASK_SIZE];
        cpus.forEach(cpu -> wanted[cpu / Byte.SIZE] |= (byte) (1 << cpu % Byte.SIZE));
        check("sched_setaffinity", "processors " + cpus, C.sched_setaffinity(CALLING_THREAD, MASK_SIZE, wanted));
        byte[] got = new byte[MASK_SIZE];
        // The answer of the wrapper in glibc is 0, that of musl the size.
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
