package org.processmanager.core.internal.launch;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.tree.Cgroup;

/**
 * Holds a process until something was done to it before its program runs: until it is in its control group, or its
 * guardian knows of it. The process, a shell yet, reads from a pipe; it goes
 * on when this JVM writes to it, and ends when this JVM closes it, or ends: then the program never runs.
 */
final class LaunchGate {
    private static final int NONE = -1;
    /** The shells of this world know descriptors of one digit. */
    private static final int HIGHEST_DESCRIPTOR = 9;

    private final LaunchSpec spec;
    private final @Nullable Cgroup cgroup;
    private int childs = NONE;
    private int ours = NONE;

    private LaunchGate(LaunchSpec spec, @Nullable Cgroup cgroup) {
        this.spec = spec;
        this.cgroup = cgroup;
    }

    /** What the shell does; its name in the kernel tells afterwards that it was the shell which ended. */
    static String script(String name, int descriptor) {
        return "{ printf " + name + " >/proc/$$/comm; } 2>/dev/null; read _ <&" + descriptor + " || exit 125; exec "
                + descriptor + "<&-; exec \"$@\"";
    }

    /**
     * Makes the group, where the command asks for one.
     *
     * @throws LaunchException.AttributeRefused if the group cannot be had
     */
    static LaunchGate open(LaunchSpec spec) {
        Path wanted = spec.attributes().cgroup();
        Cgroup cgroup = wanted == null ? null : cgroup(spec, wanted);
        LaunchGate gate = new LaunchGate(spec, cgroup);
        try {
            if (cgroup != null && cgroup.members().contains(Wait.getpid())) {
                throw refused(spec, cgroup.folder(), "this JVM is in it, and would be stopped with the process", null);
            }
            return gate;
        } catch (RuntimeException | Error e) {
            gate.abandon();
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
            Path folder = root.resolve(wanted).normalize();
            if (!folder.startsWith(root)) {
                throw refused(spec, wanted.toString(), "cgroup v2 is mounted at " + mount, null);
            }
            return Cgroup.open(folder.toString());
        } catch (PosixException | UncheckedIOException e) {
            throw refused(spec, wanted.toString(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Makes the pipe, where the process needs a gate; for each process anew. */
    void shut() {
        if (spec.needsGate()) {
            closeChilds();
            ours = close(ours);
            int[] pipe = Files.pipe(false);
            childs = pipe[0];
            ours = pipe[1];
        }
    }

    /** The group that the process will be in. */
    @Nullable
    Cgroup cgroup() {
        return cgroup;
    }

    /** The descriptors of the child with its end of the gate behind the others. */
    int[] after(int[] descriptors) {
        if (childs == NONE) {
            return descriptors;
        }
        if (descriptors.length > HIGHEST_DESCRIPTOR) {
            throw new LaunchException.AttributeRefused(
                    "cannot start " + spec.program() + " behind a gate with " + descriptors.length
                            + " descriptors: the shell at its gate knows those up to " + HIGHEST_DESCRIPTOR,
                    null);
        }
        int[] all = java.util.Arrays.copyOf(descriptors, descriptors.length + 1);
        all[descriptors.length] = childs;
        return all;
    }

    /** Closes what only the child needs. */
    void closeChilds() {
        childs = close(childs);
    }

    /**
     * Takes the process into its group, and lets it go on.
     *
     * @throws LaunchException.AttributeRefused if the group does not take it
     */
    void pass(int pid) {
        if (ours == NONE) {
            return;
        }
        CrashPoint.reach("launch.gate");
        try {
            if (cgroup != null) {
                cgroup.add(pid);
            }
        } catch (PosixException e) {
            throw refused(spec, Objects.requireNonNull(cgroup).folder(), String.valueOf(e.getMessage()), e);
        }
        byte[] open = {'\n'};
        int written = Files.write(ours, open, 1);
        ours = close(ours);
        if (written < 0) {
            throw new PosixException("write", "to the gate", -written);
        }
    }

    /** Leaves nothing behind of a launch that failed; its process must be gone. */
    void abandon() {
        childs = close(childs);
        ours = close(ours);
        if (cgroup != null) {
            cgroup.remove();
        }
    }

    private static int close(int fd) {
        if (fd != NONE) {
            Files.close(fd);
        }
        return NONE;
    }

    private static LaunchException refused(LaunchSpec spec, String folder, String why, @Nullable Throwable cause) {
        return new LaunchException.AttributeRefused(
                "cannot start " + spec.program() + " in the control group " + folder + ": " + why, cause);
    }
}
