package org.processmanager.core;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.ready.ReadyPipe;
import org.processmanager.core.internal.stream.LineSearch;
import org.processmanager.core.internal.stream.WatchableSink;
import org.processmanager.core.internal.util.ExitCaller;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Uninterruptibles;

/** A process that a {@link ProcessManager} started. Thread-safe; all methods can be called at any time, also after its exit. */
public final class ManagedProcess implements OsProcess {
    private static final long MANAGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Command command;
    private final ChildProcess child;
    /** Completes after the manager's bookkeeping: a thread that has waited finds listeners, hooks and lists up to date. */
    private final CompletableFuture<ProcessResult> completion = new CompletableFuture<>();

    private volatile Optional<ProcessIdentity> identity = Optional.empty();
    private volatile @Nullable ReadyPipe readyPipe;

    ManagedProcess(Command command, ChildProcess child) {
        this.command = command;
        this.child = child;
        child.bind(this);
    }

    ChildProcess child() {
        return child;
    }

    @Nullable
    ReadyPipe readyPipe() {
        return readyPipe;
    }

    /** Takes the pipe by which the process reports that it is ready, and closes it at the exit at the latest. */
    void readyPipe(ReadyPipe pipe) {
        readyPipe = pipe;
        completion.thenRun(pipe::close);
    }

    CompletableFuture<ProcessResult> completion() {
        return completion;
    }

    /** Completes the process; called by its manager after the bookkeeping. Waiting threads are unparked by this call. */
    void complete(ProcessExit exit) {
        completion.complete(new ProcessResult(command, child.pid(), exit));
    }

    /** Blocks like {@link #await()}, for the launching thread; an interrupt stops the process. */
    ProcessResult awaitOrStop() throws InterruptedException {
        try {
            child.awaitOrStop(completion);
        } catch (InterruptedException e) {
            awaitManager();
            throw e;
        }
        return completion.join();
    }

    /** Once the process has exited, waits a moment for the manager's bookkeeping. The interrupt status is preserved. */
    private void awaitManager() {
        if (!child.completion().isDone()) {
            return;
        }
        try {
            Uninterruptibles.get(completion, ExitCaller.patience(MANAGER_NANOS));
        } catch (ExecutionException | TimeoutException e) {
            // the process has ended all the same
        }
    }

    /**
     * Returns the process id, which no other process has at least until {@link #onExit} completes.
     *
     * @return the pid
     */
    @Override
    public long pid() {
        return child.pid();
    }

    /**
     * Returns the identity of the process, by which it can be {@linkplain ProcessManager#adopt(ProcessIdentity) adopted}
     * after this JVM has terminated.
     *
     * @return the identity; empty if the process had exited before the first call
     * @throws ResourcesExhaustedException if the system cannot be asked, for example without a free descriptor
     * @throws ProcessManagerException if {@code /proc} is not mounted, or that of another pid namespace
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
     * Returns the live processes that the process started, directly or indirectly: all that {@link #stop()} would end with
     * it.
     *
     * @return their identities, parents before children; empty once the process has exited
     * @throws ResourcesExhaustedException if the system cannot be asked, for example without a free descriptor
     * @throws ProcessManagerException if {@code /proc} is not mounted, or that of another pid namespace
     */
    @Override
    public List<ProcessIdentity> descendants() {
        return child.descendants();
    }

    /**
     * Returns what the process has used, including its children that it waited for: until now, or in total once it has
     * exited.
     *
     * @return the usage; empty where the system does not report it, and for a moment around the exit
     */
    @Override
    public Optional<ResourceUsage> usage() {
        return child.completion().isDone() ? child.completion().join().usage() : child.usage();
    }

    /**
     * Returns the display name.
     *
     * @return the command's name
     */
    public String name() {
        return command.name();
    }

    /**
     * Returns the command that was started.
     *
     * @return the command
     */
    public Command command() {
        return command;
    }

    /**
     * Returns what the process is doing now.
     *
     * @return the state
     */
    @Override
    public State state() {
        if (child.hasExited()) {
            return State.EXITED;
        }
        return child.isSuspended() ? State.SUSPENDED : State.RUNNING;
    }

