package org.processmanager.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.util.Threads;

/**
 * Stops what still lives when the JVM ends in order. The hook is there only while processes are: a JVM that has none ends
 * as if this library had never been loaded, and its class loader can go.
 */
final class ShutdownHook {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<ProcessManager, Integer> LIVE = new HashMap<>();
    private static final long LATECOMERS_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static @Nullable Thread hook;
    private static volatile boolean ending;

    private ShutdownHook() {}

    /** Launches so many processes, counted in before, and out again if that fails. */
    static List<ChildProcess> counting(ProcessManager manager, int count, Supplier<List<ChildProcess>> launch) {
        int counted = 0;
        try {
            for (; counted < count; counted++) {
                aboutToStart(manager);
            }
            return launch.get();
        } catch (Throwable e) {
            for (; counted > 0; counted--) {
                gone(manager);
            }
            throw e;
        }
    }

    /**
     * Counts a process in that is about to be started, until {@link #gone}: the hook waits for it to be there.
     *
     * @throws IllegalStateException if the JVM is ending; nothing may be started then, since nobody would end it
     */
    private static void aboutToStart(ProcessManager manager) {
        LOCK.lock();
        try {
            if (ending) {
                throw new IllegalStateException("Shutdown in progress");
            }
            if (hook == null) {
                Thread thread = new Thread(ShutdownHook::run, "pm-shutdown");
                Runtime.getRuntime().addShutdownHook(thread);
                hook = thread;
            }
            LIVE.merge(manager, 1, Integer::sum);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("the JVM is ending: nothing is started any more", e);
        } finally {
            LOCK.unlock();
        }
    }

    /** Whether the hook runs. */
    static boolean isEnding() {
        return ending;
    }

    static void gone(ProcessManager manager) {
        LOCK.lock();
        try {
            LIVE.computeIfPresent(manager, (key, count) -> count == 1 ? null : count - 1);
            if (LIVE.isEmpty() && hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
                hook = null;
            }
        } catch (IllegalStateException e) {
            // the JVM is ending already
        } finally {
            LOCK.unlock();
        }
    }

    /** Again until nothing is left: what was being started when the JVM began to end shows up a moment later. */
    private static void run() {
        List<ProcessManager> managers = endingNow();
        long start = System.nanoTime();
        stop(managers);
        long bound = System.nanoTime() - start + LATECOMERS_NANOS;
        while (!managers.isEmpty() && System.nanoTime() - start < bound) {
            managers = endingNow();
            managers.stream().filter(ProcessManager::isLive).forEach(ProcessManager::stopAll);
            Threads.pause(PAUSE_NANOS);
        }
    }

    private static void stop(List<ProcessManager> managers) {
        managers.stream()
                .map(manager -> CompletableFuture.runAsync(manager::stopAll, Threads.WORKERS))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private static List<ProcessManager> endingNow() {
        LOCK.lock();
        try {
            ending = true;
            return List.copyOf(LIVE.keySet());
        } finally {
            LOCK.unlock();
        }
    }
}
