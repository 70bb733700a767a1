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
import org.processmanager.core.internal.util.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of events, one after another in the order in which they were emitted, on a thread of the library: a
 * listener that blocks delays the other events of its hub and nothing else.
 */
public final class EventHub {
    private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);

    private final List<EventListener> listeners = new CopyOnWriteArrayList<>();
    private final SerialTasks deliveries = new SerialTasks(Threads.WORKERS);
    private volatile boolean emitted;

    /** Adds a listener, told of what is emitted from now on. */
    public void add(EventListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    /** Takes a listener off, once if it was added several times; false if it was not there. */
    public boolean remove(EventListener listener) {
        return listeners.remove(listener);
    }

    /** Notifies the listeners of this moment, soon; creates no event where there is no listener. */
    public void emit(Supplier<ProcessEvent> event) {
        emit(List.of(), event);
    }

    /**
     * Notifies the listeners of this moment and some others, soon; creates no event where there is no listener.
     *
     * @param others listeners to this event alone
     */
    public void emit(Collection<EventListener> others, Supplier<ProcessEvent> event) {
        if (listeners.isEmpty() && others.isEmpty()) {
            return;
        }
        List<EventListener> told = new ArrayList<>(listeners);
        told.addAll(others);
        emitted = true;
        ProcessEvent made = event.get();
        deliveries.execute(() -> tell(told, made));
    }

    /**
     * Waits until certain things have happened and all that was emitted by then is delivered, at most so long; an interrupt
     * ends the wait and is kept.
     */
    public void flush(Collection<CompletableFuture<?>> before, Duration bound) {
        if (!emitted || deliveries.isCurrentThread()) {
            return;
        }
        CompletableFuture<Void> delivered = new CompletableFuture<>();
        CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))
                .thenRun(() -> deliveries.execute(() -> delivered.complete(null)));
        try {
            delivered.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn("a listener of events has not returned within {}: the last events may be missing", bound);
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed with a failure", e);
        }
    }

    /** An error of a listener is contained as well: the events behind this one would never be told. */
    private static void tell(List<EventListener> listeners, ProcessEvent event) {
        for (EventListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable e) {
                LOG.warn("a listener failed on {}: {}", event, e.toString());
                LOG.debug("where it failed", e);
            }
        }
    }
}
