package org.processmanager.core.internal.posix;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code posix_spawn} with file actions and attributes. The child gets exactly the descriptors that a {@link Request}
 * names, all signals at their defaults and an empty mask.
 */
public final class Spawn {
    private static final int SETPGROUP = 0x02;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private static final int SETCGROUP = 0x100;
    private static final int NONE = -1;
    private static final int SIGCHLD = 17;
    /** HUP, INT and QUIT, bit 0 being signal 1. */
    private static final long TERMINAL_SIGNALS = 0b111;

    /** Room for the opaque structures: glibc needs 336 and 80 bytes, musl 336 and 80, sigset_t is 128. */
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

        static native int posix_spawnattr_setcgroup_np(Pointer attr, int folder);
    }

    private static final class Support {
        static final boolean CLOSE_FROM = NativeLayer.available() && has("posix_spawn_file_actions_addclosefrom_np");
        static final boolean SET_CGROUP = NativeLayer.available() && has("posix_spawnattr_setcgroup_np");
        /** As it was before anybody here handled them. */
        static final long IGNORED = ProcStatus.ignoredSignals();

        static final @Nullable String MISSING = find();

        private static @Nullable String find() {
            if (!NativeLayer.available()) {
                return NativeLayer.unavailableReason();
            }
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

        /** A JVM that was started with SIGCHLD ignored would lose every exit code: the kernel reaps by itself then. */
        private static void restoreSigchld() {
            long ignored = ProcStatus.ignoredSignals();
            if ((ignored >> (SIGCHLD - 1) & 1) != 0) {
                C.signal(SIGCHLD, 0);
            }
        }
    }

    /**
     * What to start.
     *
     * @param path the program's file, already resolved
     * @param argv with the name as its first element; stays the caller's to close
     * @param environment {@code KEY=value} each; stays the caller's to close
     * @param directory the working directory, or null for the JVM's
     * @param descriptors element i is the JVM's descriptor that the child sees as its number i; all others are closed
     * @param session whether the child leads a session of its own
     * @param group 0 for a process group of its own, -1 for the JVM's, else the group to join
     * @param cgroup the folder of the control group that it is born in, open; -1 for the JVM's. Only where
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
        /** One that is born in the JVM's control group. */
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

    /** Whether the C library has the attribute for the control group; whether the kernel heeds it is told by a spawn. */
    public static boolean takesCgroup() {
        return Support.SET_CGROUP;
    }

    /** Why processes cannot be started this way here, or null if they can. */
    public static @Nullable String unavailableReason() {
        return Support.MISSING;
    }

    /**
     * Starts a process.
     *
     * @return its number; the caller owns it and must reap it
     * @throws PosixException with the errno of the step that failed; then there is nothing to reap
     */
    public static int spawn(Request request) {
        byte[] path = CString.of(request.path());
        int[] sources = request.descriptors().clone();
        int[] lifted = new int[sources.length];
        Arrays.fill(lifted, -1);
        try (com.sun.jna.Memory actions = new com.sun.jna.Memory(ACTIONS_SIZE);
                com.sun.jna.Memory attr = new com.sun.jna.Memory(ATTR_SIZE);
                com.sun.jna.Memory set = new com.sun.jna.Memory(SIGSET_SIZE)) {
            // A source below the targets could be overwritten by an earlier dup2: lift it out of the way first.
            for (int i = 0; i < sources.length; i++) {
                if (sources[i] < sources.length && sources[i] != i) {
                    lifted[i] = Files.duplicate(sources[i], sources.length);
                    sources[i] = lifted[i];
                }
            }
            check("posix_spawn_file_actions_init", C.posix_spawn_file_actions_init(actions));
            try {
                return spawn(request, path, sources, actions, attr, set);
            } finally {
                C.posix_spawn_file_actions_destroy(actions);
            }
        } finally {
            for (int fd : lifted) {
                if (fd >= 0) {
                    Files.close(fd);
                }
            }
        }
    }

    private static int spawn(
            Request request, byte[] path, int[] sources, Pointer actions, Pointer attr, com.sun.jna.Memory set) {
        // dup2 onto itself clears close-on-exec in the child, as POSIX wants since 2.29 of glibc.
        for (int i = 0; i < sources.length; i++) {
            check("adddup2", C.posix_spawn_file_actions_adddup2(actions, sources[i], i));
        }
        closeTheRest(actions, sources.length);
        if (request.directory() != null) {
            check("addchdir_np", Chdir.posix_spawn_file_actions_addchdir_np(actions, CString.of(request.directory())));
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
            set.clear();
            check("setsigmask", C.posix_spawnattr_setsigmask(attr, set));
            // All bits, not sigfillset: that leaves out two signals of the C library's own, which would stay ignored.
            set.setMemory(0, SIGSET_SIZE, (byte) 0xff);
            if (!request.session()) {
                // In the group of this JVM, what it was told to ignore, as by nohup, is meant for the child too.
                set.setLong(0, ~(Support.IGNORED & TERMINAL_SIGNALS));
            }
            check("setsigdefault", C.posix_spawnattr_setsigdefault(attr, set));
            check("setflags", C.posix_spawnattr_setflags(attr, (short) flags));
            int[] pid = new int[1];
            int errno = C.posix_spawn(
                    pid,
                    path,
                    actions,
                    attr,
                    request.argv().pointer(),
                    request.environment().pointer());
            if (errno != 0) {
                throw new PosixException("posix_spawn", request.path(), errno);
            }
            return pid[0];
        } finally {
            C.posix_spawnattr_destroy(attr);
        }
    }

    private static void closeTheRest(Pointer actions, int lowest) {
        if (Support.CLOSE_FROM) {
            check("addclosefrom_np", CloseFrom.posix_spawn_file_actions_addclosefrom_np(actions, lowest));
            return;
        }
        // Everything of ours is close-on-exec; this catches what other native code opened without it.
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
