package org.processmanager.core;

import org.jspecify.annotations.Nullable;

/**
 * Root of the exceptions that are specific to this library. The message has what failed, on what, the values, and the next
 * step where there is one. A subclass exists where a caller can act differently.
 */
public class ProcessManagerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ProcessManagerException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, on what, the values, what to do next
     * @param cause the cause, or null
     */
    public ProcessManagerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
