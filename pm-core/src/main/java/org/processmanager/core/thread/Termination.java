package org.processmanager.core.thread;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a managed thread ended.
 *
 * @param name the thread's name
 * @param outcome why it ended
 * @param failure what left the task if it failed, else null
 * @param cleanupFailures what clean-up handlers threw, in the order in which they ran
 * @param lifetime from its start to its end
 */
public record Termination(
        String name, Outcome outcome, @Nullable Throwable failure, List<Throwable> cleanupFailures, Duration lifetime) {

    /** Why a thread ended. */
    public enum Outcome {
        /** The task returned. */
        COMPLETED,
        /** The task was asked to end and ended at a cancellation point. */
        CANCELLED,
        /** The task threw. */
        FAILED
    }

    /**
     * Copies the list.
     *
     * @param name the thread's name
     * @param outcome why it ended
     * @param failure what left the task
     * @param cleanupFailures what clean-up handlers threw
     * @param lifetime from its start to its end
     */
    public Termination {
        cleanupFailures = List.copyOf(cleanupFailures);
    }
}
