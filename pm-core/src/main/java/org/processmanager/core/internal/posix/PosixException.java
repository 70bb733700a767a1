package org.processmanager.core.internal.posix;

import org.processmanager.core.ProcessManagerException;

/**
 * A failed system call: which call, on what, with which errno. The layers above translate it into their own types.
 *
 * <p>It extends the root of the public exceptions, so that a failure that no layer translates is still one of this library.
 */
public final class PosixException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** Creates the exception for a failed {@code call} on {@code subject}. */
    public PosixException(String call, String subject, int errno) {
        super(call + " " + subject + " failed: " + Errno.describe(errno));
        this.errno = errno;
    }

    /** Returns the error number. */
    public int errno() {
        return errno;
    }

    /** Returns whether a resource was exhausted that may be available again soon: the call is worth a retry. */
    public boolean isPassing() {
        return is(Errno.EMFILE) || is(Errno.ENFILE) || is(Errno.ENOMEM) || is(Errno.EAGAIN);
    }

    /** Returns whether the call failed with this error. */
    public boolean is(Errno expected) {
        return expected.is(errno);
    }
}
