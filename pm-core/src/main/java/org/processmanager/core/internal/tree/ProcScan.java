package org.processmanager.core.internal.tree;

import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks at all processes, once for all who want to know at about the same time: a look that began after a caller asked is
 * as good as one of his own. Stopping n processes at once would else cost n looks at n processes.
 */
final class ProcScan {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Condition FINISHED = LOCK.newCondition();
    private static long begun;
    private static long finished;
    private static Map<Integer, ProcStat> latest = Map.of();

    private ProcScan() {}

    /** All processes as they were at some moment after this call; not to be changed. */
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
            return latest;
        } finally {
            LOCK.unlock();
        }
    }

    /** Called with the lock, which is free during the look. */
    private static void scan() {
        begun++;
        Map<Integer, ProcStat> all = Map.of();
        LOCK.unlock();
        try {
            all = ProcStat.all();
        } finally {
            LOCK.lock();
            latest = all;
            finished = begun;
            FINISHED.signalAll();
        }
    }
}
