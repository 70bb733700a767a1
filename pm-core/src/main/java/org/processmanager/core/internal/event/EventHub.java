package org.processmanager.core.internal.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.stream.SerialTasks;
import org.processmanager.core.internal.util.ExitCaller;
import org.processmanager.core.internal.util.JfrState;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.LoggerFactory;

/**
 * Notifies listeners of events, in the order of emission, on a thread of the library. A listener that blocks delays the
 * later events of its hub, but nothing else. Thread-safe.
 */
public final class EventHub {

    private final List<EventListener> listeners = new CopyOnWriteArrayList<>();
    private final SerialTasks deliveries = new SerialTasks(Threads.WORKERS_OR_CALLER);
    private volatile boolean emitted;

    /** Adds a listener for later events. */
    public void add(EventListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    /** Removes a listener, once if it was added several times; returns false if it was not registered. */
    public boolean remove(EventListener listener) {
        return listeners.remove(listener);
    }

    /** Notifies the listeners of this moment, soon; creates no event where there is neither a listener nor a recording. */
    public void emit(Supplier<ProcessEvent> event) {
        emit(List.of(), event);
    }

    /**
     * Notifies the listeners of this moment and some others, soon; creates no event where there is neither a listener nor a
     * recording of the flight recorder, which gets it at once.
     *
     * @param others listeners to this event alone
     */
    public void emit(Collection<EventListener> others, Supplier<ProcessEvent> event) {
        boolean heard = !listeners.isEmpty() || !others.isEmpty();
        boolean recorded = JfrState.isStarted();
        if (!heard && !recorded) {
            return;
        }
        ProcessEvent created = event.get();
        if (recorded) {
            record(created);
        }
        if (!heard) {
            return;
        }
        List<EventListener> notified = new ArrayList<>(listeners);
        notified.addAll(others);
        emitted = true;
        deliveries.execute(() -> notify(notified, created));
    }

    /**
     * Waits until the given futures are complete and all events emitted by then are delivered, for at most {@code bound}. An
     * interrupt ends the wait; the interrupt status is preserved.
     */
    public void flush(Collection<CompletableFuture<?>> before, Duration bound) {
        if (!emitted || deliveries.isCurrentThread()) {
            return;
        }
        CompletableFuture<Void> delivered = new CompletableFuture<>();
        CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))
                .thenRun(() -> deliveries.execute(() -> delivered.complete(null)));
        try {
            delivered.get(ExitCaller.patience(bound.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LoggerFactory.getLogger(EventHub.class)
                    .warn("a listener of events has not returned within {}; the last events may be missing", bound);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event future failed", e);
        }
    }

    private static void record(ProcessEvent event) {
        try {
            JfrEvents.commit(event);
        } catch (LinkageError e) {
            LoggerFactory.getLogger(EventHub.class).debug("the flight recorder is not part of this run time", e);
        }
    }

    /** Contains errors of listeners too: otherwise later events would never be delivered. */
    private static void notify(List<EventListener> listeners, ProcessEvent event) {
        for (EventListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable e) {
                LoggerFactory.getLogger(EventHub.class).warn("a listener failed on {}: {}", event, e.toString());
                LoggerFactory.getLogger(EventHub.class).debug("stack trace of the listener", e);
            }
        }
    }
}
