package org.processmanager.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.ExitCaller;
import org.processmanager.core.internal.util.Threads;

/**
 * Stops the remaining processes when the JVM shuts down in an orderly way. The hook is registered only while there are
 * processes: a JVM without any shuts down as if this library were not loaded, and its class loader can be collected.
 */
final class ShutdownHook {
    /** A monitor: unlike a lock object, it cannot stay locked if the stack overflows. */
    private static final Object LOCK = new Object();

    private static final Map<ProcessManager, Integer> LIVE = new HashMap<>();
    private static final long LATECOMERS_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A thread that is never registered nor started. */
    private static final Thread NO_HOOK = Threads.daemon("pm-no-hook", () -> {});

    /** Set for threads that launched before the shutdown. */
    private static final ThreadLocal<Boolean> LAUNCHED_BEFORE = new ThreadLocal<>();

    private static @Nullable Thread hook;
    private static volatile boolean running;

    private ShutdownHook() {}

    /**
     * Counts processes that are about to be started, until they have {@linkplain #ended ended}: the hook waits for them.
     *
     * <p>While the JVM shuts down, only a shutdown hook of other code may still run a program: the JVM waits for the thread of
     * the hook, which waits for the program. No thread that launched before is one, since a hook starts with the shutdown.
     *
     * @param callerWaits whether the caller waits until the processes have exited
     * @return whether they are left to their caller, which is a shutdown hook
     * @throws IllegalStateException if the JVM is shutting down: a process started now would not be stopped
     */
    static boolean aboutToStart(ProcessManager manager, int count, boolean callerWaits) {
        synchronized (LOCK) {
            boolean late = running || isShuttingDown();
            if (!late) {
                LAUNCHED_BEFORE.set(true);
                register();
            } else if (!callerWaits || LAUNCHED_BEFORE.get() != null) {
                throw new IllegalStateException(
                        "the JVM is shutting down: no process is started any longer, except by run()"
                                + " on the thread of a shutdown hook");
            }
            Integer live = LIVE.get(manager);
            LIVE.put(manager, (live == null ? 0 : live) + count);
            return late;
        }
    }

    private static void register() {
        if (hook != null) {
            return;
        }
        Thread thread = Threads.daemon("pm-shutdown", new Hook());
        try {
            Runtime.getRuntime().addShutdownHook(thread);
            hook = thread;
        } catch (IllegalStateException e) {
            throw new IllegalStateException("the JVM is shutting down: no process is started any longer", e);
        }
    }

    /** Returns whether the JVM has begun to run its hooks, of which that of this library may not be the first. */
    private static boolean isShuttingDown() {
        try {
            Runtime.getRuntime().removeShutdownHook(NO_HOOK);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /** Returns whether the JVM is shutting down. */
    static boolean isRunning() {
        return running;
    }

    /** Counts processes that have exited or could not be started. */
    static void ended(ProcessManager manager, int count) {
        synchronized (LOCK) {
            try {
                Integer live = LIVE.get(manager);
                if (live != null && live > count) {
                    LIVE.put(manager, live - count);
                } else {
                    LIVE.remove(manager);
                }
                if (LIVE.isEmpty() && hook != null) {
                    Runtime.getRuntime().removeShutdownHook(hook);
                    hook = null;
                }
            } catch (IllegalStateException e) {
                // the JVM is shutting down already
            }
        }
    }

    private static final class Hook implements Runnable {
        @Override
        public void run() {
            stopAll();
        }
    }

    /**
     * Repeats until no process is left: launches that were in progress at the beginning of the shutdown add processes later.
     */
    private static void stopAll() {
        List<ProcessManager> managers = begin();
        ExitCaller.find();
        long start = System.nanoTime();
        stop(managers);
        long bound = System.nanoTime() - start + LATECOMERS_NANOS;
        while (!managers.isEmpty() && System.nanoTime() - start < bound) {
            managers = begin();
            managers.stream().filter(ProcessManager::isLive).forEach(ProcessManager::stopForShutdown);
            Threads.pause(PAUSE_NANOS);
        }
    }

    private static void stop(List<ProcessManager> managers) {
        managers.stream()
                .map(manager -> CompletableFuture.runAsync(manager::stopForShutdown, Threads.WORKERS_OR_CALLER))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private static List<ProcessManager> begin() {
        synchronized (LOCK) {
            running = true;
            return List.copyOf(LIVE.keySet());
        }
    }
}
