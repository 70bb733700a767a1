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
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.tree.Cgroup;

/**
 * The control group of a launch. The process is spawned in it if C library and kernel support that; otherwise it is moved there
 * while it waits at a {@link StartBarrier}, before its program runs.
 */
final class CgroupPlacement {
    /** System property; {@code gate} moves processes to their control groups also where they could be spawned in them. */
    static final String PROPERTY = "org.processmanager.cgroup";

    private static final boolean SPAWNS_IN_GROUP =
            Spawn.takesCgroup() && !"gate".equalsIgnoreCase(System.getProperty(PROPERTY));
    private static final int NONE = -1;
    /**
     * The errors of a spawn in a group: kernel, system call filter or C library do not support it (ENOSYS,
     * EOPNOTSUPP, EINVAL, EPERM), or the group does not take it (EACCES, EBUSY, ENODEV, EOPNOTSUPP). Some are also errors
     * of executing the program.
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

    /** Returns whether a launch in a group starts without a barrier. */
    static boolean spawnsInGroup() {
        return SPAWNS_IN_GROUP;
    }

    /**
     * Opens or creates the group of the command; returns null if it has none.
     *
     * @throws LaunchException with {@link LaunchException.Reason#ATTRIBUTE_REFUSED} if the group cannot be opened or created
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
            Path root = PathText.toPath(mount);
            Path directory = root.resolve(wanted).normalize();
            if (!directory.startsWith(root)) {
                throw refused(spec, wanted.toString(), "cgroup v2 is mounted at " + mount, null);
            }
            return Cgroup.open(PathText.of(directory));
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

    /** Returns the open directory of the group for a spawn in it; -1 if the process must be moved. */
    int directory() {
        return directory;
    }

    /** Returns whether the process must be moved to the group while it waits at a barrier. */
    boolean needsBarrier() {
        return directory == NONE;
    }

    /**
     * Returns whether a spawn may have failed because of this group. If so, processes are moved from now on, and the spawn is
     * tried again behind a barrier, which distinguishes a failure of the group from one of the program.
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
     * Moves the process to the group, unless it was spawned in it.
     *
     * @throws LaunchException with {@link LaunchException.Reason#ATTRIBUTE_REFUSED} if the kernel refuses
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

    /** Marks that the process is in the group. */
    void closeDirectory() {
        if (directory != NONE) {
            Files.close(directory);
            directory = NONE;
        }
    }

    /** Cleans up after a failed launch, whose process must have been reaped. */
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
