package org.processmanager.ipc;

/** A channel of this name exists, and opening was to make a new one. */
public final class ChannelExistsException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ChannelExistsException(String message) {
        super(message);
    }
}
