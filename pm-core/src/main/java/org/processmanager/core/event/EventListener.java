package org.processmanager.core.event;

/**
 * Told of events, one after another in their order, by a thread of the library. What it throws is logged and keeps nobody;
 * while it blocks, the events after this one wait.
 */
@FunctionalInterface
public interface EventListener {
    /**
     * Told of an event.
     *
     * @param event what happened
     */
    void onEvent(ProcessEvent event);
}
