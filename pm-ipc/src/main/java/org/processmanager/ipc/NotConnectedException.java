package org.processmanager.ipc;

/** The receiver went away while a {@link MessageSender#claim claim} waited for room. */
public final class NotConnectedException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public NotConnectedException(String message) {
        super(message);
    }
}
