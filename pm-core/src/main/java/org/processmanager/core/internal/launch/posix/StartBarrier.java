package org.processmanager.core.internal.launch.posix;

import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;

/**
 * Holds a process until something was done to it before its program runs: until it is in its control group, or its
 * guardian knows of it. The process, a shell yet, reads from a pipe; it
 * continues when this JVM writes to it, and exits when this JVM closes it, or ends: then the program never runs.
 */
final class StartBarrier {
    private static final int NONE = -1;
    /** The shells of this world know descriptors of one digit. */
    private static final int HIGHEST_DESCRIPTOR = 9;

    private final LaunchSpec spec;
    private int childFd = NONE;
    private int parentFd = NONE;

    StartBarrier(LaunchSpec spec) {
        this.spec = spec;
    }

    /** What the shell does; its name in the kernel shows afterwards that it was the shell which exited. */
    static String script(String name, int descriptor) {
        return "{ printf " + name + " >/proc/$$/comm; } 2>/dev/null; read _ <&" + descriptor + " || exit 125; exec "
                + descriptor + "<&-; exec \"$@\"";
    }

    /** Makes the pipe; for each process anew. */
    void open() {
        close();
        int[] pipe = Files.pipe(false);
        childFd = pipe[0];
        parentFd = pipe[1];
    }

    /** The descriptors of the child with its end of the barrier behind the others, if there is a barrier. */
    int[] after(int[] descriptors) {
        if (childFd == NONE) {
            return descriptors;
        }
        if (descriptors.length > HIGHEST_DESCRIPTOR) {
            throw new LaunchException(
                    LaunchException.Reason.ATTRIBUTE_REFUSED,
                    "cannot start " + spec.program() + " behind a barrier with " + descriptors.length
                            + " descriptors: the shell of the barrier knows those up to " + HIGHEST_DESCRIPTOR,
                    null);
        }
        int[] all = java.util.Arrays.copyOf(descriptors, descriptors.length + 1);
        all[descriptors.length] = childFd;
        return all;
    }

    /** Closes what only the child needs. */
    void closeChildEnd() {
        childFd = close(childFd);
    }

    /** A process waits at it: where tests end this JVM. */
    void reached() {
        if (parentFd != NONE) {
            CrashPoint.reach("launch.gate");
        }
    }

    /** Lets the process continue. */
    void pass() {
        if (parentFd == NONE) {
            return;
        }
        byte[] open = {'\n'};
        int written = Files.write(parentFd, open, 1);
        parentFd = close(parentFd);
        if (written < 0) {
            throw new PosixException("write", "to the barrier", -written);
        }
    }

    void close() {
        childFd = close(childFd);
        parentFd = close(parentFd);
    }

    private static int close(int fd) {
        if (fd != NONE) {
            Files.close(fd);
        }
        return NONE;
    }
}
