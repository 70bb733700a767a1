package org.processmanager.ipc;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;

/** A channel cannot be opened or used. The subtypes are what a caller can act on. */
public class ChannelException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ChannelException(String message) {
        super(message);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param message what failed, on what, the values, what to do next
     * @param cause what was behind it, or null
     */
    public ChannelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
