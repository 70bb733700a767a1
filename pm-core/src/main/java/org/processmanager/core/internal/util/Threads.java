package org.processmanager.core.internal.util;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Threads of this library: all daemons, without the class loader and inheritable thread-locals of the caller. */
public final class Threads {
    /** Runs blocking calls and code of users. Unbounded: in a full pool one process would wait for another. */
    public static final ExecutorService WORKERS = workers(TimeUnit.SECONDS.toNanos(10));

    private Threads() {}

    /** Returns a daemon thread that is not started. */
    public static Thread daemon(String name, Runnable body) {
        return configured(new Thread(null, body, name, 0, false));
    }

    private static Thread configured(Thread thread) {
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }

    /** Parks the calling thread for about {@code nanos}; an interrupt may shorten the pause, its status is preserved. */
    public static void pause(long nanos) {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(nanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Creates a pool like {@link #WORKERS}. */
    public static ExecutorService workers(long idleNanos) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, idleNanos, TimeUnit.NANOSECONDS, new SynchronousQueue<>(), new Workers());
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

    private static final class Workers implements ThreadFactory {
        private final AtomicLong number = new AtomicLong();

        @Override
        public Thread newThread(Runnable body) {
            return configured(new Worker("pm-worker-" + number.getAndIncrement(), body));
        }
    }

    private static final class Worker extends Thread {
        private final AtomicInteger retained = new AtomicInteger();

        private Worker(String name, Runnable body) {
            super(null, body, name, 0, false);
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
