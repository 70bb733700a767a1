package org.processmanager.core.registry;

import org.processmanager.core.ProcessManagerException;

/** Thrown when a registry has an entry of that name already, whether its process runs or has exited. Nothing was started. */
public final class NameInUseException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the name, what has it, what to do next
     */
    public NameInUseException(String message) {
        super(message);
    }
}
