package org.processmanager.ipc;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;

/** A channel cannot be opened, used or deleted. The subclasses are the cases in which a caller acts differently. */
public class ChannelException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ChannelException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, on what, the values, what to do next
     * @param cause the cause, or null
     */
    public ChannelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
