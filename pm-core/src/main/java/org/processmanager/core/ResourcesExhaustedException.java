package org.processmanager.core;

import org.jspecify.annotations.Nullable;

/**
 * Descriptors or memory of this process have run out, so that nothing could be done or seen: it may work later. What cannot
 * be started for that reason throws {@link LaunchException.ResourcesExhausted}.
 */
public final class ResourcesExhaustedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what could not be done, on what, and what has run out
     * @param cause the cause, or null
     */
    public ResourcesExhaustedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
