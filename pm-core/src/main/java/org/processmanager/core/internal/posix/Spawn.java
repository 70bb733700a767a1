package org.processmanager.core.internal.posix;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Launches processes by {@code posix_spawn}. The child gets exactly the descriptors of its {@link Request}, default signal
 * dispositions and an empty signal mask.
 */
public final class Spawn {
    private static final int SETPGROUP = 0x02;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private static final int SETCGROUP = 0x100;
    private static final int NONE = -1;
    private static final int SIGCHLD = 17;
    private static final int RLIMIT_NOFILE = 7;
    /** HUP, INT and QUIT, bit 0 being signal 1. */
    private static final long TERMINAL_SIGNALS = 0b111;

    /** Sizes of opaque structures: glibc and musl need 336 and 80 bytes, sigset_t has 128. */
    private static final int ATTR_SIZE = 512;

    private static final int ACTIONS_SIZE = 256;
    private static final int SIGSET_SIZE = 128;

    private Spawn() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int posix_spawn(
                int[] pid, byte[] path, Pointer actions, Pointer attr, Pointer argv, Pointer envp);

        static native int posix_spawn_file_actions_init(Pointer actions);

        static native int posix_spawn_file_actions_destroy(Pointer actions);

        static native int posix_spawn_file_actions_adddup2(Pointer actions, int fd, int target);

        static native int posix_spawn_file_actions_addclose(Pointer actions, int fd);

        static native int posix_spawnattr_init(Pointer attr);

        static native int posix_spawnattr_destroy(Pointer attr);

        static native int posix_spawnattr_setflags(Pointer attr, short flags);

        static native int posix_spawnattr_setpgroup(Pointer attr, int group);

        static native int posix_spawnattr_setsigmask(Pointer attr, Pointer set);

        static native int posix_spawnattr_setsigdefault(Pointer attr, Pointer set);

        static native long signal(int signal, long handler);

