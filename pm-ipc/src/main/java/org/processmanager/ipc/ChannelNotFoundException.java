package org.processmanager.ipc;

/** The channel does not exist, and the open mode was not to create it. Another process may create it: retry later. */
public final class ChannelNotFoundException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ChannelNotFoundException(String message) {
        super(message);
    }
}
