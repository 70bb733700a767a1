package org.processmanager.ipc;

/**
 * The replier closed its ends or died after the request was sent and before its reply arrived. Whether it handled the request
 * is unknown.
 */
public final class ReplyLostException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, on what, what to do next
     */
    public ReplyLostException(String message) {
        super(message);
    }
}
