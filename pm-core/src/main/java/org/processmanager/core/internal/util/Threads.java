package org.processmanager.core.internal.util;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Threads of this library: all daemons, none with the class loader or the inheritable locals of a user's thread. */
public final class Threads {
    /** Runs what may block or what users wrote. Unbounded, since a full pool would let one process wait for another. */
    public static final ExecutorService WORKERS = workers();

    private Threads() {}

    /** A daemon thread, not started. */
    public static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(null, body, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }

    /** Parks the calling thread for about this long, also if it is interrupted; the interrupt stays set. */
    public static void pause(long nanos) {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(nanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #pause}, but where nothing may be thrown: with a full heap even parking can fail, for want of memory. */
    public static void pauseIfPossible(long nanos) {
        try {
            pause(nanos);
        } catch (OutOfMemoryError e) {
            Thread.yield();
        }
    }

    private static ExecutorService workers() {
        AtomicLong number = new AtomicLong();
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                body -> daemon("pm-worker-" + number.getAndIncrement(), body));
    }
}
