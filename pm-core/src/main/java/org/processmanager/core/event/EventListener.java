package org.processmanager.core.event;

/** Receives events, one after another in their order, on a thread of the library. */
@FunctionalInterface
public interface EventListener {
    /**
     * Handles an event. An exception is logged and does not affect other listeners; while the call blocks, later events
     * wait.
     *
     * @param event what happened
     */
    void onEvent(ProcessEvent event);
}
