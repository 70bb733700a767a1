package org.processmanager.core;

import org.jspecify.annotations.Nullable;

/** The system does not allow this JVM's user to do that to a process. Nothing has happened to it. */
public final class NotPermittedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Something that is not allowed.
     *
     * @param message what, on which process
     * @param cause what was behind it, or null
     */
    public NotPermittedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
