package org.processmanager.benchmarks.suite;

import java.util.List;

/** All suites. */
public final class Suites {
    private static final List<Suite> ALL = List.of(
            ProcessSuites.spawn(),
            ProcessSuites.capture(),
            ProcessSuites.pump(),
            ProcessSuites.exitLatency(),
            IdleSuite.idle(),
            LockSuites.mutex(),
            LockSuites.readWriteLock(),
            LockSuites.semaphore(),
            LockSuites.condition(),
            LockSuites.barrier(),
            MessageSuites.buffer(),
            MessageSuites.ring(),
            MessageSuites.roundTrip(),
            ProcessSuites.list());

    private Suites() {}

    public static List<Suite> all() {
        return ALL;
    }
}
