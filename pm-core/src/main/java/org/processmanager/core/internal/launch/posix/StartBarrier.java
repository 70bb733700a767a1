package org.processmanager.core.internal.launch.posix;

import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;

/**
 * Holds a process until something was done to it before its program runs: until it is in its control group, or its
 * guardian knows of it. The process, a shell yet, reads from a pipe; it goes
 * on when this JVM writes to it, and ends when this JVM closes it, or ends: then the program never runs.
 */
final class StartBarrier {
    private static final int NONE = -1;
    /** The shells of this world know descriptors of one digit. */
    private static final int HIGHEST_DESCRIPTOR = 9;

    private final LaunchSpec spec;
    private int childs = NONE;
    private int ours = NONE;

    StartBarrier(LaunchSpec spec) {
        this.spec = spec;
    }

    /** What the shell does; its name in the kernel tells afterwards that it was the shell which ended. */
    static String script(String name, int descriptor) {
        return "{ printf " + name + " >/proc/$$/comm; } 2>/dev/null; read _ <&" + descriptor + " || exit 125; exec "
                + descriptor + "<&-; exec \"$@\"";
    }

    /** Makes the pipe; for each process anew. */
    void shut() {
        close();
        int[] pipe = Files.pipe(false);
        childs = pipe[0];
        ours = pipe[1];
    }

    /** The descriptors of the child with its end of the gate behind the others, if there is a gate. */
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

    /** A process waits at it: where tests end this JVM. */
    void reached() {
        if (ours != NONE) {
            CrashPoint.reach("launch.gate");
        }
    }

    /** Lets the process go on. */
    void pass() {
        if (ours == NONE) {
            return;
        }
        byte[] open = {'\n'};
        int written = Files.write(ours, open, 1);
        ours = close(ours);
        if (written < 0) {
            throw new PosixException("write", "to the gate", -written);
        }
    }

    void close() {
        childs = close(childs);
        ours = close(ours);
    }

    private static int close(int fd) {
        if (fd != NONE) {
            Files.close(fd);
        }
        return NONE;
    }
}
