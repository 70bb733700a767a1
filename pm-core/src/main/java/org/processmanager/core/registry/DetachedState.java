package org.processmanager.core.registry;

import java.time.Instant;
import java.util.Optional;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessIdentity;

/**
 * What is known of a detached process at one moment.
 *
 * @param phase what it does
 * @param process the process, or the last one if it has exited; empty before the first one runs
 * @param shim the process that is responsible for it: restarts it, keeps its output and records its exit
 * @param started when the process was started; before that, when the entry was created
 * @param ended when it exited; empty unless that was recorded
 * @param restarts how many times it was started again after an exit, since the last {@link DetachedCommand#start() start} or
 *     {@link DetachedProcess#restart() restart} by a caller
 * @param exitStatus the status of the last exit
 * @param message why it failed or is lost; empty otherwise
 */
public record DetachedState(
        Phase phase,
        Optional<ProcessIdentity> process,
        ProcessIdentity shim,
        Instant started,
        Optional<Instant> ended,
        int restarts,
        Optional<ExitStatus> exitStatus,
        String message) {
    /** What a detached process does. */
    public enum Phase {
        /** It is being started, or is not ready yet. */
        STARTING,
        /** It runs and, if it has a readiness check, is ready. */
        RUNNING,
        /** It exited and will be started again after a delay. */
        RESTARTING,
        /** It exited and will not be started again. */
        EXITED,
        /** It could not be started, or did not become ready and was stopped. */
        FAILED,
        /** It runs, but its shim was killed: nothing restarts it, keeps its output or records its exit. It can be stopped. */
        ORPHANED,
        /** It is gone without a record, because its shim was killed too, or the machine was restarted. */
        LOST
    }

    /**
     * Returns whether a process runs, or will run again without being asked.
     *
     * @return false if it is over: {@link Phase#EXITED}, {@link Phase#FAILED} or {@link Phase#LOST}
     */
    public boolean isActive() {
        return phase != Phase.EXITED && phase != Phase.FAILED && phase != Phase.LOST;
    }
}
