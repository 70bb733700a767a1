package org.processmanager.core.internal.launch.jdk;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.util.DurationText;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Uninterruptibles;

/**
 * Calls {@link ProcessBuilder#start}, for at most the timeout of the command. The JDK waits for the end of a pipe, which comes
 * when the program is executed; but a process that native code of this JVM forks meanwhile, without executing a program,
 * inherits the pipe and keeps it open as long as it lives. A program that is known only after the timeout is killed then.
 */
final class BoundedStart {
    /** A timeout that is shorter ends the program, not its start. */
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private BoundedStart() {}

    /** @throws LaunchException if the process is not known to be started in time */
    static Process start(LaunchSpec spec, Callable<Process> start) throws IOException {
        if (spec.timeout() == null) {
            return call(start);
        }
        CompletableFuture<Process> started = new CompletableFuture<>();
        try {
            Threads.WORKERS.execute(() -> start(start, started));
        } catch (OutOfMemoryError e) {
            return call(start);
        }
        try {
            return Uninterruptibles.get(started, Math.max(SHORTEST_NANOS, Nanos.of(spec.timeout())));
        } catch (TimeoutException e) {
            LaunchException late = new LaunchException(
                    LaunchException.Reason.OTHER,
                    "cannot start " + spec.program() + ": ProcessBuilder did not return within "
                            + DurationText.of(spec.timeout())
                            + ", perhaps because of a process that native code forked; it is killed as soon as it is known",
                    e);
            if (started.completeExceptionally(late)) {
                throw late;
            }
            return started.join();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void start(Callable<Process> start, CompletableFuture<Process> started) {
        try {
            Process process = start.call();
            if (!started.complete(process)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (Throwable e) {
            started.completeExceptionally(e);
        }
    }

    private static Process call(Callable<Process> start) throws IOException {
        try {
            return start.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