        static native int setrlimit(int resource, long[] limit);
    }

    /** glibc 2.29, musl 1.1.24. */
    private static final class Chdir {
        static {
            NativeLayer.bind(Chdir.class);
        }

        private Chdir() {}

        static native int posix_spawn_file_actions_addchdir_np(Pointer actions, byte[] path);
    }

    /** glibc 2.34. */
    private static final class CloseFrom {
        static {
            NativeLayer.bind(CloseFrom.class);
        }

        private CloseFrom() {}

        static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int lowest);
    }

    /** glibc 2.39. */
    private static final class SetCgroup {
        static {
            NativeLayer.bind(SetCgroup.class);
        }

        private SetCgroup() {}

        static native int posix_spawnattr_setcgroup_np(Pointer attr, int directory);
    }

    /** Requires that the native layer is available, which is not decided here: a class whose initializer failed is lost. */
    private static final class Support {
        static final boolean CLOSE_FROM = has("posix_spawn_file_actions_addclosefrom_np");
        static final boolean SET_CGROUP = has("posix_spawnattr_setcgroup_np");
        /** Read before this JVM changes any disposition. */
        static final long IGNORED = ProcStatus.ignoredSignals();

        static final @Nullable String MISSING = find();

        private static @Nullable String find() {
            if (!has("posix_spawn_file_actions_addchdir_np")) {
                return "the C library has no posix_spawn_file_actions_addchdir_np (glibc 2.29)";
            }
            try {
                Files.close(Wait.openPidfd(Wait.getpid()));
            } catch (PosixException e) {
                if (!e.isPassing()) {
                    return e.getMessage() + " (Linux 5.3)";
                }
            }
            restoreSigchld();
            return null;
        }

        private static boolean has(String symbol) {
            try {
                NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction(symbol);
                return true;
            } catch (UnsatisfiedLinkError e) {
                return false;
            }
        }
    }

    /**
     * Gives SIGCHLD its default action back if this JVM ignores it, as it may be started or other code may want; returns whether
     * it did. While it is ignored, the kernel reaps the children and their exit codes are lost.
     */
    public static boolean restoreSigchld() {
        boolean ignored = (ProcStatus.ignoredSignals() >> (SIGCHLD - 1) & 1) != 0;
        if (ignored) {
            C.signal(SIGCHLD, 0);
        }
        return ignored;
    }

    /**
     * A process to launch.
     *
     * @param path the resolved path of the program
     * @param argv the arguments, the first is the name; closed by the caller
     * @param environment entries {@code KEY=value}; closed by the caller
     * @param directory the working directory, or null for that of the JVM
     * @param descriptors element i is the descriptor of the JVM that becomes descriptor i of the child; no others are passed
     * @param session whether the child leads a new session
     * @param group 0 for a new process group, -1 for that of the JVM, else the group to join
     * @param cgroup a descriptor of the directory of the control group to start in; -1 for that of the JVM. Requires
     *     {@link #takesCgroup}
     */
    public record Request(
            String path,
            CStrings argv,
            CStrings environment,
            @Nullable String directory,
            int[] descriptors,
            boolean session,
            int group,
            int cgroup) {
        /** Creates a request for the control group of the JVM. */
        public Request(
                String path,
                CStrings argv,
                CStrings environment,
                @Nullable String directory,
                int[] descriptors,
                boolean session,
                int group) {
            this(path, argv, environment, directory, descriptors, session, group, NONE);
        }
    }

    /** Sets the limits of open files of this process, which the processes that it launches inherit; returns false if refused. */
    public static boolean setFileLimit(long soft, long hard) {
        return C.setrlimit(RLIMIT_NOFILE, new long[] {soft, hard}) == 0;
    }

    /** Returns whether the C library supports control groups; only a spawn shows whether the kernel does. */
    public static boolean takesCgroup() {
        return NativeLayer.available() && Support.SET_CGROUP;
    }

    /** Returns why {@code posix_spawn} cannot be used here, or null if it can. */
    public static @Nullable String unavailableReason() {
        return NativeLayer.available() ? Support.MISSING : NativeLayer.unavailableReason();
    }

    /**
     * Launches a process.
     *
     * @return its pid; the caller must reap it
     * @throws PosixException with the errno of the call that failed; then there is no process
     */
    public static int spawn(Request request) {
        byte[] path = CStrings.terminated(request.path());
        int[] sources = request.descriptors().clone();
        int[] moved = new int[sources.length];
        Arrays.fill(moved, NONE);
        int[] pid = {NONE};
        boolean returned = false;
        try (NativeBlock actions = new NativeBlock(ACTIONS_SIZE);
                NativeBlock attr = new NativeBlock(ATTR_SIZE);
                NativeBlock set = new NativeBlock(SIGSET_SIZE)) {
            // A source among the targets could be overwritten by an earlier dup2: move it out of the way first.
            for (int i = 0; i < sources.length; i++) {
                if (sources[i] < sources.length && sources[i] != i) {
                    moved[i] = Files.duplicate(sources[i], sources.length);
                    sources[i] = moved[i];
                }
            }
            check("posix_spawn_file_actions_init", C.posix_spawn_file_actions_init(actions.pointer()));
            try {
                spawn(request, path, sources, actions.pointer(), attr.pointer(), set.pointer(), pid);
            } finally {
                C.posix_spawn_file_actions_destroy(actions.pointer());
            }
            returned = true;
        } finally {
            for (int fd : moved) {
                if (fd >= 0) {
                    Files.close(fd);
                }
            }
            if (!returned && pid[0] > 0) {
                Wait.killAndReap(pid[0]); // started, but the caller does not learn of it
            }
        }
        return pid[0];
    }

    private static void spawn(
            Request request, byte[] path, int[] sources, Pointer actions, Pointer attr, Pointer set, int[] pid) {
        // dup2 onto itself clears close-on-exec in the child, as POSIX wants since 2.29 of glibc.
        for (int i = 0; i < sources.length; i++) {
            check("adddup2", C.posix_spawn_file_actions_adddup2(actions, sources[i], i));
        }
        closeOthers(actions, sources.length);
        if (request.directory() != null) {
            check(
                    "addchdir_np",
                    Chdir.posix_spawn_file_actions_addchdir_np(actions, CStrings.terminated(request.directory())));
        }
        check("posix_spawnattr_init", C.posix_spawnattr_init(attr));
        try {
            int flags = SETSIGDEF | SETSIGMASK;
            if (request.session()) {
                flags |= SETSID;
            } else if (request.group() >= 0) {
                flags |= SETPGROUP;
                check("setpgroup", C.posix_spawnattr_setpgroup(attr, request.group()));
            }
            if (request.cgroup() != NONE) {
                flags |= SETCGROUP;
                check("setcgroup_np", SetCgroup.posix_spawnattr_setcgroup_np(attr, request.cgroup()));
            }
            check("setsigmask", C.posix_spawnattr_setsigmask(attr, set));
            // All bits, not sigfillset: that leaves out two signals of the C library's own, which would stay ignored.
            set.setMemory(0, SIGSET_SIZE, (byte) 0xff);
            if (!request.session()) {
                // In the group of this JVM, signals that it ignores, for example by nohup, are ignored by the child
                // too.
                set.setLong(0, ~(Support.IGNORED & TERMINAL_SIGNALS));
            }
            check("setsigdefault", C.posix_spawnattr_setsigdefault(attr, set));
            check("setflags", C.posix_spawnattr_setflags(attr, (short) flags));
            int errno = C.posix_spawn(
                    pid,
                    path,
                    actions,
                    attr,
                    request.argv().pointer(),
                    request.environment().pointer());
            if (errno != 0) {
                pid[0] = NONE;
                throw new PosixException("posix_spawn", request.path(), errno);
            }
        } finally {
            C.posix_spawnattr_destroy(attr);
        }
    }

    private static void closeOthers(Pointer actions, int lowest) {
        if (Support.CLOSE_FROM) {
            check("addclosefrom_np", CloseFrom.posix_spawn_file_actions_addclosefrom_np(actions, lowest));
            return;
        }
        // Descriptors of this library are close-on-exec; this closes those that other native code opened without it.
        String[] open = new java.io.File("/proc/self/fd").list();
        for (String name : open == null ? new String[0] : open) {
            int fd = Integer.parseInt(name);
            if (fd >= lowest && Files.isOpen(fd)) {
                check("addclose", C.posix_spawn_file_actions_addclose(actions, fd));
            }
        }
    }

    private static void check(String call, int errno) {
        if (errno != 0) {
            throw new PosixException(call, "", errno);
        }
    }
}
