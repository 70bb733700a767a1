package org.processmanager.core.thread;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.util.Nanos;

/**
 * The cancellation of a thread as its task sees it: points at which a request takes effect, clean-up handlers, and sections
 * in which cancellation is disabled.
 *
 * <p>The terms are those of POSIX threads: {@link #check} is {@code pthread_testcancel}, {@link #onCleanup} is
 * {@code pthread_cleanup_push}, {@link #disable} is {@code PTHREAD_CANCEL_DISABLE}. A request also interrupts the thread,
 * so that every interruptible wait of Java is a cancellation point.
 *
 * <p>All methods except {@link #isRequested} must be called by the thread itself; others get an {@link IllegalStateException}.
 */
public final class Cancellation {
    private final String name;
    private final Thread thread;
    private final Deque<Cleanup> cleanups = new ArrayDeque<>();

    /** Makes a request and its interrupt atomic, so that neither takes effect in a section that has just begun. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean requested;
    private int disabled;

    Cancellation(String name, Thread thread) {
        this.name = name;
        this.thread = thread;
    }

    /**
     * Returns whether cancellation was requested. Thread-safe.
     *
     * @return true from the request on
     */
    public boolean isRequested() {
        return requested;
    }

    /**
     * Throws if cancellation was requested: a cancellation point. Does nothing inside {@link #disable}.
     *
     * @throws CancelledException if cancellation was requested
     */
    public void check() {
        requireOwnThread();
        if (disabled == 0 && requested) {
            throw new CancelledException(name);
        }
    }

    /**
     * Sleeps; a cancellation point.
     *
     * @param duration how long; zero or less returns at once
     * @throws CancelledException if cancellation is requested before or during the sleep
     * @throws InterruptedException if the thread is interrupted for another reason
     */
    public void sleep(Duration duration) throws InterruptedException {
        Objects.requireNonNull(duration, "duration");
        check();
        long left = Nanos.of(duration);
        long deadline = System.nanoTime() + left;
        while (left > 0) {
            LockSupport.parkNanos(this, left);
            check();
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while thread \"" + name + "\" slept");
            }
            left = deadline - System.nanoTime();
        }
    }

    /**
     * Runs an interruptible call as a cancellation point: an {@link InterruptedException} caused by a request becomes a
     * {@link CancelledException}.
     *
     * @param <T> the type of the result
     * @param waiting the call
     * @return its result
     * @throws CancelledException if cancellation is requested before or during the call
     * @throws Exception what {@code waiting} throws
     */
    public <T> T call(Callable<T> waiting) throws Exception {
        Objects.requireNonNull(waiting, "waiting");
        check();
        try {
            return waiting.call();
        } catch (InterruptedException e) {
            check();
            throw e;
        }
    }

    /**
     * Registers a clean-up handler that runs if the thread is cancelled or its task fails. Handlers run in reverse order of
     * registration, in the thread itself, with cancellation disabled and the interrupt status cleared. If one throws, the
     * others still run.
     *
     * @param what a short description for the report
     * @param handler the handler
     * @return the registration; closing it removes the handler without running it; close in reverse order
     */
    public Cleanup onCleanup(String what, Runnable handler) {
        requireOwnThread();
        Cleanup cleanup = new Cleanup(Objects.requireNonNull(what, "what"), Objects.requireNonNull(handler, "handler"));
        cleanups.push(cleanup);
        return cleanup;
    }

    /**
     * Begins a section in which no cancellation point takes effect and no request interrupts; sections may be nested. A
     * request during the section, or one whose interrupt was not noticed yet, takes effect at the first cancellation point
     * after the section.
     *
     * @return the section; closing it ends it
     */
    public Section disable() {
        requireOwnThread();
        lock.lock();
        try {
            if (disabled++ == 0 && requested) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
        return new Section();
    }

    /** Requests cancellation; returns false if it was requested before. Thread-safe. */
    boolean request() {
        lock.lock();
        try {
            if (requested) {
                return false;
            }
            requested = true;
            if (disabled == 0) {
                thread.interrupt();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs the remaining handlers at the end of the task. From here on no request takes effect, so that listeners that run
     * in this thread are not interrupted either.
     *
     * @return what the handlers threw
     */
    List<Throwable> runCleanups() {
        List<Throwable> failures = new ArrayList<>();
        disable();
        Thread.interrupted();
        while (!cleanups.isEmpty()) {
            Cleanup cleanup = cleanups.pop();
            try {
                cleanup.handler.run();
            } catch (Throwable e) {
                failures.add(new IllegalStateException(
                        "clean-up \"" + cleanup.what + "\" of thread \"" + name + "\" failed: " + e, e));
            }
            Thread.interrupted();
        }
        return failures;
    }

    private void requireOwnThread() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("only thread \"" + name + "\" itself may call this, not \""
                    + Thread.currentThread().getName() + "\"");
        }
    }

    /** A registered clean-up handler. */
    public final class Cleanup implements AutoCloseable {
        private final String what;
        private final Runnable handler;

        private Cleanup(String what, Runnable handler) {
            this.what = what;
            this.handler = handler;
        }

        /** Removes the handler without running it. Idempotent. */
        @Override
        public void close() {
            requireOwnThread();
            cleanups.remove(this);
        }

        /** Removes the handler and runs it now ({@code pthread_cleanup_pop(1)}). Idempotent. */
        public void runNow() {
            requireOwnThread();
            if (cleanups.remove(this)) {
                handler.run();
            }
        }
    }

    /** A section in which cancellation is disabled. */
    public final class Section implements AutoCloseable {
        private boolean open = true;

        private Section() {}

        /** Ends the section. A request made meanwhile interrupts the thread now. Idempotent. */
        @Override
        public void close() {
            requireOwnThread();
            if (!open) {
                return;
            }
            open = false;
            lock.lock();
            try {
                if (--disabled == 0 && requested) {
                    thread.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
