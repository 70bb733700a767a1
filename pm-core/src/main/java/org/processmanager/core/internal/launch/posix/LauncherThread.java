package org.processmanager.core.internal.launch.posix;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.IoPriority;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.ThreadSettings;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Uninterruptibles;

/**
 * Starts a process from a temporary thread. That thread first sets on itself the attributes that {@code posix_spawn} cannot set
 * but a child inherits from the thread that spawns it.
 */
final class LauncherThread {
    private LauncherThread() {}

    /** Returns the pid of the process that {@code spawn} starts. */
    static int spawn(LaunchSpec spec, IntSupplier spawn) {
        if (!spec.hasThreadAttributes()) {
            return spawn.getAsInt();
        }
        FutureTask<Integer> task = new FutureTask<>(() -> {
            takeOn(spec);
            return spawn.getAsInt();
        });
        try {
            Threads.daemon("pm-launch-" + spec.name(), task).start();
        } catch (OutOfMemoryError e) {
            throw new LaunchException(
                    LaunchException.Reason.RESOURCES_EXHAUSTED,
                    "cannot start " + spec.program() + ": cannot create the thread that sets the attributes",
                    e);
        }
        return join(task);
    }

    /** Not interruptible: an early return would leave a process behind. */
    private static int join(FutureTask<Integer> task) {
        try {
            return Uninterruptibles.get(task);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("the launch failed", e.getCause());
        } catch (CancellationException e) {
            throw new IllegalStateException("it is never cancelled", e);
        }
    }

    private static void takeOn(LaunchSpec spec) {
        Integer umask = spec.umask();
        if (umask != null && ThreadSettings.separatesUmask()) {
            attempt(spec, "with umask " + Integer.toOctalString(umask), () -> ThreadSettings.umask(umask));
        }
        IoPriority priority = spec.ioPriority();
        if (priority != null) {
            attempt(
                    spec,
                    "with the I/O priority " + priority.kind() + " " + priority.level(),
                    () -> ThreadSettings.ioPriority(number(priority.kind()), priority.level()));
        }
        List<Integer> cpus = spec.cpus();
        if (!cpus.isEmpty()) {
            attempt(spec, "on the processors " + cpus, () -> {
                List<Integer> missing = ThreadSettings.affinity(cpus);
                if (!missing.isEmpty()) {
                    throw refused(spec, "on the processors " + cpus, missing + " are missing or not allowed", null);
                }
            });
        }
        Integer nice = spec.nice();
        if (nice != null) {
            attempt(spec, "with niceness " + nice, () -> ThreadSettings.nice(nice));
        }
    }

    private static int number(IoPriority.Kind kind) {
        return switch (kind) {
            case REAL_TIME -> 1;
            case BEST_EFFORT -> 2;
            case IDLE -> 3;
        };
    }

    private static void attempt(LaunchSpec spec, String how, Runnable change) {
        try {
            change.run();
        } catch (PosixException e) {
            throw refused(spec, how, String.valueOf(e.getMessage()), e);
        }
    }

    private static LaunchException refused(LaunchSpec spec, String how, String why, @Nullable Throwable cause) {
        return new LaunchException(
                LaunchException.Reason.ATTRIBUTE_REFUSED,
                "cannot start " + spec.program() + " " + how + ": " + why,
                cause);
    }
}
