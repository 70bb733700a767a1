package org.processmanager.core.thread;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.event.ThreadOutcome;

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
        String name,
        ThreadOutcome outcome,
        @Nullable Throwable failure,
        List<Throwable> cleanupFailures,
        Duration lifetime) {

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
