package org.processmanager.core.internal.posix;

/**
 * How a child ended, and what it used.
 *
 * @param exited true for an exit with a code, false for an end by a signal
 * @param value the exit code (0 to 255) or the signal's number
 * @param coreDumped whether a core was written
 * @param userMicros processor time in user mode
 * @param systemMicros processor time in the kernel
 * @param maxResidentKib the largest resident set, in KiB
 */
public record WaitStatus(
        boolean exited, int value, boolean coreDumped, long userMicros, long systemMicros, long maxResidentKib) {}
