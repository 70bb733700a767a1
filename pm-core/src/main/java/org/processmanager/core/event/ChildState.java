package org.processmanager.core.event;

/** The state of a supervised process or thread. */
public enum ChildState {
    /** Not started yet, or not again: it waits for children that it depends on, or for others that are stopped first. */
    WAITING,
    /** Started, but not ready yet. */
    STARTING,
    /** Started and ready. */
    RUNNING,
    /** Ended; it is started again after a delay. */
    BACKING_OFF,
    /** Requested to stop; it has not ended yet. */
    STOPPING,
    /** Stopped by its supervisor. */
    STOPPED,
    /** Ended with success; it is not started again. */
    COMPLETED,
    /** Failed, or depends on a child that has; it is not started again. */
    FAILED;

    /**
     * Returns whether the supervisor does not start it again.
     *
     * @return true for STOPPED, COMPLETED and FAILED
     */
    public boolean isFinal() {
        return this == STOPPED || this == COMPLETED || this == FAILED;
    }

    /**
     * Returns whether there is a process or thread, or is about to be.
     *
     * @return true for STARTING, RUNNING and STOPPING
     */
    public boolean isActive() {
        return this == STARTING || this == RUNNING || this == STOPPING;
    }
}
