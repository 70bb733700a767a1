package org.processmanager.examples.app.eventlog;

import java.time.Duration;
import java.time.Instant;
import org.processmanager.core.event.ProcessEvent;

/** A record of the log: an event of the libraries, or what the app adds to them. Immutable. */
public sealed interface LogRecord {
    /** Returns when it happened, by the wall clock. */
    Instant time();

    /** Returns the pid of the process that wrote the record. */
    long reporter();

    /** An event of the libraries. */
    record Event(ProcessEvent event) implements LogRecord {
        @Override
        public Instant time() {
            return event.time();
        }

        @Override
        public long reporter() {
            return event.reporter();
        }
    }

    /**
     * The load of a process and its descendants at a moment.
     *
     * @param time when it was measured
     * @param reporter the process that measured
     * @param pid the process at the root of the tree
     * @param name its name
     * @param cpuPercent processor time since the previous sample, in percent of one CPU, of the whole tree
     * @param residentBytes resident memory of the whole tree; shared pages count once for each process
     * @param processes how many processes the tree has
     */
    record ProcessSampled(
            Instant time, long reporter, long pid, String name, long cpuPercent, long residentBytes, long processes)
            implements LogRecord {}

    /**
     * A producer or consumer has done its part.
     *
     * @param time when the run was complete
     * @param reporter the process that started it
     * @param role {@code producer} or {@code consumer}
     * @param pid its process; the reporter itself if it was a thread
     * @param items how many items it passed or took
     * @param waited how long it waited for a free cell, or for a filled one
     */
    record PartyFinished(Instant time, long reporter, String role, long pid, long items, Duration waited)
            implements LogRecord {}

    /**
     * Records could not be written.
     *
     * @param time when writing worked again
     * @param reporter the process that lost them
     * @param records how many
     */
    record EventsLost(Instant time, long reporter, long records) implements LogRecord {}
}
