package org.processmanager.core.thread;

import org.processmanager.core.ProcessManagerException;

/**
 * Thrown by a cancellation point once its thread was asked to end. A task lets it pass: catching it and going on is the
 * same as ignoring the request, until the next cancellation point throws it again.
 */
public final class CancelledException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one for a thread.
     *
     * @param thread the name of the thread that was asked to end
     */
    public CancelledException(String thread) {
        super("thread \"" + thread + "\" was asked to end");
    }
}
