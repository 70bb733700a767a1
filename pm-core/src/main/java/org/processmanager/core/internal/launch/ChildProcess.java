package org.processmanager.core.internal.launch;

import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.OsProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.stream.WatchableSink;

/** A started process. Thread-safe; all methods can be called at any time. */
public interface ChildProcess {
    /** Returns the pid, which is not reused before {@link #completion} completes. */
    long pid();

    /** Returns whether it is in the process group of this JVM, to which a terminal sends the same signals. */
    boolean sharesGroup();

    /** Returns the time of the spawn; its end is later by the duration. */
    Instant started();

    /**
     * Completes, never exceptionally, when the process has exited, its streams are settled and their content was delivered.
     * Dependents must not block.
     */
    CompletableFuture<ProcessExit> completion();

    /**
     * Waits for a future that completes after {@link #completion}; for the thread that launched with {@code callerWaits},
     * once.
     *
     * @throws InterruptedException if interrupted; the process and its descendants have then been stopped and reaped
     */
    void awaitOrStop(Future<?> completed) throws InterruptedException;

    /** Returns whether it has exited, though its streams may not be settled. */
    boolean hasExited();

    /** Returns its identity; empty if it was reaped. */
    Optional<ProcessIdentity> identity();

    /** Returns the live descendants; none if the process was reaped. */
    List<ProcessIdentity> descendants();

    /** Returns the resources used so far; empty if the process has exited or they are unknown. */
    Optional<ResourceUsage> usage();

    /** Returns whether the process was reaped. Never blocks. */
    boolean isReleased();

    /** Returns the resources that this JVM still holds for the process, also after its exit. */
    Holdings holdings();

    /** Returns whether it is suspended by a signal. */
    boolean isSuspended();

    /** Sets the public object of this process; called once, right after the launch. */
    void bind(OsProcess process);

    /** Returns the sink of output stream 1 or 2; null where the output does not come through this JVM. */
    @Nullable
    WatchableSink output(int stream);

    /** Returns its standard input; for processes launched with a pipe. */
    OutputStream stdin();

    /** Sends a signal to the process itself; returns false if it has exited. */
    boolean signal(Signal signal);

    /** Stops it and its descendants. Blocks the calling thread within the bounds of the policy. */
    StopReport stop(StopPolicy policy, EndReason reason);

    /** Sends KILL to it and its descendants until none is left, for at most a second. */
    void kill();

    /** Kills it, because another process of its pipeline could not be started, and waits briefly until it is gone. */
    void discard();

    /**
     * Starts to stop it and its descendants by its own policy, without waiting: {@link #completion} then completes within the
     * bounds of the policy, whatever its streams and consumers do.
     */
    void terminate(EndReason reason);

    /** Returns whether the calling thread is inside a consumer of its output. */
    boolean isConsumerThread();
}
