package org.processmanager.core.internal.util;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads of this library: all daemons, without anything of the thread that creates them (class loader, inheritable
 * thread-locals, access control context, thread group), which would otherwise be reachable as long as they live.
 */
public final class Threads {
    /**
     * Runs blocking calls and code of users. Unbounded: in a full pool one process would wait for another. Throws
     * {@link OutOfMemoryError} if no thread can be created.
     */
    public static final ExecutorService WORKERS = workers(TimeUnit.SECONDS.toNanos(10));

    /** As {@link #WORKERS}, but runs a task on the calling thread if no thread can be created. */
    public static final Executor WORKERS_OR_CALLER = new WorkersOrCaller();

    /** The first Java whose threads inherit no access control context. */
    private static final int NO_ACCESS_CONTROL = 24;

    private static final boolean HAS_ACCESS_CONTROL = Runtime.version().feature() < NO_ACCESS_CONTROL;

    private Threads() {}

    /** Returns a daemon thread that is not started. */
    public static Thread daemon(String name, Runnable body) {
        return create(name, body, false);
    }

    private static Thread create(String name, Runnable body, boolean worker) {
        Creation creation = new Creation(name, body, worker);
        return HAS_ACCESS_CONTROL ? creation.runWithoutContext() : creation.run();
    }

    /** Parks the calling thread for about {@code nanos}; an interrupt may shorten the pause, its status is preserved. */
    public static void pause(long nanos) {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(nanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadGroup outermostGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group; parent != null; parent = parent.getParent()) {
            group = parent;
        }
        return group;
    }

    /** Creates a pool like {@link #WORKERS}. */
    public static ExecutorService workers(long idleNanos) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, idleNanos, TimeUnit.NANOSECONDS, new SynchronousQueue<>(), new Workers());
    }

    /** Returns whether a thread belongs to {@link #WORKERS}. */
    static boolean isWorker(Thread thread) {
        return thread instanceof Worker;
    }

    /** Keeps a thread of {@link #WORKERS} alive until {@link #release}, also if the pool does not need it. */
    public static void retain(@Nullable Thread thread) {
        if (thread instanceof Worker worker) {
            worker.retained.incrementAndGet();
        }
    }

    /** Ends what {@link #retain} began. */
    public static void release(@Nullable Thread thread) {
        if (thread instanceof Worker worker && worker.retained.decrementAndGet() == 0) {
            LockSupport.unpark(worker);
        }
    }

    private record Creation(String name, Runnable body, boolean worker) implements PrivilegedAction<Thread> {
        @Override
        public Thread run() {
            ThreadGroup group = outermostGroup();
            Thread thread = worker ? new Worker(group, body, name) : new Thread(group, body, name, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            return thread;
        }

        /** Otherwise the classes on the caller's stack would stay reachable, and their loaders. */
        @SuppressWarnings("removal")
        Thread runWithoutContext() {
            return AccessController.doPrivileged(this);
        }
    }

    private static final class WorkersOrCaller implements Executor {
        @Override
        public void execute(Runnable task) {
            try {
                WORKERS.execute(task);
            } catch (OutOfMemoryError e) {
                task.run();
            }
        }
    }

    private static final class Workers implements ThreadFactory {
        private final AtomicLong number = new AtomicLong();

        @Override
        public Thread newThread(Runnable body) {
            return create("pm-worker-" + number.getAndIncrement(), body, true);
        }
    }

    private static final class Worker extends Thread {
        private final AtomicInteger retained = new AtomicInteger();

        private Worker(ThreadGroup group, Runnable body, String name) {
            super(group, body, name, 0, false);
        }

        @Override
        public void run() {
            super.run();
            while (retained.get() > 0) {
                LockSupport.park(this);
                Thread.interrupted();
            }
        }
    }
}
