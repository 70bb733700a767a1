package org.processmanager.core.internal.launch;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.OsProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;

/** A process that is watched though it is not our child. All methods may be called by any thread at any time. */
public interface WatchedProcess {
    /** Which it is. */
    ProcessIdentity identity();

    /** Done when it has ended; cancelled if it is {@linkplain #release released} before. Hang nothing on it that may block. */
    CompletableFuture<ExitStatus> ended();

    /** Whether a signal halts it. */
    boolean isSuspended();

    /** Sends a signal to the process itself; false if it has ended. */
    boolean signal(Signal signal);

    /** Ends it and its descendants. Blocks the calling thread within the bounds of the policy. */
    StopReport stop(StopPolicy policy, OsProcess process);

    /** What it started, directly or not, and lives. */
    List<ProcessIdentity> descendants();

    /** Returns what it has used so far; empty if it has ended or that is not known. */
    Optional<ResourceUsage> usage();

    /** Stops watching it. Idempotent. */
    void release();

    /** Whether it was {@linkplain #release released}, and not because it has ended. */
    boolean isReleased();

    /**
     * Checks that it is still watched, or was to its end.
     *
     * @throws IllegalStateException if not
     */
    default void checkWatched() {
        if (isReleased()) {
            throw new IllegalStateException("the watch of process " + identity().pid() + " is closed: adopt it again");
        }
    }

    /** Why its status is not known. */
    static ExitStatus unknown(long pid) {
        return new ExitStatus.Unknown(
                "process " + pid + " is not a child of this JVM: the system reports its exit without a status");
    }

    /** Returns the exception for a pid that no process has. */
    static NoSuchProcessException missing(long pid) {
        return new NoSuchProcessException(
                "cannot adopt process " + pid + ": there is no such process, or it has ended");
    }

    /**
     * Checks that a number still means the process that is wanted.
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
