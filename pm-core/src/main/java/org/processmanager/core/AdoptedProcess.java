package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.processmanager.core.internal.launch.WatchedProcess;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;

/**
 * A process that was not started by this JVM, which {@link ProcessManager#adopt(long)} watches and can stop. It stays the
 * child of its parent, so its exit status is not known here, only that it exited. Closing the manager ends the watch and not
 * the process. Once the watch is closed, methods that need it throw {@link IllegalStateException} unless the process had
 * exited before; adopt it again.
 *
 * <p>Thread-safe; all methods can be called at any time, also after the exit of the process. None ever affects another
 * process that has the same pid later.
 */
public final class AdoptedProcess implements OsProcess, AutoCloseable {
    private final WatchedProcess adopted;

    AdoptedProcess(WatchedProcess adopted) {
        this.adopted = adopted;
    }

    WatchedProcess adopted() {
        return adopted;
    }

    /**
     * Returns the process id, which another process may have after the exit of this one.
     *
     * @return the pid
     */
    @Override
    public long pid() {
        return adopted.identity().pid();
    }

    /**
     * Returns the identity of the process.
     *
     * @return the identity, by which it can be adopted again
     */
    public ProcessIdentity identity() {
        return adopted.identity();
    }

    /**
     * Returns what the process is doing now.
     *
     * @return the state
     * @throws IllegalStateException if the watch was closed before the exit
     * @throws ResourcesExhaustedException if the native layer is missing and no descriptor is free
     */
    @Override
    public State state() {
        if (!isAlive()) {
            return State.EXITED;
        }
        return adopted.isSuspended() ? State.SUSPENDED : State.RUNNING;
    }

    /**
     * Returns whether the process has not exited. A suspended process is alive.
     *
     * @return false once it has exited
     * @throws IllegalStateException if the watch was closed before the exit
     * @throws ResourcesExhaustedException if the native layer is missing and no descriptor is free
     */
    @Override
    public boolean isAlive() {
        return adopted.isAlive();
    }

    /**
     * Returns a future that completes when the process has exited. The kernel notifies at once; on the portable path the JDK
     * polls. The future is cancelled when the watch is {@linkplain #close closed} before. Dependent stages run on a thread
     * that may block.
     *
     * @return a future of the caller's own, of an {@link ExitStatus.Unknown}
     */
    @Override
    public CompletableFuture<ExitStatus> onExit() {
        return adopted.ended().thenApplyAsync(Function.identity(), Threads.WORKERS_OR_CALLER);
    }

    /**
     * Blocks until the process has exited.
     *
     * @return an {@link ExitStatus.Unknown}
     * @throws InterruptedException if interrupted
     * @throws CancellationException if the watch is closed before
     */
    public ExitStatus await() throws InterruptedException {
        try {
            return adopted.ended().get();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    /**
     * Blocks until the process has exited or the timeout is over.
     *
     * @param timeout the longest wait; zero or less only checks
     * @return an {@link ExitStatus.Unknown}, or empty if the timeout was over first
     * @throws InterruptedException if interrupted
     * @throws CancellationException if the watch is closed before
     */
    public Optional<ExitStatus> await(Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        try {
            return Optional.of(adopted.ended().get(Nanos.of(timeout), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    /**
     * Sends a signal to the process itself, not to its descendants.
     *
     * @param signal the signal; the portable path supports TERM and KILL
     * @return false if the process has exited
     * @throws IllegalStateException if the watch was closed before the exit
     * @throws NotPermittedException if the kernel does not allow it
     * @throws UnsupportedOperationException if the signal needs the native layer, which is missing
     */
    @Override
    public boolean signal(Signal signal) {
        return adopted.signal(Objects.requireNonNull(signal, "signal"));
    }

    /**
     * Stops the process and its descendants by {@link StopPolicy#defaults()}, whose first step is skipped: there is no
     * standard input to close.
     *
     * @return what was done, and which processes survived
     * @throws IllegalStateException if the watch was closed before the exit
     */
    @Override
    public StopReport stop() {
        return stop(StopPolicy.defaults());
    }

    /**
     * Stops the process and its descendants, and blocks until they have exited or the bounds of the policy are over. Does
     * nothing if the process has exited. This JVM is never among the processes that are stopped.
     *
     * @param policy the steps
     * @return which processes were signalled, which step took effect, which processes survived
     * @throws IllegalStateException if the watch was closed before the exit
     * @throws UnsupportedOperationException if the policy has signals other than TERM and KILL, which need the native
     *     layer, and that is missing; nothing has happened then
     */
    @Override
    public StopReport stop(StopPolicy policy) {
        return adopted.stop(Objects.requireNonNull(policy, "policy"), this);
    }

    /**
     * Sends {@link Signal#KILL} to the process and its descendants until none is left, for at most five seconds.
     *
     * @throws IllegalStateException if the watch was closed before the exit
     */
    @Override
    public void kill() {
        stop(StopPolicy.immediateKill());
    }

    /**
     * Returns the live processes that the process started, directly or indirectly.
     *
     * @return their identities, parents before children
     * @throws IllegalStateException if the watch was closed before the exit
     * @throws ResourcesExhaustedException if the system cannot be asked, for example without a free descriptor
     * @throws ProcessManagerException if {@code /proc} is not mounted, or that of another pid namespace
     */
    @Override
    public List<ProcessIdentity> descendants() {
        return adopted.descendants();
    }

    /**
     * Returns what the process has used so far.
     *
     * @return the usage; empty once the process has exited, or where the system does not report it
     * @throws IllegalStateException if the watch was closed before the exit
     */
    @Override
    public Optional<ResourceUsage> usage() {
        return adopted.usage();
    }

    /** Ends the watch; the process continues. Idempotent. */
    @Override
    public void close() {
        adopted.release();
    }

    /** Returns pid and state. */
    @Override
    public String toString() {
        return "process " + pid() + " " + (adopted.isReleased() ? "(the watch is closed)" : state());
    }
}
