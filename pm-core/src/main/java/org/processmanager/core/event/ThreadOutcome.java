package org.processmanager.core.event;

/** Why a managed thread terminated. */
public enum ThreadOutcome {
    /** The task returned. */
    COMPLETED,
    /** The task was cancelled and terminated at a cancellation point. */
    CANCELLED,
    /** The task threw. */
    FAILED
}
