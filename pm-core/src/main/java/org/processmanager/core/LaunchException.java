package org.processmanager.core;

import org.jspecify.annotations.Nullable;

/**
 * A program could not be started: nothing runs, and nothing is left behind. The subtypes tell the reasons that a caller
 * can act on; this type itself stands for all others.
 */
public sealed class LaunchException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * A failed start.
     *
     * @param message what failed, on what, and the next step
     * @param cause what was behind it, or null
     */
    public LaunchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** There is no such program; the message contains the {@code PATH} that was searched. */
    public static final class NotFound extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * A missing program.
         *
         * @param message which, and where it was looked up
         */
        public NotFound(String message) {
            super(message, null);
        }
    }

    /** The file is there, but it is no program: no permission, a directory, or a script without {@code #!}. */
    public static final class NotExecutable extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * A file that cannot be run.
         *
         * @param message which, and why
         */
        public NotExecutable(String message) {
            super(message, null);
        }
    }

    /** The working directory is missing, is no directory, or cannot be entered. */
    public static final class BadDirectory extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * A working directory that cannot be used.
         *
         * @param message which, and why
         */
        public BadDirectory(String message) {
            super(message, null);
        }
    }

    /** Arguments and environment are longer than the kernel takes. */
    public static final class ArgumentsTooLong extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * Too many bytes, or one argument that is too long.
         *
         * @param message how long they are, and what to do instead
         */
        public ArgumentsTooLong(String message) {
            super(message, null);
        }
    }

    /** A file that a stream was to be read from or written to cannot be opened. */
    public static final class BadStreamFile extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * A file that cannot be opened.
         *
         * @param message which, for which stream, and why
         * @param cause what was behind it, or null
         */
        public BadStreamFile(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Descriptors, processes or memory have run out: it may work later. */
    public static final class ResourcesExhausted extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * Something has run out.
         *
         * @param message what
         * @param cause what was behind it, or null
         */
        public ResourcesExhausted(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A limit is above the hard limit, and this JVM may not raise that. */
    public static final class LimitRefused extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * A limit that is too high.
         *
         * @param message which, and how far it could go
         */
        public LimitRefused(String message) {
            super(message, null);
        }
    }

    /** There is no such user, or no such group. */
    public static final class UnknownUser extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * A user or group that is missing.
         *
         * @param message which
         */
        public UnknownUser(String message) {
            super(message, null);
        }
    }

    /** This machine, or the rights of this JVM, do not allow a niceness, processor, user, group or control group. */
    public static final class AttributeRefused extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * An attribute that cannot be had.
         *
         * @param message which, and why
         * @param cause what was behind it, or null
         */
        public AttributeRefused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A program that the launch goes through, as {@code prlimit} or {@code setpriv}, is not installed. */
    public static final class ToolMissing extends LaunchException {
        private static final long serialVersionUID = 1L;

        /**
         * A missing tool.
         *
         * @param message which, what it is needed for, and where it was looked for
         */
        public ToolMissing(String message) {
            super(message, null);
        }
    }
}
