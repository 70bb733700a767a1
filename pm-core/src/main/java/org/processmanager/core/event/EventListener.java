package org.processmanager.core.event;

import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Told of events where they happen. It must return soon: whoever caused the event waits for it. */
@FunctionalInterface
public interface EventListener {
    /**
     * Told of an event.
     *
     * @param event what happened
     */
    void onEvent(ProcessEvent event);

    /**
     * Tells several listeners of an event. What one of them throws is logged and keeps neither the others nor the caller.
     *
     * @param listeners whom to tell
     * @param event what happened
     */
    static void notifyAll(Collection<? extends EventListener> listeners, ProcessEvent event) {
        for (EventListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                Logger log = LoggerFactory.getLogger(EventListener.class);
                log.warn("a listener failed on {}: {}", event, e.toString());
                log.debug("where it failed", e);
            }
        }
    }
}
