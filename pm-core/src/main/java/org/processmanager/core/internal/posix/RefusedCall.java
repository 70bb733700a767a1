package org.processmanager.core.internal.posix;

import org.slf4j.LoggerFactory;

/**
 * A system call that has an older substitute. A filter of system calls, as container runtimes install them, answers a call
 * that it does not know with EPERM, others with ENOSYS; the first such answer is logged, and from then on the substitute is
 * used. Thread-safe.
 */
final class RefusedCall {
    private final String name;
    private final String substitute;
    private volatile boolean refused;

    /** Creates a call that is not known to be refused. */
    RefusedCall(String name, String substitute) {
        this.name = name;
        this.substitute = substitute;
    }

    boolean isRefused() {
        return refused;
    }

    /** Returns whether this errno means that the call is refused, whatever its arguments are. Not for calls that check rights. */
    boolean isRefusedBy(int errno) {
        boolean refusal = Errno.EPERM.is(errno) || Errno.ENOSYS.is(errno);
        if (refusal) {
            refuse(errno);
        }
        return refusal;
    }

    /** Uses the substitute from now on. */
    void refuse(int errno) {
        if (!refused) {
            refused = true;
            LoggerFactory.getLogger(NativeLayer.class)
                    .info("the system call {} is refused ({}): {}", name, Errno.describe(errno), substitute);
        }
    }
}
