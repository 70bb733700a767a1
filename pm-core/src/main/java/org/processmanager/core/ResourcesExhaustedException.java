package org.processmanager.core;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when descriptors or memory of this process have run out, so that nothing could be done or observed: it may work
 * later. A failed launch always throws {@link LaunchException}, for this cause with
 * {@link LaunchException.Reason#RESOURCES_EXHAUSTED}.
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
