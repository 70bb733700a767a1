package org.processmanager.core.monitor;

import java.time.Instant;

/**
 * What a process was at one moment; by the time it is read it may have ended.
 *
 * @param pid its number
 * @param parentPid the number of its parent; 0 if it has none
 * @param name the program's name, which Linux cuts to 15 characters
 * @param state what it was doing
 * @param user whose it is, by name, or by number where there is none
 * @param cpuPercent processor time that it used since its start, in percent of the time since then: 100 is one processor
 *     busy all along. The load of this moment takes two looks
 * @param residentBytes memory that it has in RAM, with what it shares with others
 * @param threads how many threads it has
 * @param startTime when it started, to about a hundredth of a second
 * @param commandLine program and arguments, separated by spaces; empty for threads of the kernel, and where it may not be
 *     seen
 */
public record ProcessSnapshot(
        long pid,
        long parentPid,
        String name,
        State state,
        String user,
        double cpuPercent,
        long residentBytes,
        int threads,
        Instant startTime,
        String commandLine) {
    /** What a process does. */
    public enum State {
        /** On a processor, or ready for one. */
        RUNNING,
        /** Waits for something, and can be woken by a signal. */
        SLEEPING,
        /** Waits for a device, and cannot be woken. */
        WAITING,
        /** Halted by a signal or a debugger. */
        SUSPENDED,
        /** Has ended, and nobody has asked how. */
        ZOMBIE,
        /** Anything else. */
        OTHER
    }
}
