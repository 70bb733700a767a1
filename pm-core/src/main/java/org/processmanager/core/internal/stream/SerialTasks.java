package org.processmanager.core.internal.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.QuietLog;
import org.processmanager.core.internal.util.Threads;

/**
 * Runs tasks sequentially, in order, on a thread of a pool. A task that leaves the interrupt status of the thread set does not
 * affect later ones. Thread-safe.
 */
public final class SerialTasks {

    private final Executor pool;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile @Nullable Thread runner;
    /** The thread that ran the last task, retained while there are {@link #users}. Written under the monitor. */
    private volatile @Nullable Thread retained;

    /** Guarded by the monitor. */
    private int users;

    /** Creates an executor on a pool that never rejects a task. */
    public SerialTasks(Executor pool) {
        this.pool = pool;
    }

    /** Runs a task after all earlier ones. A failure is logged and does not affect later tasks. */
    public void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            pool.execute(this::runAll);
        }
    }

    /** Returns whether the calling thread runs one of the tasks. */
    public boolean isCurrentThread() {
        return runner == Thread.currentThread();
    }

    /**
     * Keeps the thread of the last task alive until {@link #leave}: what a task wrote to, such as a
     * {@link java.io.PipedOutputStream}, may consider its writer dead when that thread terminates.
     */
    synchronized void enter() {
        users++;
    }

    /** Ends what {@link #enter} began. */
    synchronized void leave() {
        users--;
        if (users == 0) {
            retain(null);
        }
    }

    private synchronized void retainRunner() {
        if (users > 0) {
            retain(Thread.currentThread());
        }
    }

    private void retain(@Nullable Thread next) {
        Thread previous = retained;
        if (next != previous) {
            retained = next;
            Threads.retain(next);
            Threads.release(previous);
        }
    }

    private void runAll() {
        Thread thread = Thread.currentThread();
        // Of a caller that runs the tasks itself because no thread can be created.
        boolean interrupted = Thread.interrupted();
        if (retained != thread) {
            retainRunner();
        }
        do {
            runner = thread;
            try {
                tasks.remove().run();
            } catch (Throwable e) {
                QuietLog.log(SerialTasks.class, "a delivery failed; later ones are not affected", e);
            } finally {
                runner = null;
                Thread.interrupted();
            }
        } while (pending.decrementAndGet() != 0);
        if (interrupted) {
            thread.interrupt();
        }
    }
}
