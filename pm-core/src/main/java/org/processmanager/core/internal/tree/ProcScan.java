package org.processmanager.core.internal.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Scans all processes, once for all callers that ask at about the same time: a caller can use any scan that began after its
 * call. Stopping n processes at once would otherwise cost n scans of n processes. Thread-safe.
 */
final class ProcScan {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Condition FINISHED = LOCK.newCondition();
    private static long begun;
    private static long finished;
    private static Map<Integer, ProcStat> latest = Map.of();
    private static @Nullable UncheckedIOException failure;

    private ProcScan() {}

    /**
     * Returns all processes at a moment after this call, by pid; unmodifiable by convention.
     *
     * @throws UncheckedIOException if {@code /proc} could not be read
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

    /** Called with the lock held; releases it during the scan. */
    private static void scan() {
        begun++;
        Map<Integer, ProcStat> all = Map.of();
        UncheckedIOException problem = new UncheckedIOException(new IOException("the scan of /proc was not finished"));
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
