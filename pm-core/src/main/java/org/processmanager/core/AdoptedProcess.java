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
 * A process that somebody else started: {@link ProcessManager#adopt(long)} watches it, and can end it. It stays the child of
 * its parent, so that how it ended is not known here, only that it did. Closing the manager ends the watch and not the
 * process. Once the watch is closed nothing is told of a process that lives on, and nothing done to it: what would need that
 * throws {@link IllegalStateException}; adopt it again.
 *
 * <p>All methods may be called by any thread at any time, also after the end of the process. None ever reaches another
 * process that has its number later.
 */
public final class AdoptedProcess implements AutoCloseable {
    private final WatchedProcess adopted;

    AdoptedProcess(WatchedProcess adopted) {
        this.adopted = adopted;
    }

    WatchedProcess adopted() {
        return adopted;
    }

    /**
     * Its number, which may be another's after its end.
     *
     * @return the process id
     */
    public long pid() {
        return adopted.identity().pid();
    }

    /**
     * Which process it is.
     *
     * @return the identity, by which it can be adopted again
     */
    public ProcessIdentity identity() {
        return adopted.identity();
    }

    /**
     * What it is doing now.
     *
     * @return the state
     * @throws IllegalStateException if the watch was closed before its end
     * @throws ResourcesExhaustedException if it could not be looked, as without a free descriptor
     */
    public ManagedProcess.State state() {
        adopted.checkWatched();
        if (adopted.ended().isDone() || !adopted.identity().isAlive()) {
            return ManagedProcess.State.EXITED;
        }
        return adopted.isHalted() ? ManagedProcess.State.SUSPENDED : ManagedProcess.State.RUNNING;
    }

    /**
     * Done when the process has ended, told by the kernel at once; on the portable path the JDK looks for it every now and
     * then. Cancelled when the watch is {@linkplain #close closed} before. Completed by a thread that may be blocked.
     *
     * @return a future of the caller's own, of an {@link ExitStatus.Unknown}
     */
    public CompletableFuture<ExitStatus> onExit() {
        return adopted.ended().thenApplyAsync(Function.identity(), Threads.WORKERS);
    }

    /**
     * Waits until the process has ended.
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
     * Waits, at most for a time, until the process has ended.
     *
     * @param timeout the longest wait; zero and less look only
     * @return an {@link ExitStatus.Unknown}, or empty if the time was over
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
     * @param signal which; the portable path knows TERM and KILL
     * @return false if it has ended
     * @throws IllegalStateException if the watch was closed before its end
     * @throws NotPermittedException if the kernel does not allow it
     * @throws UnsupportedOperationException if signals other than TERM and KILL need the native layer, which is missing
     */
    public boolean signal(Signal signal) {
        return adopted.signal(Objects.requireNonNull(signal, "signal"));
    }

    /**
     * Ends the process and its descendants by {@link StopPolicy#defaults()}; it has no standard input to be closed.
     *
     * @return what it came to
     * @throws IllegalStateException if the watch was closed before its end
     */
    public StopReport stop() {
        return stop(StopPolicy.defaults());
    }

    /**
     * Ends the process and its descendants, and waits for that within the bounds of the policy. Does nothing if the process
     * has ended. This JVM is never among those that are ended.
     *
     * @param policy how
     * @return who was signalled, what helped, who survived
     * @throws IllegalStateException if the watch was closed before its end
     * @throws UnsupportedOperationException if the policy has signals other than TERM and KILL, which need the native
     *     layer, and that is missing; nothing has happened then
     */
    public StopReport stop(StopPolicy policy) {
        return adopted.stop(Objects.requireNonNull(policy, "policy"));
    }

    /**
     * Sends {@link Signal#KILL} to the process and its descendants until none is left, for at most five seconds.
     *
     * @throws IllegalStateException if the watch was closed before its end
     */
    public void kill() {
        stop(StopPolicy.immediateKill());
    }

    /**
     * What the process started, directly or not, and lives.
     *
     * @return their identities, parents before their children
     * @throws IllegalStateException if the watch was closed before its end
     * @throws ResourcesExhaustedException if it could not be looked, as without a free descriptor
     */
    public List<ProcessIdentity> descendants() {
        return adopted.descendants();
    }

    /**
     * What the process has used so far.
     *
     * @return the usage; empty if it has ended, or where the system does not tell
     * @throws IllegalStateException if the watch was closed before its end
     */
    public Optional<ResourceUsage> usage() {
        return adopted.usage();
    }

    /** Watches the process no more, which lives on. Closing it again does nothing. */
    @Override
    public void close() {
        adopted.release();
    }

    /** Its number and state. */
    @Override
    public String toString() {
        return "process " + pid() + " " + (adopted.isReleased() ? "(the watch is closed)" : state());
    }
}
