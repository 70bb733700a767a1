package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What stopping a process and its descendants came to.
 *
 * @param endedBy the rung within whose bound the last of them ended; empty if all had ended before, or some survived
 * @param signalled the processes that were sent a signal, in this order
 * @param survivors those that live on; empty unless something went wrong
 * @param duration how long it took
 */
public record StopReport(
        Optional<StopPolicy.Rung> endedBy, List<Long> signalled, List<Survivor> survivors, Duration duration) {
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
     * @param endedBy the rung that ended the last one
     * @param signalled who was sent a signal
     * @param survivors who lives on
     * @param duration how long it took
     */
    public StopReport {
        signalled = List.copyOf(signalled);
        survivors = List.copyOf(survivors);
    }
}
