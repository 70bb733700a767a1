package org.processmanager.core.thread;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.event.ThreadOutcome;

/**
 * How a managed thread terminated.
 *
 * @param name the name of the thread
 * @param outcome why it terminated
 * @param failure what the task threw if it failed, else null
 * @param cleanupFailures what clean-up handlers threw, in the order in which they ran
 * @param lifetime the time from start to termination
 */
public record Termination(
        String name,
        ThreadOutcome outcome,
        @Nullable Throwable failure,
        List<Throwable> cleanupFailures,
        Duration lifetime) {

    /**
     * Copies the list.
     *
     * @param name the name of the thread
     * @param outcome why it terminated
     * @param failure what the task threw
     * @param cleanupFailures what clean-up handlers threw
     * @param lifetime the time from start to termination
     */
    public Termination {
        cleanupFailures = List.copyOf(cleanupFailures);
    }
}
