package org.processmanager.ipc;

/** There is no channel of this name, and opening was not to make one. Somebody else may make it: try later. */
public final class ChannelNotFoundException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public ChannelNotFoundException(String message) {
        super(message);
    }
}
