package org.processmanager.benchmarks.suite;

import java.util.List;
import java.util.Optional;

/** All suites. */
public final class Suites {
    private static final List<Suite> ALL = List.of(
            ProcessSuites.spawn(),
            ProcessSuites.capture(),
            ProcessSuites.pump(),
            ProcessSuites.exitLatency(),
            IdleSuite.idle(),
            LockSuites.mutex(),
            LockSuites.semaphore(),
            MessageSuites.buffer(),
            MessageSuites.ring(),
            MessageSuites.roundTrip(),
            ProcessSuites.list());

    private Suites() {}

    public static List<Suite> all() {
        return ALL;
    }

    public static Optional<Suite> find(String name) {
        return ALL.stream().filter(suite -> suite.name().equals(name)).findFirst();
    }
}
