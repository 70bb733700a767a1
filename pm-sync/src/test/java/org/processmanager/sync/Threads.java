package org.processmanager.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.ThreadDump;

/** Threads of a test, whose results and failures come back to it. */
final class Threads {
    private static final Duration WATCHDOG = Duration.ofSeconds(90);

    private Threads() {}

    /** A thread and what it will return. */
    record Running<T>(Thread thread, FutureTask<T> task) {
        T result() {
            try {
                return task.get(WATCHDOG.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError("the thread failed", e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("still running after " + WATCHDOG + "\n" + ThreadDump.text(), e);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }

        /** What it threw. */
        Throwable failure() {
            try {
                T result = task.get(WATCHDOG.toNanos(), TimeUnit.NANOSECONDS);
                throw new AssertionError("returned " + result + " and should have thrown");
            } catch (ExecutionException e) {
                return e.getCause();
            } catch (TimeoutException e) {
                throw new AssertionError("still running after " + WATCHDOG + "\n" + ThreadDump.text(), e);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }

        boolean isDone() {
            return task.isDone();
        }

        /** Waits until the thread sleeps, in the kernel or parked: after a moment in which it may have spun. */
        Running<T> awaitAsleep() {
            Eventually.assertThat(WATCHDOG, thread.getName() + " sleeps", () -> isAsleep() || task.isDone());
            return this;
        }

        private boolean isAsleep() {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getClassName().endsWith(".Parking")
                        || frame.getClassName().endsWith(".LocalQueue")
                        || frame.getMethodName().equals("awaitFirst")
                        || frame.getMethodName().equals("awaitSleeper")) {
                    return true;
                }
            }
            return false;
        }
    }

    static <T> Running<T> start(Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return new Running<>(thread, task);
    }

    /** Starts one thread for each number below {@code count}. */
    static List<Running<Void>> startAll(int count, Body body) {
        List<Running<Void>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            running.add(start(() -> {
                body.run(number);
                return null;
            }));
        }
        return running;
    }

    /** Runs one thread for each number below {@code count}, and waits for all. */
    static void runAll(int count, Body body) {
        startAll(count, body).forEach(Running::result);
    }

    interface Body {
        void run(int number) throws Exception;
    }
}
