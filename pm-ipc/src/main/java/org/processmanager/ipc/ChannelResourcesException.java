package org.processmanager.ipc;

import org.jspecify.annotations.Nullable;

/**
 * File descriptors or memory of this process or of the system have run out, so that a channel could not be opened or used. The
 * channel itself is intact, and it may work later.
 */
public final class ChannelResourcesException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, on what, and what has run out
     * @param cause the cause, or null
     */
    public ChannelResourcesException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
