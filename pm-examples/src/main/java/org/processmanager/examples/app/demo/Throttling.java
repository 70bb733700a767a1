package org.processmanager.examples.app.demo;

import java.time.Duration;

/**
 * How slowly a run proceeds, so that a user can watch the waits.
 *
 * @param produceEvery the least time between two lines of a producer; zero for no limit
 * @param consumeEvery the least time between two lines of a consumer; zero for no limit
 * @param consumersLater how much later than the producers the consumers begin
 */
public record Throttling(Duration produceEvery, Duration consumeEvery, Duration consumersLater) {
    /** Without limits. */
    public static final Throttling FULL = new Throttling(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    Duration every(DemoReport.Role role) {
        return role == DemoReport.Role.producer ? produceEvery : consumeEvery;
    }
}
