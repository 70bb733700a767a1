package org.processmanager.core.internal.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.QuietLog;

/** Runs tasks sequentially, in order, on a thread of a pool. Thread-safe. */
public final class SerialTasks {

    private final Executor pool;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile @Nullable Thread runner;

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

    private void runAll() {
        do {
            runner = Thread.currentThread();
            try {
                tasks.remove().run();
            } catch (Throwable e) {
                QuietLog.log(SerialTasks.class, "a delivery failed; later ones are not affected", e);
            } finally {
                runner = null;
            }
        } while (pending.decrementAndGet() != 0);
    }
}
