package org.processmanager.ipc;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;

/** A message is not what a {@link Codec} expects. The channel itself is sound. */
public final class CodecException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what failed, on what, the values, what to do next
     */
    public CodecException(String message) {
        super(message);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param message what failed, on what, the values, what to do next
     * @param cause what was behind it, or null
     */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
