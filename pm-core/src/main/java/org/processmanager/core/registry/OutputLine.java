package org.processmanager.core.registry;

import java.time.Instant;

/**
 * A line of the output of a detached process.
 *
 * @param time when its first part was read from the program, in milliseconds
 * @param source where the program wrote it
 * @param text the line without its terminator, decoded as UTF-8, with the replacement character for other bytes
 */
public record OutputLine(Instant time, Source source, String text) {
    /** Where a line comes from. */
    public enum Source {
        /** The standard output of the program. */
        STDOUT,
        /** The standard error of the program. */
        STDERR,
        /** The shim, which reports starts, exits and lost output. */
        SHIM
    }
}
