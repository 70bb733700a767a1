package org.processmanager.core;

import org.jspecify.annotations.Nullable;

/** Thrown when the system does not allow the user of this JVM to act on a process, which is unchanged. */
public final class NotPermittedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which action, on which process
     * @param cause the cause, or null
     */
    public NotPermittedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
