package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What stopping a process and its descendants came to.
 *
 * @param effectiveStep the step within whose bound the last of them ended; empty if all had ended before, or some survived
 * @param signalled the processes that were sent a signal, in this order
 * @param survivors those that live on; empty unless something went wrong
 * @param scanFailure why it could not be looked for descendants, so that some may live on unknown, as where no descriptor is
 *     left to read {@code /proc} by; empty in the ordinary case
 * @param duration how long it took
 */
public record StopReport(
        Optional<StopPolicy.Step> effectiveStep,
        List<Long> signalled,
        List<Survivor> survivors,
        Optional<String> scanFailure,
        Duration duration) {
    /**
     * A process that could not be ended.
     *
     * @param pid its number
     * @param reason why it lives on
     */
    public record Survivor(long pid, String reason) {}

    /**
     * Makes the lists unmodifiable.
     *
     * @param effectiveStep the step that ended the last one
     * @param signalled who was sent a signal
     * @param survivors who lives on
     * @param scanFailure why it could not be looked
     * @param duration how long it took
     */
    public StopReport {
        signalled = List.copyOf(signalled);
        survivors = List.copyOf(survivors);
    }

    /**
     * Whether it is known that nobody lives on.
     *
     * @return true if there are no survivors and it could be looked for all
     */
    public boolean isComplete() {
        return survivors.isEmpty() && scanFailure.isEmpty();
    }
}
