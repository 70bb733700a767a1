package org.processmanager.core.internal.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.QuietLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after another, in their order, on a thread of a pool while there are any. */
public final class SerialTasks {
    private static final Logger LOG = LoggerFactory.getLogger(SerialTasks.class);

    private final Executor pool;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile @Nullable Thread runner;

    /** Tasks for threads of this pool, which must take whatever it is given. */
    public SerialTasks(Executor pool) {
        this.pool = pool;
    }

    /** Runs a task after those before it. What it throws is logged, and the next one follows. */
    public void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            pool.execute(this::runAll);
        }
    }

    /** Whether the calling thread is inside one of the tasks. */
    public boolean isCurrentThread() {
        return runner == Thread.currentThread();
    }

    private void runAll() {
        do {
            runner = Thread.currentThread();
            try {
                tasks.remove().run();
            } catch (Throwable e) {
                QuietLog.log(LOG, "a delivery failed; the next ones go on", e);
            } finally {
                runner = null;
            }
        } while (pending.decrementAndGet() != 0);
    }
}
