package org.processmanager.core;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Uninterruptibles;

/** A started process. All methods may be called by any thread at any time, also after its end. */
public final class ManagedProcess {
    /** What a process is doing. */
    public enum State {
        /** It runs, or waits for something. */
        RUNNING,
        /** A signal or its terminal halted it; {@link Signal#CONT} lets it go on. */
        SUSPENDED,
        /** It has ended; its last output may still be on its way. */
        EXITED
    }

    private static final long MANAGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Command command;
    private final ChildProcess child;
    /** Its end, once its manager has seen to that: so whoever has waited finds listeners, hooks and lists as they should be. */
    private final CompletableFuture<ProcessExit> over = new CompletableFuture<>();

    private final CompletableFuture<ProcessResult> result = over.thenApply(this::toResult);
    private volatile Optional<ProcessIdentity> identity = Optional.empty();

    ManagedProcess(Command command, ChildProcess child) {
        this.command = command;
        this.child = child;
    }

    ChildProcess child() {
        return child;
    }

    /** For the manager to complete, when it has seen to the end. */
    CompletableFuture<ProcessExit> over() {
        return over;
    }

    /** As {@link #await()}, for the thread that launched it; if that is interrupted, it is stopped. */
    ProcessResult awaitOrStop() throws InterruptedException {
        try {
            child.awaitOrStop();
        } catch (InterruptedException e) {
            awaitManager();
            throw e;
        }
        return toResult(over.join());
    }

    /** Once it has ended, waits a moment until its manager has seen to that. An interrupt is kept for later. */
    private void awaitManager() {
        if (!child.ended().isDone()) {
            return;
        }
        try {
            Uninterruptibles.get(over, MANAGER_NANOS);
        } catch (ExecutionException | TimeoutException e) {
            // the process has ended all the same
        }
    }

    private ProcessResult toResult(ProcessExit end) {
        return new ProcessResult(command, child.pid(), end);
    }

    /**
     * Its number, which no other process has at least until {@link #onExit} is done.
     *
     * @return the process id
     */
    public long pid() {
        return child.pid();
    }

    /**
     * Which process it is, for those who want to know it after this JVM's end: it can be
     * {@linkplain ProcessManager#adopt(ProcessIdentity) adopted} then.
     *
     * @return the identity; empty if it had ended before it was first asked for
     * @throws ResourcesExhaustedException if it could not be looked, as without a free descriptor
     */
    public Optional<ProcessIdentity> identity() {
        Optional<ProcessIdentity> known = identity;
        if (known.isEmpty()) {
            known = child.identity();
            identity = known;
        }
        return known;
    }

    /**
     * What the process started, directly or not, and lives: all that {@link #stop()} would end with it.
     *
     * @return their identities, parents before their children; nothing once the process has ended
     * @throws ResourcesExhaustedException if it could not be looked, as without a free descriptor
     */
    public List<ProcessIdentity> descendants() {
        return child.descendants();
    }

    /**
     * What the process has used, with those of its children that it waited for: until now, or altogether when it has ended.
     *
     * @return the usage; empty where the system does not tell, and for a moment around its end
     */
    public Optional<ResourceUsage> usage() {
        return child.ended().isDone() ? child.ended().join().usage() : child.usage();
    }

    /**
     * The name for people.
     *
     * @return the command's name
     */
    public String name() {
        return command.name();
    }

    /**
     * What was started.
     *
     * @return the command
     */
    public Command command() {
        return command;
    }

    /**
     * What it is doing now.
     *
     * @return the state
     */
    public State state() {
        if (child.hasExited()) {
            return State.EXITED;
        }
        return child.isHalted() ? State.SUSPENDED : State.RUNNING;
    }

    /**
     * Done when the process has ended and the last of its output was delivered. Completed by a thread that may be blocked. The
     * process's own consumers of output may ask for it and hang something on it, but must not wait for it, as by {@code join()}
     * or {@code get()}: it is not done before they have returned, so they would wait for themselves, until a timeout ends the
     * process or for ever. {@link #await()} refuses that.
     *
     * @return a future of the caller's own: completing or cancelling it changes nothing for others or the process
     */
    public CompletableFuture<ProcessResult> onExit() {
        return result.thenApplyAsync(Function.identity(), Threads.WORKERS);
    }

    /**
     * Waits until the process has ended and the last of its output was delivered.
     *
     * @return the result, whatever it is: {@link Command#acceptExitCodes} is for {@link Command#run()}
     * @throws InterruptedException if interrupted; the process goes on
     * @throws IllegalStateException if called by the process's own consumer, whose end it would wait for
     */
    public ProcessResult await() throws InterruptedException {
        checkNotInConsumer();
        child.await();
        return toResult(over.join());
    }

    /**
     * Waits, at most for a time, until the process has ended and the last of its output was delivered.
     *
     * @param timeout the longest wait; zero and less look only
     * @return the result, or empty if the time was over
     * @throws InterruptedException if interrupted; the process goes on
     * @throws IllegalStateException if called by the process's own consumer, whose end it would wait for
     */
    public Optional<ProcessResult> await(Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        checkNotInConsumer();
        try {
            return Optional.of(toResult(over.get(Nanos.of(timeout), TimeUnit.NANOSECONDS)));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot fail", e);
        }
    }

    /**
     * The program's standard input, unbuffered: what is written is with the program at once, or waits until it reads.
     * Writing fails with an {@link java.io.IOException} when the program reads no more, has ended, or is being stopped;
     * closing never blocks. For any thread, one at a time.
     *
     * @return the stream, always the same
     * @throws IllegalStateException unless it was started with {@link Input#pipe()}
     */
    public OutputStream stdin() {
        return child.stdin();
    }

    /**
     * Sends a signal to the process itself, not to its descendants.
     *
     * @param signal which; the portable path knows TERM and KILL
     * @return false if it has ended; no other process is ever hit
     * @throws NotPermittedException if the kernel does not allow it, as of a program that has become another user's
     * @throws UnsupportedOperationException if signals other than TERM and KILL need the native layer, which is missing
     */
    public boolean signal(Signal signal) {
        return child.signal(Objects.requireNonNull(signal, "signal"));
    }

    /**
     * Ends the process and its descendants by the command's {@linkplain Command#stopPolicy policy}.
     *
     * @return what it came to
     */
    public StopReport stop() {
        return stop(command.stopPolicy());
    }

    /**
     * Ends the process and its descendants, and waits for that within the bounds of the policy. Descendants are all that
     * can be traced to it by parent, session or group; one that made a session of its own and whose parent has ended is out
     * of reach. Does nothing if the process has ended. If the calling thread is interrupted meanwhile, the last step
     * follows at once and the thread stays interrupted.
     *
     * @param policy how
     * @return who was signalled, what helped, who survived
     * @throws UnsupportedOperationException if the policy has signals other than TERM and KILL, which need the native
     *     layer, and that is missing; nothing has happened then
     */
    public StopReport stop(StopPolicy policy) {
        StopReport report = child.stop(Objects.requireNonNull(policy, "policy"), EndReason.TERMINATED);
        awaitManager();
        return report;
    }

    /** Sends {@link Signal#KILL} to the process and its descendants until none is left, for at most a second. */
    public void kill() {
        child.kill();
    }

    /** Name, number and state. */
    @Override
    public String toString() {
        return name() + " [" + pid() + "] " + state();
    }

    private void checkNotInConsumer() {
        if (child.isConsumerThread()) {
            throw new IllegalStateException("a consumer of " + name() + " waits for its own end");
        }
    }
}
