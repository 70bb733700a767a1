package org.processmanager.core.internal.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all processes, once for all who want to know at about the same time: a look that began after a caller asked is
 * as good as one of his own. Stopping n processes at once would else cost n looks at n processes.
 */
final class ProcScan {
    /** What others are told whose look ended by an error, made while there is memory for it. */
    private static final UncheckedIOException NOT_FINISHED =
            new UncheckedIOException(new IOException("the look at /proc was not finished"));

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Condition FINISHED = LOCK.newCondition();
    private static long begun;
    private static long finished;
    private static Map<Integer, ProcStat> latest = Map.of();
    private static @Nullable UncheckedIOException failure;

    private ProcScan() {}

    /**
     * All processes as they were at some moment after this call; not to be changed.
     *
     * @throws UncheckedIOException if it could not be looked
     */
    static Map<Integer, ProcStat> fresh() {
        LOCK.lock();
        try {
            long wanted = begun + 1;
            while (finished < wanted) {
                if (begun == finished) {
                    scan();
                } else {
                    FINISHED.awaitUninterruptibly();
                }
            }
            if (failure != null) {
                throw new UncheckedIOException(failure.getMessage(), failure.getCause());
            }
            return latest;
        } finally {
            LOCK.unlock();
        }
    }

    /** Called with the lock, which is free during the look. */
    private static void scan() {
        begun++;
        Map<Integer, ProcStat> all = Map.of();
        UncheckedIOException problem = NOT_FINISHED;
        LOCK.unlock();
        try {
            all = ProcStat.all();
            problem = null;
        } catch (UncheckedIOException e) {
            problem = e;
        } finally {
            LOCK.lock();
            latest = all;
            failure = problem;
            finished = begun;
            FINISHED.signalAll();
        }
    }
}
