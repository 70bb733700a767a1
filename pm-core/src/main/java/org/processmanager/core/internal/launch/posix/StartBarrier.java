package org.processmanager.core.internal.launch.posix;

import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;

/**
 * Delays a process before its program runs, until it is in its control group or registered with the guardian. The
 * process, at this point a shell, reads from a pipe. It
 * continues when this JVM writes to the pipe, and exits without running the program when this JVM closes it or terminates.
 */
final class StartBarrier {
    private static final int NONE = -1;
    /** Shells support descriptors of one digit only. */
    private static final int HIGHEST_DESCRIPTOR = 9;

    private final LaunchSpec spec;
    private int childFd = NONE;
    private int parentFd = NONE;

    StartBarrier(LaunchSpec spec) {
        this.spec = spec;
    }

    /** Returns the part of the shell's script that waits at the barrier. */
    static String script(int descriptor) {
        return "read _ <&" + descriptor + " || exit 125; exec " + descriptor + "<&-; ";
    }

    /** Creates the pipe, anew for each process. */
    void open() {
        close();
        int[] pipe = Files.pipe(false);
        childFd = pipe[0];
        parentFd = pipe[1];
    }

    /** Returns the descriptors of the child, followed by its end of the barrier if there is one. */
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

    void closeChildEnd() {
        childFd = close(childFd);
    }

    /** Marks the crash point at which a process waits at the barrier. */
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
