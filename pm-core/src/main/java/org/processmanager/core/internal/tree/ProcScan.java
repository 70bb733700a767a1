package org.processmanager.core.internal.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Scans all processes, once for all callers that ask at about the same time: a caller can use any scan that began after its
 * call. Stopping n processes at once would otherwise cost n scans of n processes. Thread-safe.
 */
final class ProcScan {
    /** A monitor: unlike a lock object, it cannot stay locked if the stack overflows. */
    private static final Object LOCK = new Object();
    /** A caller that waits longer for the scan of another thread makes its own. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long WAIT_MILLIS = 100;

    // Guarded by the monitor:
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
        long mine;
        synchronized (LOCK) {
            long wanted = begun + 1;
            awaitOthers(wanted);
            if (finished >= wanted) {
                return result();
            }
            mine = ++begun;
        }
        scan(mine);
        synchronized (LOCK) {
            return result();
        }
    }

    /** Waits, with the monitor held, until the wanted scan is finished or no scan is in progress. */
    private static void awaitOthers(long wanted) {
        boolean interrupted = false;
        long start = System.nanoTime();
        while (finished < wanted && begun != finished && System.nanoTime() - start < LONGEST_WAIT_NANOS) {
            try {
                LOCK.wait(WAIT_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<Integer, ProcStat> result() {
        if (failure != null) {
            throw new UncheckedIOException(failure.getMessage(), failure.getCause());
        }
        return latest;
    }

    private static void scan(long number) {
        Map<Integer, ProcStat> all = Map.of();
        UncheckedIOException problem = new UncheckedIOException(new IOException("the scan of /proc was not finished"));
        try {
            all = ProcStat.all();
            problem = null;
        } catch (UncheckedIOException e) {
            problem = e;
        } finally {
            synchronized (LOCK) {
                if (number > finished) {
                    latest = all;
                    failure = problem;
                    finished = number;
                }
                LOCK.notifyAll();
            }
        }
    }
}
