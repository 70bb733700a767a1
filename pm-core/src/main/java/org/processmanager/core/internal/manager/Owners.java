package org.processmanager.core.internal.manager;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.internal.event.EventHub;
import org.processmanager.core.internal.util.Threads;

/**
 * The supervisors of a manager, which stop processes in an order of their own before the manager stops all others. Thread-safe.
 */
public final class Owners {
    private static volatile @Nullable Function<ProcessManager, Owners> access;

    /** Is notified of the supervisors, so that the shutdown of the JVM stops them, also while none of their processes runs. */
    public interface Lifetime {
        /**
         * A supervisor is about to be added.
         *
         * @throws IllegalStateException if the JVM is shutting down
         */
        void begins();

        /** A supervisor was removed. */
        void ended();
    }

    private final EventHub events;
    private final Lifetime lifetime;
    private final Set<Runnable> stops = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Creates an empty set.
     *
     * @param events notifies the listeners of the manager
     * @param lifetime is notified of each supervisor
     */
    public Owners(EventHub events, Lifetime lifetime) {
        this.events = events;
        this.lifetime = lifetime;
    }

    /** Called by the manager's class when it is initialized. */
    public static void setAccess(Function<ProcessManager, Owners> access) {
        Owners.access = access;
    }

    /** Returns the supervisors of a manager. */
    public static Owners of(ProcessManager manager) {
        return Objects.requireNonNull(access).apply(manager);
    }

    /** Returns the hub by which the manager notifies its listeners. */
    public EventHub events() {
        return events;
    }

    /**
     * Adds a supervisor.
     *
     * @param stop stops its processes and returns when they have ended
     * @throws IllegalStateException if the manager is closed or the JVM is shutting down
     */
    public void add(Runnable stop) {
        lifetime.begins();
        stops.add(stop);
        if (closed) {
            remove(stop);
            throw new IllegalStateException("this ProcessManager is closed");
        }
    }

    /** Removes a supervisor that has ended. */
    public void remove(Runnable stop) {
        if (stops.remove(stop)) {
            lifetime.ended();
        }
    }

    /** Stops all supervisors, at the same time, and waits for them; later ones are refused. */
    public void close() {
        closed = true;
        stops.stream()
                .map(stop -> CompletableFuture.runAsync(stop, Threads.WORKERS_OR_CALLER))
                .toList()
                .forEach(CompletableFuture::join);
    }
}
