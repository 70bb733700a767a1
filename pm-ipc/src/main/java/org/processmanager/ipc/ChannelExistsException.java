package org.processmanager.ipc;

/** The channel exists, and the open mode was to create a new one. */
public final class ChannelExistsException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ChannelExistsException(String message) {
        super(message);
    }
}
