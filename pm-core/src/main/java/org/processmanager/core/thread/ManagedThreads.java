package org.processmanager.core.thread;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.event.EventHub;
import org.processmanager.core.internal.util.Nanos;

/**
 * A registry of threads that are created by name, listed, and cancelled. Thread-safe.
 *
 * <pre>{@code
 * try (ManagedThreads threads = ManagedThreads.create()) {
 *     threads.start("worker-x", cancellation -> {
 *         try (var cleanup = cancellation.onCleanup("delete the draft", draft::delete)) {
 *             while (!done()) {
 *                 step();
 *                 cancellation.sleep(Duration.ofMillis(100));    // a cancellation point
 *             }
 *         }
 *     });
 *     TerminationReport report = threads.find("worker-x").orElseThrow().terminate(Duration.ofSeconds(1));
 * }
 * }</pre>
 *
 * <p>The threads are daemons: they do not keep the JVM alive. When the JVM exits, their clean-up handlers do not run
 * unless the registry was closed before.
 */
public final class ManagedThreads implements AutoCloseable {
    /** Longest name of a thread, in characters. */
    public static final int MAX_NAME_LENGTH = 128;

    private static final long REPORTER = ProcessHandle.current().pid();
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);
    private static final Duration FLUSH_BOUND = Duration.ofSeconds(1);

    private final ConcurrentHashMap<String, ManagedThread> live = new ConcurrentHashMap<>();
    private final EventHub events = new EventHub();
    private final ManagedThread.Lifecycle lifecycle = new Registrar();
    private volatile boolean closed;

    private ManagedThreads() {}

    /**
     * Creates an empty registry.
     *
     * @return the registry
     */
    public static ManagedThreads create() {
        return new ManagedThreads();
    }

    /**
     * Starts a platform thread.
     *
     * @param name the name, not blank, at most {@value #MAX_NAME_LENGTH} characters, without control characters
     * @param task the task
     * @return the started thread
     * @throws IllegalArgumentException if the name is malformed or a live thread of this registry has it
     * @throws IllegalStateException if the registry is closed
     * @throws OutOfMemoryError if the system cannot create another thread; the name stays free
     */
    public ManagedThread start(String name, CancellableTask task) {
        return start(name, ThreadKind.PLATFORM, task);
    }

    /**
     * Starts a thread of the given kind.
     *
     * @param name the name, not blank, at most {@value #MAX_NAME_LENGTH} characters, without control characters
     * @param kind platform or virtual
     * @param task the task
     * @return the started thread
     * @throws IllegalArgumentException if the name is malformed or a live thread of this registry has it
     * @throws UnsupportedOperationException if the kind is virtual and this JVM has no virtual threads
     * @throws IllegalStateException if the registry is closed
     * @throws OutOfMemoryError if the system cannot create another thread; the name stays free
     */
    public ManagedThread start(String name, ThreadKind kind, CancellableTask task) {
        checkName(name);
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(task, "task");
        if (closed) {
            throw new IllegalStateException("cannot start thread \"" + name + "\": the registry is closed");
        }
        ManagedThread thread = new ManagedThread(name, kind, task, lifecycle);
        if (live.putIfAbsent(name, thread) != null) {
            throw new IllegalArgumentException("cannot start thread \"" + name
                    + "\": a live thread has this name; choose another or cancel that thread first");
        }
        try {
            thread.start();
        } catch (Throwable e) { // the system cannot create another thread
            live.remove(name, thread);
            throw e;
        }
        if (closed) {
            thread.cancel();
        }
        return thread;
    }

    /**
     * Finds a live thread.
     *
     * @param name its name
     * @return the thread; empty if no live thread has that name
     */
    public Optional<ManagedThread> find(String name) {
        return Optional.ofNullable(live.get(Objects.requireNonNull(name, "name")));
    }

    /**
     * Returns the state of the live threads.
     *
     * @return a snapshot of each, sorted by name
     */
    public List<ThreadSnapshot> list() {
        return live.values().stream()
                .map(ManagedThread::snapshot)
                .sorted(Comparator.comparing(ThreadSnapshot::name))
                .toList();
    }

    /**
     * Adds a listener that is notified of every later start and termination.
     *
     * @param listener the listener
     */
    public void addListener(EventListener listener) {
        events.add(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener. It may still be notified of earlier events.
     *
     * @param listener the listener
     * @return false if it is not registered
     */
    public boolean removeListener(EventListener listener) {
        return events.remove(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Cancels all threads and waits for their termination.
     *
     * @param bound how long to wait for all of them together
     * @return a report for each thread that was alive
     * @throws InterruptedException if the caller is interrupted while waiting; the requests remain
     */
    public List<TerminationReport> terminateAll(Duration bound) throws InterruptedException {
        Objects.requireNonNull(bound, "bound");
        Collection<ManagedThread> asked = List.copyOf(live.values());
        asked.forEach(ManagedThread::cancel);
        long deadline = System.nanoTime() + Nanos.of(bound);
        List<TerminationReport> reports = new ArrayList<>();
        for (ManagedThread thread : asked) {
            reports.add(thread.terminate(Duration.ofNanos(deadline - System.nanoTime())));
        }
        return reports;
    }

    /**
     * Rejects new threads, cancels all threads and waits for them for at most five seconds, then for the listeners for at
     * most one second. An interrupt ends the wait; the interrupt status is preserved. Idempotent.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            terminateAll(CLOSE_BOUND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        events.flush(List.of(), FLUSH_BOUND);
    }

    private static void checkName(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()
                || name.length() > MAX_NAME_LENGTH
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: 1 to " + MAX_NAME_LENGTH
                    + " characters, not blank, none of them a control character)");
        }
    }

    private final class Registrar implements ManagedThread.Lifecycle {
        @Override
        public void started(ManagedThread thread) {
            events.emit(() -> new ProcessEvent.ThreadStarted(
                    Instant.now(), REPORTER, thread.name(), thread.kind() == ThreadKind.VIRTUAL));
        }

        /** Frees the name before waiters are notified, so that they can use it at once. */
        @Override
        public void terminated(ManagedThread thread, Termination end) {
            Throwable failure = end.failure();
            try {
                events.emit(() -> new ProcessEvent.ThreadEnded(
                        Instant.now(),
                        REPORTER,
                        thread.name(),
                        end.outcome(),
                        Optional.ofNullable(failure).map(Throwable::toString),
                        end.lifetime()));
            } finally {
                live.remove(thread.name(), thread);
            }
        }
    }
}
