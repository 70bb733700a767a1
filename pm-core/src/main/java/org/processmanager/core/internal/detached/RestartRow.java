package org.processmanager.core.internal.detached;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.supervise.Restart;

/** The restarts of one process in a row, by its rule. Not thread-safe. */
final class RestartRow {
    private final Restart rule;
    private final Deque<Long> counted = new ArrayDeque<>();
    private int inARow;

    RestartRow(Restart rule) {
        this.rule = rule;
    }

    /**
     * Returns how long to wait before the process is started again; empty if it is not.
     *
     * @param success whether it ended with success
     * @param ranNanos how long it ran
     */
    Optional<Duration> next(boolean success, long ranNanos) {
        if (!rule.restartsAfter(success)) {
            return Optional.empty();
        }
        if (rule.limit().isPresent()) {
            long now = System.nanoTime();
            long window = Nanos.of(rule.window());
            counted.removeIf(nanos -> now - nanos > window);
            if (counted.size() >= rule.limit().getAsInt()) {
                return Optional.empty();
            }
            counted.add(now);
        }
        if (ranNanos >= Nanos.of(rule.longestDelay())) {
            inARow = 0;
        }
        return Optional.of(rule.delay(inARow++, ThreadLocalRandom.current().nextDouble()));
    }
}
