package org.processmanager.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.reactor.Threads;

/**
 * Stops what still lives when the JVM ends in order. The hook is there only while processes are: a JVM that has none ends
 * as if this library had never been loaded, and its class loader can go.
 */
final class ShutdownHook {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<ProcessManager, Integer> LIVE = new HashMap<>();
    private static @Nullable Thread hook;

    private ShutdownHook() {}

    static void born(ProcessManager manager) {
        LOCK.lock();
        try {
            LIVE.merge(manager, 1, Integer::sum);
            if (hook == null) {
                Thread thread = new Thread(ShutdownHook::run, "pm-shutdown");
                Runtime.getRuntime().addShutdownHook(thread);
                hook = thread;
            }
        } catch (IllegalStateException e) {
            // the JVM is ending already: what is started now, by another hook, is that hook's own care
        } finally {
            LOCK.unlock();
        }
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

    private static void run() {
        List<ProcessManager> managers;
        LOCK.lock();
        try {
            managers = List.copyOf(LIVE.keySet());
        } finally {
            LOCK.unlock();
        }
        managers.stream()
                .map(manager -> CompletableFuture.runAsync(manager::stopAll, Threads.WORKERS))
                .toList()
                .forEach(CompletableFuture::join);
    }
}
