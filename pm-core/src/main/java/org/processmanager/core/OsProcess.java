package org.processmanager.core;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A process of the operating system that can be observed, signalled and stopped: a {@link ManagedProcess}, which a
 * {@link ProcessManager} started, or an {@link AdoptedProcess}, which it watches.
 *
 * <p>Thread-safe. All methods can be called at any time, also after the process has exited; none ever affects another
 * process that has the same pid later. The methods of an {@link AdoptedProcess} whose watch was closed throw
 * {@link IllegalStateException}.
 */
public sealed interface OsProcess permits ManagedProcess, AdoptedProcess {
    /** The state of a process. */
    enum State {
        /** It runs, or waits for something. */
        RUNNING,
        /** A signal or its terminal suspended it; {@link Signal#CONT} resumes it. */
        SUSPENDED,
        /** It has exited; its last output may still be in flight. */
        EXITED
    }

    /**
     * Returns the process id.
     *
     * @return the pid
     */
    long pid();

    /**
     * Returns what the process is doing now.
     *
     * @return the state
     */
    State state();

    /**
     * Returns whether the process has not exited. A suspended process is alive.
     *
     * @return false once it has exited
     */
    boolean isAlive();

    /**
     * Returns a future that completes when the process has exited: with a {@link ProcessResult} for a
     * {@link ManagedProcess}, with an {@link ExitStatus} for an {@link AdoptedProcess}.
     *
     * @return a future of the caller's own: completing or cancelling it affects neither the process nor other callers
     */
    CompletableFuture<?> onExit();

    /**
     * Sends a signal to the process itself, not to its descendants.
     *
     * @param signal the signal; the portable path supports TERM and KILL
     * @return false if the process has exited
     * @throws NotPermittedException if the kernel does not allow it
     * @throws UnsupportedOperationException if the signal needs the native layer, which is missing
     */
    boolean signal(Signal signal);

    /**
     * Stops the process and its descendants, and blocks until they have exited or the bounds of the policy are over.
     * For a {@link ManagedProcess} the policy is its {@linkplain Command#stopPolicy command's}, for an
     * {@link AdoptedProcess} {@link StopPolicy#defaults()}.
     *
     * @return what was done, and which processes survived
     */
    StopReport stop();

    /**
     * Stops the process and its descendants by a policy, and blocks until they have exited or the bounds of the policy are
     * over. Does nothing if the process has exited.
     *
     * @param policy the steps
     * @return what was done, and which processes survived
     * @throws UnsupportedOperationException if the policy has signals that need the native layer, which is missing; nothing
     *     has happened then
     */
    StopReport stop(StopPolicy policy);

    /** Sends {@link Signal#KILL} to the process and its descendants until none is left, within a few seconds. */
    void kill();

    /**
     * Returns the live processes that the process started, directly or indirectly.
     *
     * @return their identities, parents before children; empty once the process has exited
     * @throws ResourcesExhaustedException if the system cannot be asked, for example without a free descriptor
     * @throws ProcessManagerException if {@code /proc} is not mounted, or that of another pid namespace
     */
    List<ProcessIdentity> descendants();

    /**
     * Returns what the process has used so far, including its children that it waited for.
     *
     * @return the usage; empty where the system does not report it
     */
    Optional<ResourceUsage> usage();
}
