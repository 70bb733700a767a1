package org.processmanager.core.internal.posix;

import org.processmanager.core.ProcessManagerException;

/** A system call that failed: which, on what, and with which errno. The layers above turn it into their own types. */
public final class PosixException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** A failed {@code call} on {@code subject}. */
    public PosixException(String call, String subject, int errno) {
        super(call + " " + subject + " failed: " + Errno.describe(errno));
        this.errno = errno;
    }

    /** The error number. */
    public int errno() {
        return errno;
    }

    /** Whether it failed with this error. */
    public boolean is(Errno expected) {
        return expected.is(errno);
    }
}
