package org.processmanager.ipc;

import java.lang.management.ManagementFactory;

/** How many bytes of heap the current thread allocates. */
final class Allocation {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** The fewest bytes of several runs: the first ones load classes, and a compiler may help a later one. */
    static long leastOf(int runs, Runnable work) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < runs; i++) {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            work.run();
            long used = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            least = Math.min(least, used);
        }
        return least;
    }
}
