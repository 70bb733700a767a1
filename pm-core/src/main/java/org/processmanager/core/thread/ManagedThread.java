package org.processmanager.core.thread;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.processmanager.core.event.ThreadOutcome;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.VirtualThreads;

/** A thread that {@link ManagedThreads} started. Thread-safe. */
public final class ManagedThread {
    private static final Path OWN_TASK = Path.of("/proc/thread-self");

    private final String name;
    private final ThreadKind kind;
    private final CancellableTask task;
    private final Thread thread;
    private final Cancellation cancellation;
    private final CompletableFuture<Termination> termination = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();
    private final Lifecycle lifecycle;
    private volatile long nativeId = -1;

    /** The callbacks of the registry, called by the thread itself. */
    interface Lifecycle {
        /** Called before the task begins. */
        void started(ManagedThread thread);

        /** Called after the clean-up, before waiters are notified of the termination. */
        void terminated(ManagedThread thread, Termination end);
    }

    ManagedThread(String name, ThreadKind kind, CancellableTask task, Lifecycle lifecycle) {
        this.name = name;
        this.kind = kind;
        this.task = task;
        this.lifecycle = lifecycle;
        if (kind == ThreadKind.VIRTUAL) {
            this.thread = VirtualThreads.unstarted(name, this::runTask);
        } else {
            this.thread = new Thread(null, this::runTask, name, 0, false);
            this.thread.setDaemon(true);
        }
        this.cancellation = new Cancellation(name, thread);
    }

    void start() {
        thread.start();
    }

    /**
     * Returns the name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the kind.
     *
     * @return platform or virtual
     */
    public ThreadKind kind() {
        return kind;
    }

    /**
     * Requests that the thread terminates at its next cancellation point, and interrupts it, so that interruptible waits are
     * cancellation points too. Does not block; idempotent.
     *
     * @return true if this was the first request
     */
    public boolean cancel() {
        return !termination.isDone() && cancellation.request();
    }

    /**
     * Cancels the thread and waits for its termination.
     *
     * @param bound how long to wait at most; zero or less does not wait
     * @return how it terminated, or its stack trace if it has not
     * @throws InterruptedException if the caller is interrupted while waiting; the request remains
     */
    public TerminationReport terminate(Duration bound) throws InterruptedException {
        Objects.requireNonNull(bound, "bound");
        long begin = System.nanoTime();
        cancel();
        Optional<Termination> end = join(bound);
        Duration waited = Duration.ofNanos(System.nanoTime() - begin);
        List<StackTraceElement> stack = end.isPresent() ? List.of() : List.of(thread.getStackTrace());
        return new TerminationReport(name, end, waited, stack);
    }

    /**
     * Waits for the termination of the thread.
     *
     * @param bound how long to wait at most; zero or less does not wait
     * @return how it terminated; empty if it has not
     * @throws InterruptedException if the caller is interrupted while waiting
     */
    public Optional<Termination> join(Duration bound) throws InterruptedException {
        Objects.requireNonNull(bound, "bound");
        try {
            return Optional.of(termination.get(Nanos.of(bound), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a termination future failed", e);
        }
    }

    /**
     * Returns a future that completes when the thread has terminated and its clean-up handlers have run.
     *
     * @return a new future; completing or cancelling it has no effect on the thread
     */
    public CompletableFuture<Termination> onTermination() {
        return termination.copy();
    }

    /**
     * Returns the current state of the thread.
     *
     * @return a snapshot
     */
    public ThreadSnapshot snapshot() {
        long id = nativeId;
        return new ThreadSnapshot(
                name,
                kind,
                javaId(thread),
                id < 0 ? OptionalLong.empty() : OptionalLong.of(id),
                thread.getState(),
                cancellation.isRequested(),
                cpuTime());
    }

    private Optional<Duration> cpuTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        if (kind == ThreadKind.VIRTUAL || !threads.isThreadCpuTimeSupported()) {
            return Optional.empty();
        }
        long nanos = threads.getThreadCpuTime(javaId(thread));
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    private void runTask() {
        if (kind == ThreadKind.PLATFORM) {
            nativeId = readNativeId();
        }
        Throwable failure = null;
        try {
            lifecycle.started(this);
            task.run(cancellation);
        } catch (Throwable e) {
            failure = e;
        }
        boolean cancelled = failure != null && cancellation.isRequested() && isInterruption(failure);
        // Remaining handlers also run after a task that returned: it would have removed them otherwise.
        List<Throwable> cleanupFailures = cancellation.runCleanups();
        ThreadOutcome outcome =
                failure == null ? ThreadOutcome.COMPLETED : cancelled ? ThreadOutcome.CANCELLED : ThreadOutcome.FAILED;
        Duration lifetime = Duration.ofNanos(System.nanoTime() - startNanos);
        Termination end = new Termination(name, outcome, cancelled ? null : failure, cleanupFailures, lifetime);
        try {
            lifecycle.terminated(this, end);
        } finally {
            termination.complete(end);
        }
    }

    /** Returns whether a cancellation point threw this, including waits and channels of Java, but not a socket timeout. */
    private static boolean isInterruption(Throwable e) {
        return e instanceof CancelledException
                || e instanceof InterruptedException
                || e instanceof ClosedByInterruptException
                || e instanceof FileLockInterruptionException
                || e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
    }

    /** Reads the link {@code <pid>/task/<tid>}, which needs no native call. */
    private static long readNativeId() {
        try {
            return Long.parseLong(Files.readSymbolicLink(OWN_TASK).getFileName().toString());
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    @SuppressWarnings("deprecation") // threadId() came with Java 19
    private static long javaId(Thread thread) {
        return thread.getId();
    }

    @Override
    public String toString() {
        return "thread " + name + " (" + kind + ", " + thread.getState() + ")";
    }
}
