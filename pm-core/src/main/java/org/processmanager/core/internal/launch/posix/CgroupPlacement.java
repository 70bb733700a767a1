package org.processmanager.core.internal.launch.posix;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.tree.Cgroup;

/**
 * The control group of a launch. The process is spawned in it, where C library and kernel support that; otherwise it is moved there
 * while it waits at a {@link StartBarrier}, before its program runs.
 */
final class CgroupPlacement {
    /** System property; {@code gate} moves processes to their control groups also where they could be spawned in them. */
    static final String PROPERTY = "org.processmanager.cgroup";

    private static final boolean SPAWNS_IN_GROUP =
            Spawn.takesCgroup() && !"gate".equalsIgnoreCase(System.getProperty(PROPERTY));
    private static final int NONE = -1;
    /**
     * With which a spawn in a group may be refused: kernel, system call filter or C library do not support it (ENOSYS,
     * EOPNOTSUPP, EINVAL, EPERM), or the group does not take it (EACCES, EBUSY, ENODEV, EOPNOTSUPP). Some may also be what
     * executing the program failed with.
     */
    private static final Set<Errno> REFUSALS = EnumSet.of(
            Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.EINVAL, Errno.EPERM, Errno.EACCES, Errno.EBUSY, Errno.ENODEV);

    private final LaunchSpec spec;
    private final Cgroup cgroup;
    private int directory = NONE;

    private CgroupPlacement(LaunchSpec spec, Cgroup cgroup) {
        this.spec = spec;
        this.cgroup = cgroup;
    }

    /** Whether a launch in a group starts without a barrier. */
    static boolean spawnsInGroup() {
        return SPAWNS_IN_GROUP;
    }

    /**
     * Makes the group, where the command asks for one; null where it does not.
     *
     * @throws LaunchException with {@link LaunchException.Reason#ATTRIBUTE_REFUSED} if the group cannot be had
     */
    static @Nullable CgroupPlacement open(LaunchSpec spec) {
        Path wanted = spec.cgroup();
        if (wanted == null) {
            return null;
        }
        CgroupPlacement group = new CgroupPlacement(spec, cgroup(spec, wanted));
        try {
            group.check();
            return group;
        } catch (RuntimeException | Error e) {
            group.abandon();
            throw e;
        }
    }

    private static Cgroup cgroup(LaunchSpec spec, Path wanted) {
        try {
            String mount = Cgroup.mount();
            if (mount == null) {
                throw refused(spec, wanted.toString(), "cgroup v2 is not mounted here", null);
            }
            Path root = Path.of(mount);
            Path directory = root.resolve(wanted).normalize();
            if (!directory.startsWith(root)) {
                throw refused(spec, wanted.toString(), "cgroup v2 is mounted at " + mount, null);
            }
            return Cgroup.open(directory.toString());
        } catch (PosixException | UncheckedIOException e) {
            throw refused(spec, wanted.toString(), String.valueOf(e.getMessage()), e);
        }
    }

    private void check() {
        if (cgroup.members().contains(Wait.getpid())) {
            throw refused(spec, cgroup.directory(), "this JVM is in it, and would be stopped with the process", null);
        }
        if (SPAWNS_IN_GROUP) {
            directory = Math.max(NONE, Files.tryOpen(cgroup.directory(), Files.O_RDONLY | Files.O_DIRECTORY, 0));
        }
    }

    Cgroup cgroup() {
        return cgroup;
    }

    /** The open directory of the group that the process is spawned in; -1 where it is to be moved. */
    int directory() {
        return directory;
    }

    /** Whether a process is to be moved here while it waits at a barrier. */
    boolean needsBarrier() {
        return directory == NONE;
    }

    /**
     * Whether a spawn may have failed because of this group. Then it is to be tried behind a barrier, where it is
     * seen which of the two it was: from now on the process is to be moved.
     */
    boolean mayHaveRefused(PosixException failure) {
        Errno errno = Errno.of(failure.errno());
        if (directory == NONE || errno == null || !REFUSALS.contains(errno)) {
            return false;
        }
        closeDirectory();
        return true;
    }

    /**
     * Moves the process here, if it was not spawned here.
     *
     * @throws LaunchException with {@link LaunchException.Reason#ATTRIBUTE_REFUSED} if the group does not take it
     */
    void take(int pid) {
        if (directory != NONE) {
            return;
        }
        try {
            cgroup.add(pid);
        } catch (PosixException e) {
            throw refused(spec, cgroup.directory(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The process is in it. */
    void closeDirectory() {
        if (directory != NONE) {
            Files.close(directory);
            directory = NONE;
        }
    }

    /** Leaves nothing behind of a launch that failed; its process must be gone. */
    void abandon() {
        closeDirectory();
        cgroup.remove();
    }

    private static LaunchException refused(LaunchSpec spec, String directory, String why, @Nullable Throwable cause) {
        return new LaunchException(
                LaunchException.Reason.ATTRIBUTE_REFUSED,
                "cannot start " + spec.program() + " in the control group " + directory + ": " + why,
                cause);
    }
}
