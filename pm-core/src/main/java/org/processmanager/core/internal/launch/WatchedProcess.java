package org.processmanager.core.internal.launch;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.OsProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;

/** A process that is watched though it is not our child. All methods may be called by any thread at any time. */
public interface WatchedProcess {
    /** Returns the identity. */
    ProcessIdentity identity();

    /** Completes when the process has exited; cancelled if {@link #release} comes first. Dependents must not block. */
    CompletableFuture<ExitStatus> ended();

    /** Returns whether the process has not exited. */
    boolean isAlive();

    /** Returns whether the process is suspended by a signal. */
    boolean isSuspended();

    /** Sends a signal to the process itself; returns false if it has exited. */
    boolean signal(Signal signal);

    /** Stops the process and its descendants. Blocks the calling thread within the bounds of the policy. */
    StopReport stop(StopPolicy policy, OsProcess process);

    /** Returns the live descendants. */
    List<ProcessIdentity> descendants();

    /** Returns the resources used so far; empty if the process has exited or they are unknown. */
    Optional<ResourceUsage> usage();

    /** Stops watching it. Idempotent. */
    void release();

    /** Returns whether {@link #release} came before the exit. */
    boolean isReleased();

    /**
     * Checks that the process is still watched, or was watched until its exit.
     *
     * @throws IllegalStateException if not
     */
    default void checkWatched() {
        if (isReleased()) {
            throw new IllegalStateException("the watch of process " + identity().pid() + " is closed: adopt it again");
        }
    }

    /** Returns the exit status of a process whose status only its parent gets. */
    static ExitStatus unknown(long pid) {
        return new ExitStatus.Unknown(
                "process " + pid + " is not a child of this JVM: the system reports its exit without a status");
    }

    /** Returns the exception for a process that exists, but whose start time is not known. */
    static ProcessManagerException hidden(long pid) {
        return new ProcessManagerException(
                "cannot adopt process " + pid
                        + ": /proc does not show it, so that a later process of this number could not be distinguished from it");
    }

    /** Returns the exception for a pid that no process has. */
    static NoSuchProcessException missing(long pid) {
        return new NoSuchProcessException(
                "cannot adopt process " + pid + ": there is no such process, or it has ended");
    }

    /**
     * Checks that a pid still belongs to the expected process.
     *
     * @throws NoSuchProcessException if it does not
     */
    static ProcessIdentity check(long pid, Optional<ProcessIdentity> found, Optional<ProcessIdentity> wanted) {
        ProcessIdentity identity = found.orElseThrow(() -> missing(pid));
        if (wanted.isPresent() && !wanted.get().equals(identity)) {
            throw new NoSuchProcessException(
                    "cannot adopt " + wanted.get() + ": it has ended, " + identity + " has its number now");
        }
        return identity;
    }
}
