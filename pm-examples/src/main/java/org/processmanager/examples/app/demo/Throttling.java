package org.processmanager.examples.app.demo;

import java.time.Duration;

/**
 * How slowly a run goes, so that people can watch it, and see who waits for whom.
 *
 * @param produceEvery from one line that a producer hands over to its next; zero is as fast as it can
 * @param consumeEvery from one line that a consumer takes to its next; zero is as fast as it can
 * @param consumersLater how much later than the producers the consumers begin
 */
public record Throttling(Duration produceEvery, Duration consumeEvery, Duration consumersLater) {
    /** Everybody as fast as he can. */
    public static final Throttling FULL = new Throttling(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    Duration every(DemoReport.Role role) {
        return role == DemoReport.Role.PRODUCER ? produceEvery : consumeEvery;
    }
}