    /**
     * Returns whether the process has not exited. A suspended process is alive.
     *
     * @return false once it has exited, though its last output may still be in flight
     */
    @Override
    public boolean isAlive() {
        return !child.hasExited();
    }

    /**
     * Returns a future that completes when the process has exited and the last of its output was delivered. Dependent
     * stages run on a thread that may block. The process's own consumers of output may add dependent stages but must not
     * block on this future, since it completes only after they have returned: they would wait until a timeout ends the
     * process, or forever. {@link #await()} rejects that.
     *
     * <p>Each call retains a little memory until the exit: to ask again and again, use {@link #isAlive()}.
     *
     * @return a future of the caller's own: completing or cancelling it affects neither the process nor other callers
     */
    @Override
    public CompletableFuture<ProcessResult> onExit() {
        return completion.thenApplyAsync(Function.identity(), Threads.WORKERS_OR_CALLER);
    }

    /**
     * Blocks until the process has exited and the last of its output was delivered.
     *
     * @return the result, whatever it is: {@link Command#acceptExitCodes} applies to {@link Command#run()} only
     * @throws InterruptedException if interrupted; the process continues
     * @throws IllegalStateException if called by a consumer of the process's own output, which would wait for itself
     */
    public ProcessResult await() throws InterruptedException {
        checkNotInConsumer();
        try {
            return completion.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot fail", e);
        }
    }

