package org.processmanager.core;

/** Thrown when a process does not exist or no longer exists: its pid is free, or another process has it. */
public final class NoSuchProcessException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which process, and what is known about it
     */
    public NoSuchProcessException(String message) {
        super(message);
    }
}
