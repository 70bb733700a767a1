package org.processmanager.core.registry;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;

/** Thrown when the files of a registry cannot be read or written, for example because the disk is full. */
public final class RegistryException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which file, why
     * @param cause the cause, or null
     */
    public RegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
