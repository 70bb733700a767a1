package org.processmanager.ipc;

import org.processmanager.core.ProcessManagerException;

/** The handler of the replier threw an exception for this request. The channels and the replier are intact. */
public final class RequestFailedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /** What the replier reported. */
    private final String reason;

    /**
     * Creates an exception.
     *
     * @param message what failed, on what channel
     * @param reason the text that the replier sent
     */
    public RequestFailedException(String message, String reason) {
        super(message);
        this.reason = reason;
    }

    /**
     * Returns the text that the replier sent.
     *
     * @return of a {@link Replier} the class and the message of the exception, as {@link Throwable#toString}
     */
    public String reason() {
        return reason;
    }
}
