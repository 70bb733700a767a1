package org.processmanager.core;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything that this library throws on its own account. The message names what failed, on what, the values,
 * and the next step where there is one. Subtypes exist where a caller can act differently.
 */
public class ProcessManagerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ProcessManagerException(String message) {
        super(message);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param message what failed, on what, the values, what to do next
     * @param cause what was behind it, or null
     */
    public ProcessManagerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
