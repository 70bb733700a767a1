package org.processmanager.core.internal.util;

import java.util.concurrent.TimeUnit;

/**
 * Detects that code of a user on a {@linkplain Threads#WORKERS thread of this library} shuts the JVM down. Its call of
 * {@link System#exit} never returns, so whatever waits for that code during the shutdown waits only briefly.
 */
public final class ExitCaller {
    private static final long BRIEFLY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static volatile boolean worker;

    private ExitCaller() {}

    /** Looks for the thread; to be called when the shutdown has begun. */
    public static void find() {
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (Threads.isWorker(thread)) {
                for (StackTraceElement frame : stack) {
                    worker |= frame.getClassName().equals("java.lang.Shutdown");
                }
            }
        });
    }

    /** Returns how long to wait for code of users: the given time, or less if that code waits for the shutdown. */
    public static long patience(long nanos) {
        return worker ? Math.min(BRIEFLY_NANOS, nanos) : nanos;
    }
}
