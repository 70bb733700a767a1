package org.processmanager.core.internal.util;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Threads of this library: all daemons, without the class loader and inheritable thread-locals of the caller. */
public final class Threads {
    /** Runs blocking calls and code of users. Unbounded: in a full pool one process would wait for another. */
    public static final ExecutorService WORKERS = workers();

    private Threads() {}

    /** Returns a daemon thread that is not started. */
    public static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(null, body, name, 0, false);
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

    private static ExecutorService workers() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), new Workers());
    }

    private static final class Workers implements ThreadFactory {
        private final AtomicLong number = new AtomicLong();

        @Override
        public Thread newThread(Runnable body) {
            return daemon("pm-worker-" + number.getAndIncrement(), body);
        }
    }
}
