package org.processmanager.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a program cannot be started: nothing runs, and nothing is left behind. Every failed launch throws it, whatever
 * the {@link #reason()} is; {@link Reason#RESOURCES_EXHAUSTED} alone may succeed when it is repeated unchanged.
 */
public final class LaunchException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /** Why a program could not be started. More reasons may be added in later versions. */
    public enum Reason {
        /** There is no such program; the message has the {@code PATH} that was searched. */
        NOT_FOUND,
        /** The file exists but is not a program: no permission, a directory, or a script without {@code #!}. */
        NOT_EXECUTABLE,
        /** The working directory does not exist, is not a directory, or cannot be entered. */
        BAD_DIRECTORY,
        /** Arguments and environment are longer than the kernel allows. */
        ARGUMENTS_TOO_LONG,
        /** A file for a standard stream cannot be opened. */
        BAD_STREAM_FILE,
        /** Descriptors, processes or memory have run out: it may work later. */
        RESOURCES_EXHAUSTED,
        /** A limit is above the hard limit, which this JVM may not raise. */
        LIMIT_REFUSED,
        /** There is no such user, or no such group. */
        UNKNOWN_USER,
        /** This machine, or the rights of this JVM, do not allow a niceness, processor, user, group or control group. */
        ATTRIBUTE_REFUSED,
        /** A program that the launch needs, such as {@code prlimit} or {@code setpriv}, is not installed. */
        TOOL_MISSING,
        /** Another reason, which the message has. */
        OTHER
    }

    /** Why the program could not be started. */
    private final Reason reason;

    /**
     * Creates an exception without a cause.
     *
     * @param reason why the program could not be started
     * @param message what failed, on what, and the next step
     */
    public LaunchException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates an exception.
     *
     * @param reason why the program could not be started
     * @param message what failed, on what, and the next step
     * @param cause the cause, or null
     */
    public LaunchException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Returns why the program could not be started.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
