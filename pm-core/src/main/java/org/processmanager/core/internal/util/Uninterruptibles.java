package org.processmanager.core.internal.util;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits that an interrupt does not shorten. The interrupt status of the caller is preserved. */
public final class Uninterruptibles {
    private Uninterruptibles() {}

    /** Waits for the result of a future. */
    public static <T> T get(Future<T> future) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    /** Waits for the result of a future, for at most {@code nanos} nanoseconds. */
    public static <T> T get(Future<T> future, long nanos) throws ExecutionException, TimeoutException {
        boolean interrupted = false;
        long start = System.nanoTime();
        try {
            while (true) {
                try {
                    return future.get(nanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    /** Waits until a latch is open, for at most {@code nanos} nanoseconds; returns whether it is. */
    public static boolean await(CountDownLatch latch, long nanos) {
        boolean interrupted = false;
        long start = System.nanoTime();
        try {
            while (true) {
                try {
                    return latch.await(nanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    /** Runs a blocking call, again as long as it is interrupted. */
    public static void run(InterruptibleCall call) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    call.run();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A blocking call that has done nothing if it is interrupted. */
    @FunctionalInterface
    public interface InterruptibleCall {
        void run() throws InterruptedException;
    }
}
