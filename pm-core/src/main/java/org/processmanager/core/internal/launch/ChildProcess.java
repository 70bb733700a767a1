package org.processmanager.core.internal.launch;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.stream.WatchableSink;

/** A started process. All methods may be called by any thread at any time. */
public interface ChildProcess {
    /** Its number, which is its own at least until {@link #ended} is done. */
    long pid();

    /**
     * Done when the process has ended, its streams are settled and what they brought was delivered. Complete it nowhere
     * else; hang nothing on it that may block.
     */
    CompletableFuture<ProcessExit> ended();

    /**
     * Waits for {@link #ended}.
     *
     * @throws InterruptedException if interrupted; the process goes on
     */
    default ProcessExit await() throws InterruptedException {
        return ExitWaiting.join(ended());
    }

    /**
     * Waits for {@link #ended}; for the thread that launched it with {@code callerWaits}, once.
     *
     * @throws InterruptedException if interrupted; it has then been stopped with all its descendants and reaped
     */
    ProcessExit awaitOrStop() throws InterruptedException;

    /** Whether it has exited, though its streams may not be settled. */
    boolean hasExited();

    /** Which process it is; empty if it was reaped. */
    Optional<ProcessIdentity> identity();

    /** What it started, directly or not, and lives; nothing if it was reaped. */
    List<ProcessIdentity> descendants();

    /** What it has used so far; empty if it has ended or that cannot be told. */
    Optional<ResourceUsage> usage();

    /** Whether the system knows of it no more. Never waits. */
    boolean isReleased();

    /** What is still held for it; also after its end. */
    Holdings holdings();

    /** Whether a signal halts it. */
    boolean isSuspended();

    /** Returns the sink of output stream 1 or 2; null where the output does not come through this JVM. */
    @Nullable
    WatchableSink output(int stream);

    /** Its standard input; for those launched with a pipe. */
    OutputStream stdin();

    /** Sends a signal to the process itself; false if it has ended. */
    boolean signal(Signal signal);

    /** Ends it and its descendants. Blocks the calling thread within the bounds of the policy. */
    StopReport stop(StopPolicy policy, EndReason endReason);

    /** Sends KILL to it and its descendants until none is left; at most one second. */
    void kill();

    /** Kills it, since another one that belongs to it could not be started, and waits a moment until it is gone. */
    default void discard() {
        kill();
        try {
            ended().get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // it is gone, if it can be: somebody holds its streams
        }
    }

    /**
     * Ends it and its descendants by its own policy, without waiting: {@link #ended} is then done within the bounds of that,
     * whatever becomes of it.
     */
    void endBecause(EndReason why);

    /** Whether the calling thread is inside a consumer of this child's output. */
    boolean isConsumerThread();
}
