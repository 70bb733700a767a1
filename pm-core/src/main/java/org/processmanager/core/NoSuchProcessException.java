package org.processmanager.core;

/** There is no such process, or none any more: its number is free, or another one's by now. */
public final class NoSuchProcessException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * A process that is not there.
     *
     * @param message which, and what is known of it
     */
    public NoSuchProcessException(String message) {
        super(message);
    }
}
