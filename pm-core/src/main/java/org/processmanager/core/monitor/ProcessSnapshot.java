package org.processmanager.core.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.processmanager.core.ProcessIdentity;

/**
 * The state of a process at one moment. The process may have exited when it is read.
 *
 * @param identity which process it is: a later one with the same pid has another identity
 * @param parentPid the process id of the parent; 0 if there is none
 * @param name the name of the program, which Linux truncates to 15 characters
 * @param state the state
 * @param user the name of its user, or the user id if it has no name
 * @param cpuPercent the processor time used since its start, in percent of the time since then: 100 is one processor busy
 *     all the time, so a process with several threads may show more
 * @param cpuTime the processor time used since its start; the present load is the difference of two snapshots
 * @param residentBytes resident memory, including memory shared with other processes
 * @param threads the number of threads
 * @param startTime the start time, to about 10 ms, by the system clock as it was set at the first reading; the same in each
 *     snapshot of a process
 * @param kernelThread whether it is a thread of the kernel, which has no program
 * @param commandLine program and arguments, separated by spaces, of which Linux shows what the process has there now; cut
 *     after 128 KiB; empty for kernel threads and where it is not visible
 * @param mainClass what a JVM runs: its main class, the path of its jar file, or module and class as
 *     {@code module/package.Class}, as far as its command line shows it; empty for other programs
 */
public record ProcessSnapshot(
        ProcessIdentity identity,
        long parentPid,
        String name,
        State state,
        String user,
        double cpuPercent,
        Duration cpuTime,
        long residentBytes,
        int threads,
        Instant startTime,
        boolean kernelThread,
        String commandLine,
        Optional<String> mainClass) {
    /** The state of a process. */
    public enum State {
        /** Running or ready to run. */
        RUNNING,
        /** Waiting; a signal can wake it. */
        SLEEPING,
        /** Waiting for a device; a signal cannot wake it. */
        WAITING,
        /** Suspended by a signal or a debugger. */
        SUSPENDED,
        /** Exited, all its threads, and not reaped by its parent yet. */
        ZOMBIE,
        /** Any other state. */
        OTHER
    }

    /**
     * Returns the process id, which another process may have after the exit of this one.
     *
     * @return the pid
     */
    public long pid() {
        return identity.pid();
    }
}
