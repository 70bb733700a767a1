package org.processmanager.core;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a process did not become {@linkplain Command#ready ready}. The message has the command, what was awaited and for
 * how long, what was seen instead, the exit status if it has exited, and the last lines of its output.
 */
public final class NotReadyException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /** Why it is not ready. */
    public enum Reason {
        /** It exited by itself, or was stopped by another thread. */
        EXITED,
        /** The time was over. */
        TIMED_OUT,
        /** It runs but can no longer become ready: its output, or the descriptor for its report, has reached its end. */
        IMPOSSIBLE
    }

    /** Why the process is not ready. */
    private final Reason reason;

    /** How long the caller waited. */
    private final Duration waited;

    private final transient Optional<ProcessResult> result;

    /**
     * Creates the exception.
     *
     * @param message the command, what was awaited, what was seen instead
     * @param reason why it is not ready
     * @param waited how long the caller waited
     * @param result the result of the process, or empty
     * @param cause the cause, or null
     */
    public NotReadyException(
            String message, Reason reason, Duration waited, Optional<ProcessResult> result, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.waited = waited;
        this.result = result;
    }

    /**
     * Returns why it is not ready.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns how long the caller waited.
     *
     * @return the time
     */
    public Duration waited() {
        return waited;
    }

    /**
     * Returns the result of the process. After {@link Command#startReady()} the process has exited; if it did not by itself,
     * this is how it ended when it was stopped.
     *
     * @return the result; empty if it still runs, or this exception was deserialized
     */
    @SuppressWarnings("OptionalAssignedToNull")
    public Optional<ProcessResult> result() {
        return result == null ? Optional.empty() : result;
    }
}
