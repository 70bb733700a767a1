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
import org.processmanager.core.internal.util.VirtualThreads;

/**
 * A thread that {@link ManagedThreads} started. Safe for use by any thread.
 */
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

    /** What its registry does, in the thread itself. */
    interface Lifecycle {
        /** Before the task begins. */
        void started(ManagedThread thread);

        /** After the clean-up, before anybody who waits for the thread learns of its end. */
        void ended(ManagedThread thread, Termination end);
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
     * Its name.
     *
     * @return the name given at its creation
     */
    public String name() {
        return name;
    }

    /**
     * What carries it.
     *
     * @return platform or virtual
     */
    public ThreadKind kind() {
        return kind;
    }

    /**
     * Asks the thread to end at its next cancellation point, and interrupts it, so that an interruptible wait is one.
     * Returns at once; asking again does nothing.
     *
     * @return true if this was the first request
     */
    public boolean cancel() {
        return !termination.isDone() && cancellation.request();
    }

    /**
     * Asks the thread to end and waits for it, at most so long.
     *
     * @param bound how long to wait; zero or less does not wait
     * @return how it ended, or where it stands if it did not
     * @throws InterruptedException if the caller is interrupted while waiting; the request stands
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
     * Waits for the end of the thread.
     *
     * @param bound how long to wait at most; zero or less does not wait
     * @return how it ended, or empty if it had not by then
     * @throws InterruptedException if the caller is interrupted while waiting
     */
    public Optional<Termination> join(Duration bound) throws InterruptedException {
        Objects.requireNonNull(bound, "bound");
        try {
            return Optional.of(termination.get(Cancellation.saturatedNanos(bound), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a termination is never completed with a failure", e);
        }
    }

    /**
     * Completes when the thread has ended and its clean-up handlers have run.
     *
     * @return a future of its own: completing or cancelling it changes nothing
     */
    public CompletableFuture<Termination> onEnd() {
        return termination.copy();
    }

    /**
     * What the thread is doing now.
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
        // A task that returned has popped what it pushed, or means it to run: what is left runs in every case.
        List<Throwable> cleanupFailures = cancellation.runCleanups();
        ThreadOutcome outcome =
                failure == null ? ThreadOutcome.COMPLETED : cancelled ? ThreadOutcome.CANCELLED : ThreadOutcome.FAILED;
        Duration lifetime = Duration.ofNanos(System.nanoTime() - startNanos);
        Termination end = new Termination(name, outcome, cancelled ? null : failure, cleanupFailures, lifetime);
        try {
            lifecycle.ended(this, end);
        } finally {
            termination.complete(end);
        }
    }

    /** What a cancellation point throws, those of Java's waits and channels included; a socket's timeout is none. */
    private static boolean isInterruption(Throwable e) {
        return e instanceof CancelledException
                || e instanceof InterruptedException
                || e instanceof ClosedByInterruptException
                || e instanceof FileLockInterruptionException
                || e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
    }

    /** The link reads {@code <pid>/task/<tid>}: no native call is needed. */
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