    /**
     * Blocks until the process has exited and the last of its output was delivered, or the timeout is over.
     *
     * @param timeout the longest wait; zero or less only checks
     * @return the result, or empty if the timeout was over first
     * @throws InterruptedException if interrupted; the process continues
     * @throws IllegalStateException if called by a consumer of the process's own output, which would wait for itself
     */
    public Optional<ProcessResult> await(Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        checkNotInConsumer();
        try {
            return Optional.of(completion.get(Nanos.of(timeout), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot fail", e);
        }
    }

    /**
     * Returns the program's standard input. Unbuffered: a write reaches the program at once, or blocks until the program
     * reads. Writing throws {@link java.io.IOException} once the program has closed its end, has exited, or is being
     * stopped; closing never blocks. One thread at a time may write.
     *
     * @return the stream, always the same
     * @throws IllegalStateException unless the process was started with {@link Input#pipe()}
     */
    public OutputStream stdin() {
        return child.stdin();
    }

    /**
     * Returns the program's standard output, for reading by one thread at a time. A read blocks until output is available,
     * and returns -1 at its end. An interrupt makes it throw {@link java.io.InterruptedIOException} and preserves the interrupt
     * status; waiting blocks no carrier of a virtual thread.
     *
     * @return the stream, always the same
     * @throws IllegalStateException unless the process was started with {@link Output#pipe()} as its standard output
     */
    public InputStream stdout() {
        return pipe(1, "stdout");
    }

    /**
     * Returns the program's standard error, as {@link #stdout()} does for standard output.
     *
     * @return the stream, always the same
     * @throws IllegalStateException unless the process was started with {@link Output#pipe()} as its standard error
     */
    public InputStream stderr() {
        return pipe(2, "stderr");
    }

    private InputStream pipe(int number, String name) {
        WatchableSink sink = child.output(number);
        InputStream stream = sink == null ? null : sink.stream();
        if (stream == null) {
            throw new IllegalStateException(
                    "the output of " + name() + " is not a pipe: start it with " + name + "(Output.pipe()) to read it");
        }
        return stream;
    }

    /**
     * Blocks until the program has written a line that matches a pattern, for example that a server is up. Standard output
     * and standard error are searched, as far as they come through this JVM: first what is retained of them (what a
     * {@linkplain Output#capture capture}, {@linkplain Output#head head} or {@linkplain Output#tail tail} keeps, of other forms
     * the last 2 KiB), then what follows. Only whole lines match, and a line that was longer than what is retained does not.
     *
     * <p>While a call waits, the output is delivered to its destination as usual. Matching runs on a thread of the library; a
     * pattern that is slow slows the output of this process only.
     *
     * @param pattern found anywhere in the line, as by {@link java.util.regex.Matcher#find()}
     * @param timeout the longest wait; zero or less searches what is retained only
     * @return the first such line, without its terminator; empty if the timeout was over or both outputs ended before
     * @throws InterruptedException if interrupted; the process continues
     * @throws IllegalStateException if no output comes through this JVM, if called by a consumer of the process's own output,
     *     or if the pattern cannot be matched, for example because it recurses too deeply
     */
    public Optional<String> awaitLine(Pattern pattern, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(pattern, "pattern");
        Objects.requireNonNull(timeout, "timeout");
        checkNotInConsumer();
        List<WatchableSink> outputs = new ArrayList<>(2);
        List<Charset> charsets = new ArrayList<>(2);
        for (int number = 1; number <= 2; number++) {
            WatchableSink output = child.output(number);
            if (output != null) {
                LaunchSpec spec = command.spec();
                outputs.add(output);
                charsets.add(spec.charset(number == 1 ? spec.stdout() : spec.stderr()));
            }
        }
        if (outputs.isEmpty()) {
            throw new IllegalStateException("no output of " + name()
                    + " comes through this JVM: let it, for example by Output.inherit().and(Output.tail(..))");
        }
        try (LineSearch search = new LineSearch(name(), pattern, outputs, charsets)) {
            return search.await(Nanos.of(timeout));
        }
    }

    /**
     * Blocks until the process is ready as {@link Command#ready} says, at most for the time that stands there, from now on. The
     * process continues in any case. A process whose command has no such condition is ready.
     *
     * @throws NotReadyException if it exits before, or is not ready in time
     * @throws InterruptedException if interrupted; the process continues
     * @throws IllegalStateException as for {@link #awaitLine}
     */
    public void awaitReady() throws InterruptedException {
        checkNotInConsumer();
        Readiness readiness = command.readiness();
        if (readiness != null) {
            readiness.await(this);
        }
    }

    /**
     * Sends a signal to the process itself, not to its descendants.
     *
     * @param signal the signal; the portable path supports TERM and KILL
     * @return false if the process has exited; no other process is ever signalled
     * @throws NotPermittedException if the kernel does not allow it, for example after the program changed its user
     * @throws UnsupportedOperationException if the signal needs the native layer, which is missing
     */
    @Override
    public boolean signal(Signal signal) {
        return child.signal(Objects.requireNonNull(signal, "signal"));
    }

    /**
     * Stops the process and its descendants by the command's {@linkplain Command#stopPolicy policy}.
     *
     * @return what was done, and which processes survived
     */
    @Override
    public StopReport stop() {
        return stop(command.stopPolicy());
    }

    /**
     * Stops the process and its descendants, and blocks until they have exited or the bounds of the policy are over.
     * Descendants are all processes that can be traced to this one by parent, session or group; one that created a session
     * of its own and whose parent has exited is out of reach. Signals nothing if the process has exited. If the calling
     * thread is interrupted, the last step follows at once and the interrupt status is preserved.
     *
     * <p>After it, as after a timeout, the consumers of the output have one more second: then {@link #await()} returns, and
     * what they have not taken is lost.
     *
     * @param policy the steps
     * @return which processes were signalled, which step took effect, which processes survived
     * @throws UnsupportedOperationException if the policy has signals other than TERM and KILL, which need the native
     *     layer, and that is missing; nothing has happened then
     */
    @Override
    public StopReport stop(StopPolicy policy) {
        StopReport report = child.stop(Objects.requireNonNull(policy, "policy"), EndReason.TERMINATED);
        awaitManager();
        return report;
    }

    /** Sends {@link Signal#KILL} to the process and its descendants until none is left, for at most a second. */
    @Override
    public void kill() {
        child.kill();
    }

    /** Returns name, pid and state. */
    @Override
    public String toString() {
        return name() + " [" + pid() + "] " + state();
    }

    private void checkNotInConsumer() {
        if (child.isConsumerThread()) {
            throw new IllegalStateException(
                    "a consumer of " + name() + " would wait for its own process; wait in another thread");
        }
    }
}
