package org.processmanager.core.internal.posix;

/**
 * Exit status and resource usage of a child.
 *
 * @param exited true if it exited with a code, false if a signal killed it
 * @param value the exit code (0 to 255) or the number of the signal
 * @param coreDumped whether a core was written
 * @param userMicros processor time in user mode, in microseconds
 * @param systemMicros processor time in the kernel, in microseconds
 * @param maxResidentKib the largest resident set, in KiB
 */
public record WaitStatus(
        boolean exited, int value, boolean coreDumped, long userMicros, long systemMicros, long maxResidentKib) {}
