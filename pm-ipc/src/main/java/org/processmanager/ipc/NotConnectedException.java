package org.processmanager.ipc;

/**
 * The receiver closed or died before the channel accepted a message, which was not sent.
 * Sending again waits for the next receiver.
 */
public final class NotConnectedException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public NotConnectedException(String message) {
        super(message);
    }
}
