package org.processmanager.core.internal.util;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One timer for delays that need no reactor. Its thread is a daemon that terminates when there was nothing to do for a while. */
public final class Timers {
    private static final long IDLE_SECONDS = 10;

    private static final ScheduledThreadPoolExecutor TIMER = create();

    private Timers() {}

    private static ScheduledThreadPoolExecutor create() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, body -> Threads.daemon("pm-timer", body));
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    /** Runs a short task, which must not block, after a delay. */
    public static Future<?> schedule(long nanos, Runnable task) {
        return TIMER.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }
}
