package org.processmanager.core.event;

/** Why a managed thread ended. */
public enum ThreadOutcome {
    /** The task returned. */
    COMPLETED,
    /** The task was asked to end and ended at a cancellation point. */
    CANCELLED,
    /** The task threw. */
    FAILED
}
