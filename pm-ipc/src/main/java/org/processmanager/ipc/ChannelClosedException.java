package org.processmanager.ipc;

/**
 * The channel was deleted before it accepted a message, which was not sent.
 * The sender is useless: open the channel again.
 */
public final class ChannelClosedException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ChannelClosedException(String message) {
        super(message);
    }
}
