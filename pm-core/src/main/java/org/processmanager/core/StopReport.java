package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of stopping a process and its descendants.
 *
 * @param effectiveStep the step within whose bound the last of them exited; empty if all had exited before, or some survived
 * @param signalled the processes that were sent a signal, in this order
 * @param survivors the processes that are still running; empty in the ordinary case
 * @param scanFailure why some descendants may be running that are not listed: they could not be enumerated (for example, no
 *     file descriptor was free, or {@code /proc} is not mounted), or {@code /proc} hides processes of other users, as with
 *     the option {@code hidepid}; empty in the ordinary case
 * @param duration how long the stop took
 */
public record StopReport(
        Optional<StopPolicy.Step> effectiveStep,
        List<Long> signalled,
        List<Survivor> survivors,
        Optional<String> scanFailure,
        Duration duration) {
    /**
     * A process that survived.
     *
     * @param pid its pid
     * @param reason why it survived
     */
    public record Survivor(long pid, String reason) {}

    /**
     * Makes the lists unmodifiable.
     *
     * @param effectiveStep the step that took effect
     * @param signalled the processes that were sent a signal
     * @param survivors the processes that are still running
     * @param scanFailure why descendants could not be enumerated
     * @param duration how long the stop took
     */
    public StopReport {
        signalled = List.copyOf(signalled);
        survivors = List.copyOf(survivors);
    }

    /**
     * Returns whether it is certain that all processes have exited.
     *
     * @return true if there are no survivors and all descendants could be enumerated
     */
    public boolean isComplete() {
        return survivors.isEmpty() && scanFailure.isEmpty();
    }
}
