package org.processmanager.ipc.internal;

import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelResourcesException;
import org.processmanager.sync.RegionException;

/** Translates failed system calls into the exceptions of channels. */
public final class SystemFailure {
    private SystemFailure() {}

    /**
     * Returns the exception for a failed system call.
     *
     * @param what the failed operation, as {@code cannot open /dev/shm/jobs}
     */
    public static ChannelException of(String what, PosixException e) {
        String message = what + ": " + Errno.describe(e.errno()) + hint(e);
        return isExhaustion(e) ? new ChannelResourcesException(message, e) : new ChannelException(message, e);
    }

    /** Returns the exception for a region that failed, which has said what and why. */
    public static ChannelException of(String message, RegionException e) {
        return e.reason() == RegionException.Reason.RESOURCES_EXHAUSTED
                ? new ChannelResourcesException(message, e)
                : new ChannelException(message, e);
    }

    private static boolean isExhaustion(PosixException e) {
        return e.is(Errno.EMFILE) || e.is(Errno.ENFILE) || e.is(Errno.ENOMEM);
    }

    private static String hint(PosixException e) {
        if (e.is(Errno.ENOENT)) {
            return "; create its directory first";
        }
        if (e.is(Errno.ENOTDIR)) {
            return "; a part of the path is a file, choose another one";
        }
        if (e.is(Errno.EROFS)) {
            return "; choose a path on another file system";
        }
        if (e.is(Errno.EACCES) || e.is(Errno.EPERM)) {
            return "; check the permissions of the directory and the file";
        }
        return "";
    }
}
