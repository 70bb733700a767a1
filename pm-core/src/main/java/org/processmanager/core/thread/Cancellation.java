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

/**
 * A task's side of its cancellation: points at which a request takes effect, handlers that clean up, and sections that
 * are not to be disturbed.
 *
 * <p>The words are those of POSIX threads: {@link #check} is {@code pthread_testcancel}, {@link #onCleanup} is
 * {@code pthread_cleanup_push}, {@link #disable} is {@code PTHREAD_CANCEL_DISABLE}. A request also interrupts the thread,
 * so that every interruptible wait of Java is a cancellation point.
 *
 * <p>All methods but {@link #isRequested} are for the task's own thread and throw {@link IllegalStateException} elsewhere.
 */
public final class Cancellation {
    private final String name;
    private final Thread thread;
    private final Deque<Cleanup> cleanups = new ArrayDeque<>();

    /** Makes a request and its interrupt one step, so that none of them falls into a section that has just begun. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean requested;
    private int disabled;

    Cancellation(String name, Thread thread) {
        this.name = name;
        this.thread = thread;
    }

    /**
     * Whether this thread was asked to end. Any thread may ask.
     *
     * @return true from the request on
     */
    public boolean isRequested() {
        return requested;
    }

    /**
     * A cancellation point: does nothing, or ends the task if it was asked to end. Inside {@link #disable} it does nothing.
     *
     * @throws CancelledException if a request stands
     */
    public void check() {
        requireOwnThread();
        if (disabled == 0 && requested) {
            throw new CancelledException(name);
        }
    }

    /**
     * Waits, as a cancellation point.
     *
     * @param duration how long; zero or less returns at once
     * @throws CancelledException if a request stands or comes
     * @throws InterruptedException if the thread is interrupted by somebody else
     */
    public void sleep(Duration duration) throws InterruptedException {
        Objects.requireNonNull(duration, "duration");
        check();
        long left = saturatedNanos(duration);
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
     * Runs something that waits interruptibly, as a cancellation point: an {@link InterruptedException} that stems from a
     * request becomes a {@link CancelledException}.
     *
     * @param <T> what it returns
     * @param waiting what to run
     * @return its result
     * @throws CancelledException if a request stands or comes
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
     * Registers what is to be done should the thread be cancelled or its task fail from here on. Handlers run in the
     * reverse order of their registration, in the thread itself, with cancellation disabled and the interrupt cleared; one
     * that throws does not keep the others from running.
     *
     * @param what a few words for the report
     * @param handler what to do
     * @return closing it takes the handler off without running it; close in reverse order of registration
     */
    public Cleanup onCleanup(String what, Runnable handler) {
        requireOwnThread();
        Cleanup cleanup = new Cleanup(Objects.requireNonNull(what, "what"), Objects.requireNonNull(handler, "handler"));
        cleanups.push(cleanup);
        return cleanup;
    }

    /**
     * Begins a section in which no cancellation point takes effect and no request interrupts; it may be nested. A request
     * that comes meanwhile, or whose interrupt had not been noticed yet, takes effect at the first cancellation point after
     * the section.
     *
     * @return ends the section when closed
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

    /** The canceller's side; false if a request stood already. */
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
     * Runs the handlers that are left, at the end of the task: no request takes effect from here on, and who is told of the
     * end in this thread is not disturbed by one either.
     *
     * @return what they threw
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
            throw new IllegalStateException("only thread \"" + name + "\" itself may do this, not \""
                    + Thread.currentThread().getName() + "\"");
        }
    }

    static long saturatedNanos(Duration duration) {
        try {
            return Math.max(0, duration.toNanos());
        } catch (ArithmeticException e) {
            return duration.isNegative() ? 0 : Long.MAX_VALUE / 2;
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

        /** Takes the handler off without running it; again does nothing. */
        @Override
        public void close() {
            requireOwnThread();
            cleanups.remove(this);
        }

        /** Takes the handler off and runs it now ({@code pthread_cleanup_pop(1)}); again does nothing. */
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

        /** Ends the section; again does nothing. A request that came meanwhile interrupts the thread now. */
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
