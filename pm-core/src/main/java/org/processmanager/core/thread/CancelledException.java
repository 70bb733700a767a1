package org.processmanager.core.thread;

import org.processmanager.core.ProcessManagerException;

/**
 * Thrown by a cancellation point of a cancelled thread. A task should let it propagate: a task that catches it and
 * continues ignores the request until the next cancellation point throws again.
 */
public final class CancelledException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param thread the name of the cancelled thread
     */
    public CancelledException(String thread) {
        super("thread \"" + thread + "\" was cancelled");
    }
}
