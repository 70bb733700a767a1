package org.processmanager.ipc;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;

/** A {@link Codec} cannot encode an object or decode a message. The channel itself is intact. */
public final class CodecException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public CodecException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, on what, the values, what to do next
     * @param cause the cause, or null
     */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
